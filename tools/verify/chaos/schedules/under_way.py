"""Schedules between the queues: analysis, its hand-over to dispatch, and messages that come more than once."""

from __future__ import annotations

from postcall.domain.status import Status
from tools.verify.chaos.model import SLOWLY
from tools.verify.chaos.rules import ANALYSIS, CLAIM, SEND, TRANSACTION, answer_lost, held, refused
from tools.verify.chaos.schedule import Act, schedule
from tools.verify.chaos.stage import Stage
from tools.verify.chaos.waiting import expect, wait_until

COPIES = 3
HELD_SECONDS = 4  # longer than the AWS client waits for an answer: it asks once more


@schedule(Act.FAULTS)
def analysis_is_killed_while_the_model_thinks(stage: Stage) -> None:
    """The model answers nothing, analysis is killed meanwhile; the message comes back and a second worker ends it."""
    event = stage.event()
    turns = [{"role": "user", "message": f"Хочу купить квартиру, {SLOWLY}.", "time_in_call_secs": 1}]
    stage.deliver(event, transcript=turns)
    wait_until(stage.stack.model.thinks.is_set, what="the model is asked")
    stage.kill("analysis")
    expect(stage.stack.status(event) == Status.RECEIVED, "the worker died before it recorded anything")
    stage.rests()


@schedule(Act.FAULTS)
def the_answer_to_the_analysis_is_lost(stage: Stage) -> None:
    """The analysis is stored and every answer is lost: the message comes back, and the call goes on from there."""
    event = stage.event()
    with stage.fault("answers to the analysis lost", answer_lost(TRANSACTION, event, ANALYSIS)):
        stage.deliver(event)
        stage.rests()


@schedule(Act.FAULTS)
def handing_over_to_dispatch_fails(stage: Stage) -> None:
    """The analysis is stored, the dispatch queue takes no message; the analysis message comes back and sends it."""
    event = stage.event()
    with stage.fault("sends to the queue refused", refused(SEND, event, "postcall-local-dispatch")):
        stage.deliver(event)
        stage.rests()


@schedule(Act.RACE)
def two_workers_race_for_the_claim(stage: Stage) -> None:
    """The message is there several times and two workers have read the event before either claims it: one sends."""
    _start_two_workers(stage)
    event = stage.event()
    rule = held(TRANSACTION, event, CLAIM, seconds=HELD_SECONDS, times=1 + COPIES)
    with stage.fault("claims held on their way", rule):
        stage.deliver(event)
        stage.stands(event, Status.ANALYZED)
        for _ in range(COPIES):
            stage.stack.queues.send("dispatch", event)
        stage.rests()
        lost = "Another worker took the event first."
        wait_until(lambda: stage.stack.logged("dispatch", event, lost), what="the other worker loses the race")
    stage.injected["copies of the message"] += COPIES


@schedule(Act.FAULTS)
def every_message_comes_twice_and_late(stage: Stage) -> None:
    """SQS delivers a call's messages again after it has been delivered, as a lost deletion does: nothing happens."""
    event = stage.event()
    stage.deliver(event)
    stage.rests()
    for step in ("analysis", "dispatch"):
        stage.stack.queues.send(step, event)
        stage.injected["copies of the message"] += 1
    wait_until(lambda: stage.stack.logged("dispatch", event, "dispatch.skipped"), what="the copy is skipped")


def _start_two_workers(stage: Stage) -> None:
    """Two other calls keep a worker each for a second: a worker that only starts would come after the race."""
    for _ in range(2):
        stage.deliver_badly(stage.event(), "delay_before_commit", seconds=1)
    stage.rests()
