"""Schedules around the one request that must not be repeated: claim, send, record."""

from __future__ import annotations

from functions.dispatch.usecases.dispatch import RECORD_TRIES
from postcall.domain.status import Status
from tools.verify.chaos.rules import (
    CLAIM,
    CLIENT_TRIES,
    POSTPONE,
    RECORD,
    SEND,
    THROTTLED,
    TRANSACTION,
    answer_lost,
    refused,
)
from tools.verify.chaos.schedule import Act, schedule
from tools.verify.chaos.stage import Stage
from tools.verify.chaos.waiting import expect, wait_until

DEAD_LETTERS = "postcall-local-dispatch-dead-letters"
RECORD_FAILURES = RECORD_TRIES * CLIENT_TRIES  # dispatch writes an outcome so often, its AWS client each of them
ACCEPTED, CONFLICT = 202, 409
SLOW, TOO_LATE = 3, 8  # seconds: half of the CRM's time-out, so that an operator has the other half; and beyond it


@schedule(Act.FAULTS)
def the_answer_to_the_claim_is_lost(stage: Stage) -> None:
    """The claim is stored and dispatch never hears of it, so nothing is sent: held `unknown`, and a person resends."""
    event = stage.event(Status.UNKNOWN)
    with stage.fault("answers to the claim lost", answer_lost(TRANSACTION, event, CLAIM)):
        stage.deliver(event)
        stage.rests()
    expect(not stage.stack.crm.leads(event), "no lead so far")
    _looked_and_resent(stage, event)


@schedule(Act.GUARDED)
def the_claim_is_lost_and_repeats_are_safe(stage: Stage) -> None:
    """The claim's answer is lost, the CRM guarantees uniqueness: after the lease it is sent, by itself and once."""
    event = stage.event()
    with stage.fault("answers to the claim lost", answer_lost(TRANSACTION, event, CLAIM)):
        stage.deliver(event)
        stage.rests()


@schedule(Act.KILLS)
def dispatch_is_killed_after_the_post(stage: Stage) -> None:
    """The CRM has made the lead and dispatch dies before it hears: held `unknown`, dead-lettered, never sent again."""
    event = stage.event(Status.UNKNOWN)
    _kill_after_the_post(stage, event)
    stage.rests()


@schedule(Act.GUARDED)
def dispatch_is_killed_and_repeats_are_safe(stage: Stage) -> None:
    """The same with a CRM that guarantees uniqueness: sent again after the lease, and the CRM says it is there."""
    event = stage.event()
    _kill_after_the_post(stage, event)
    stage.rests()


@schedule(Act.FAULTS)
def the_record_is_throttled_for_a_while(stage: Stage) -> None:
    """The CRM has made the lead and the table throttles its record, beyond one write's patience: written in the end."""
    event = stage.event()
    with stage.fault("records throttled", refused(TRANSACTION, event, RECORD, error=THROTTLED, times=CLIENT_TRIES + 1)):
        stage.deliver(event)
        stage.rests()


@schedule(Act.FAULTS)
def the_record_is_never_written(stage: Stage) -> None:
    """The lead is made and its record fails until the worker gives up: held `unknown`; a person finds the lead."""
    event = stage.event(Status.UNKNOWN)
    rule = refused(TRANSACTION, event, RECORD, error=THROTTLED, times=RECORD_FAILURES)
    with stage.fault("records throttled", rule):
        stage.deliver(event)
        stage.rests()
    answer = _resolve(stage, event, "delivered")
    expect(answer == Status.DELIVERED, "a person closes it")


@schedule(Act.FAULTS)
def the_answer_to_the_record_is_lost(stage: Stage) -> None:
    """The outcome is stored and every answer is lost: dispatch writes it again and finds it there."""
    event = stage.event()
    with stage.fault("answers to the record lost", answer_lost(TRANSACTION, event, RECORD)):
        stage.deliver(event)
        wait_until(lambda: stage.stack.logged("dispatch", event, "dispatch."), what="dispatch ends")
    stage.rests()


@schedule(Act.FAULTS)
def the_crm_answers_too_late(stage: Stage) -> None:
    """The CRM makes the lead and answers after the time-out: it may be there, so it is held and never sent again."""
    event = stage.event(Status.UNKNOWN)
    stage.deliver_badly(event, "delay_after_commit", seconds=TOO_LATE)
    stage.rests()
    stage.met_in_the_crm("late answers", event)


@schedule(Act.GUARDED)
def the_crm_answers_too_late_and_repeats_are_safe(stage: Stage) -> None:
    """The same with a CRM that guarantees uniqueness: sent again by itself, answered 409, delivered, one lead."""
    event = stage.event()
    stage.deliver_badly(event, "delay_after_commit", seconds=TOO_LATE, once=True)
    stage.rests()
    stage.met_in_the_crm("late answers", event)


@schedule(Act.FAULTS)
def parking_fails(stage: Stage) -> None:
    """The outcome is unknown and recorded, the dead letters take no message: it comes back until they do."""
    event = stage.event(Status.UNKNOWN)
    with stage.fault("sends to the dead letters refused", refused(SEND, event, DEAD_LETTERS)):
        stage.deliver_badly(event, "close_after_commit")
        stage.rests()
        wait_until(lambda: event in stage.stack.queues.dead_letters(), what=f"{event} is dead-lettered", poll=0.5)
    stage.met_in_the_crm("connections closed", event)


@schedule(Act.GUARDED)
def a_postponed_message_comes_at_the_queues_own_time(stage: Stage) -> None:
    """The CRM is busy, and SQS does not take the wait for the message: it comes back when the queue says so."""
    event = stage.event()
    with stage.fault("waits refused", refused(POSTPONE, "postcall-local-dispatch")):
        stage.deliver_badly(event, "http_503", once=True)
        stage.rests()
    stage.met_in_the_crm("503 answers", event)


@schedule(Act.FAULTS)
def an_operator_resends_while_it_is_being_sent(stage: Stage) -> None:
    """The CRM is slow and an operator orders a resend meanwhile: refused with the reason, and there is one lead."""
    event = stage.event()
    stage.stack.call_api("GET", "/api/queues")  # the operator is at work: a cold start would take the CRM's time
    stage.deliver_badly(event, "delay_before_commit", seconds=SLOW)
    stage.stands(event, Status.SENDING)
    answer = stage.stack.call_api("POST", f"/api/events/{event}/resend-crm")
    expect(answer.status_code == CONFLICT, f"409 for the operator, not {answer.status_code}")
    reason = str(answer.json()["detail"])
    expect("is being sent right now" in reason, f"the lead is being sent, not: {reason}")
    stage.rests()
    stage.met_in_the_crm("slow requests", event)


@schedule(Act.FAULTS)
def an_operator_resends_while_the_queue_tries_again(stage: Stage) -> None:
    """The CRM was busy, the queue will try again, and an operator orders a resend as well: one of the two sends."""
    event = stage.event()
    stage.deliver_badly(event, "http_503", seconds=20, once=True)  # so long the operator has, on a slow machine too
    stage.stands(event, Status.RETRYING)
    answer = stage.stack.call_api("POST", f"/api/events/{event}/resend-crm")
    expect(answer.status_code == ACCEPTED, f"202 for the operator, not {answer.status_code}")
    stage.rests()
    stage.met_in_the_crm("503 answers", event)


def _kill_after_the_post(stage: Stage, event: str) -> None:
    stage.deliver_badly(event, "delay_after_commit", seconds=TOO_LATE, once=True)
    wait_until(lambda: bool(stage.stack.crm.leads(event)), what="the lead is made", poll=0.05)
    stage.kill("dispatch")
    expect(stage.stack.status(event) == Status.SENDING, "the worker died before it recorded anything")
    stage.met_in_the_crm("late answers", event)


def _resolve(stage: Stage, event: str, outcome: str) -> str:
    found = {"outcome": outcome, "reason": "Looked in the CRM."}
    answer = stage.stack.call_api("POST", f"/api/events/{event}/resolve", json=found)
    expect(answer.is_success, f"the resolution is taken, not {answer.status_code}")
    stage.events[event] = frozenset({Status.DELIVERED})
    return str(stage.stack.status(event))


def _looked_and_resent(stage: Stage, event: str) -> None:
    """What the runbook says about an unknown outcome when the lead is not there."""
    _resolve(stage, event, "not_delivered")
    answer = stage.stack.call_api("POST", f"/api/events/{event}/resend-crm")
    expect(answer.status_code == ACCEPTED, f"202 for the operator, not {answer.status_code}")
    stage.rests([event])
