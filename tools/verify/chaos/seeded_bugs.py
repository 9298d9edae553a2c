"""Planted breaks of promises: each is found by the same audit, or a clean report would mean nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from postcall.domain.status import Status
from tools.simulators.crm.profiles import Landing
from tools.verify.chaos.campaign import Played, perform
from tools.verify.chaos.local import RealStack
from tools.verify.chaos.rules import SEND, held, refused
from tools.verify.chaos.schedule import Act, Play, Schedule, sentence_of
from tools.verify.chaos.stage import Stage
from tools.verify.chaos.waiting import wait_until
from tools.verify.simulation.promises import Promise


@dataclass(frozen=True)
class SeededBug:
    """A planted break. `breaks` is the promise under whose name it must be found; None: that nothing was injected."""

    schedule: Schedule
    breaks: Promise | None

    def is_found(self, results: Played) -> bool:
        """Whether the audit says so."""
        if self.breaks is None:
            return results.went_wrong is not None and "the proxy struck" in results.went_wrong
        return any(finding.promise is self.breaks for finding in results.broken)


SEEDED_BUGS: dict[str, SeededBug] = {}


def seeded_bug(breaks: Promise | None) -> Callable[[Play], Play]:
    """Put a function among the plants."""

    def put(play: Play) -> Play:
        SEEDED_BUGS[play.__name__] = SeededBug(Schedule(play.__name__, Act.SEEDED, sentence_of(play), play), breaks)
        return play

    return put


def detect(stack: RealStack) -> list[tuple[SeededBug, Played]]:
    """Plant every break, and what the audit says of each."""
    results = perform(stack, [each.schedule for each in SEEDED_BUGS.values()])
    return list(zip(SEEDED_BUGS.values(), results, strict=True))


@seeded_bug(Promise.ACKNOWLEDGED_IS_STORED)
def a_stored_event_vanishes(stage: Stage) -> None:
    """Somebody deletes the event after the vendor had its 200."""
    event = _delivered(stage)
    stage.stack.forget(event)
    stage.injected["event deleted"] += 1


@seeded_bug(Promise.ON_THE_RECORD)
def an_attempt_vanishes(stage: Stage) -> None:
    """Somebody deletes the attempt that made the lead."""
    event = _delivered(stage)
    stage.stack.forget_attempt(event, 1)
    stage.injected["attempt deleted"] += 1


@seeded_bug(Promise.NOT_DOUBLED)
def a_second_sender_doubles_the_lead(stage: Stage) -> None:
    """Another sender posts the very same lead past our record."""
    event = _delivered(stage)
    payload = stage.record(event)["dispatches"][0]["payload"]
    stage.stack.crm.post(payload, origin=Landing().external_urls)
    stage.injected["lead posted again"] += 1


@seeded_bug(Promise.RECORDED_TRULY)
def the_crm_says_saved_and_saves_nothing(stage: Stage) -> None:
    """The CRM confirms a lead that never comes to be: it is `delivered` on our record and nowhere else."""
    event = stage.event()
    stage.deliver_badly(event, "worker_crash")
    stage.rests()
    stage.met_in_the_crm("leads swallowed", event)


@seeded_bug(Promise.PERSON_IS_TOLD)
def a_dead_letter_vanishes(stage: Stage) -> None:
    """A lead's fate is unknown, and somebody deletes the dead letter that would tell a person."""
    event = stage.event(Status.UNKNOWN)
    stage.deliver_badly(event, "close_after_commit")
    stage.rests()
    wait_until(lambda: event in stage.stack.queues.dead_letters(), what=f"{event} is dead-lettered", poll=0.5)
    stage.injected["dead letter deleted"] += stage.stack.queues.delete_dead_letters(event)


@seeded_bug(Promise.COMES_TO_REST)
def a_message_is_lost_and_nobody_sweeps(stage: Stage) -> None:
    """The queue takes no message, the vendor's retries are off, and there is no sweep: the call stands still."""
    event = stage.event()
    with stage.fault("sends to the queue refused", refused(SEND, event)):
        stage.deliver(event, retries=False)


@seeded_bug(None)
def a_fault_that_strikes_nobody(stage: Stage) -> None:
    """A rule that names another event: the call is well, and the schedule has shown nothing."""
    event = stage.event()
    with stage.fault("sends held", held(SEND, "somebody-elses-event", seconds=1)):
        stage.deliver(event)
        stage.rests()


def _delivered(stage: Stage) -> str:
    event = stage.event()
    stage.deliver(event)
    stage.rests()
    return event
