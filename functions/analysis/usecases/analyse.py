"""Analyse one call: read it, judge it, record the judgement, pass the event on."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from functions.analysis.bounds import analyse_within_bounds
from functions.analysis.question import Asking
from functions.analysis.usecases.forget import Persons, forgotten_if_erased
from postcall.domain.analysis import Analysis, RecordedAnalysis
from postcall.domain.call import Call
from postcall.domain.clock import Clock
from postcall.domain.errors import Rejected
from postcall.domain.event import Body, CallEvent
from postcall.domain.messages import CallAnalyzed, CallReceived
from postcall.domain.said import said
from postcall.domain.status import Status


class Events(Protocol):
    """What the analysis asks of `webhook_events`."""

    def get_with_body(self, event_id: str) -> tuple[CallEvent, Body] | None:
        """The event, and what gives the bytes it came with; or None."""


class Analyses(Protocol):
    """What the analysis asks of `analyses`."""

    def record(self, recorded: RecordedAnalysis) -> bool:
        """Store it and move the event to `analyzed`; False when the event has moved already."""


class Translate(Protocol):
    """Vendor words into ours."""

    def __call__(self, event: CallEvent, payload: bytes) -> Call:
        """The call behind an event."""


class Analyst(Protocol):
    """Who judges a call."""

    def asking(self, call: Call, *, received_at: datetime) -> Asking[Analysis]:
        """The judgement, and the questions on the way to it.

        Raises:
            Unavailable: Later can help and the call is young enough to wait.
        """


class Queue(Protocol):
    """The dispatch queue."""

    def send(self, message: CallAnalyzed) -> None:
        """Send one message."""


def analyse_call(
    message: CallReceived,
    *,
    events: Events,
    analyses: Analyses,
    persons: Persons,
    translate: Translate,
    analyst: Analyst,
    queue: Queue,
    clock: Clock,
) -> Asking[Analysis | None]:
    """Analyse the call the message names and pass it on; None when that has been done before.

    Any number of messages for one event is harmless: a repeat finds the event past `received` and, where it still
    stands at `analyzed`, sends the next message again, since the first one may have been lost.

    Raises:
        Rejected: For an event nobody knows.
        Unavailable: The store, the queue, or a model that may still recover does not answer now.
    """
    found = events.get_with_body(message.event_id)
    if found is None:
        raise Rejected(said("event.not_stored"))
    event, body = found
    if event.status is Status.ANALYZED:
        queue.send(CallAnalyzed(event.event_id))
        return None
    if event.status is not Status.RECEIVED:
        return None
    payload = body()
    with forgotten_if_erased(event.event_id, payload, events=events, persons=persons) as recording:
        call = translate(event, payload)
        analysis = yield from analyse_within_bounds(call, analyst=analyst, received_at=event.received_at)
        recorded = RecordedAnalysis(event.event_id, revision=1, recorded_at=clock.now(), analysis=analysis)
        recording.is_done = analyses.record(recorded)
    queue.send(CallAnalyzed(event.event_id))
    return analysis
