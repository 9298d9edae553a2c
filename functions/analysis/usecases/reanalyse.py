"""Analyse a call anew because an operator ordered it: a further revision beside the first, and nothing is sent."""

from __future__ import annotations

from typing import Protocol

from functions.analysis.bounds import analyse_within_bounds
from functions.analysis.question import Asking
from functions.analysis.usecases.analyse import Analyst, Events, Translate
from functions.analysis.usecases.forget import Persons, forgotten_if_erased
from postcall.domain.analysis import Analysis, RecordedAnalysis
from postcall.domain.clock import Clock
from postcall.domain.errors import Rejected
from postcall.domain.messages import CallReceived
from postcall.domain.said import said


class Revisions(Protocol):
    """What a new analysis asks of `analyses`."""

    def latest(self, event_id: str) -> RecordedAnalysis | None:
        """The newest revision, or None."""

    def record_again(self, recorded: RecordedAnalysis, *, order_id: str) -> bool:
        """Store a further revision and close its order; False when it is closed."""


def analyse_again(
    message: CallReceived,
    *,
    events: Events,
    analyses: Revisions,
    persons: Persons,
    translate: Translate,
    analyst: Analyst,
    clock: Clock,
) -> Asking[Analysis | None]:
    """Serve an order; None when it was served before, or another took its place.

    The lead waits for nothing here, so the model may take its time: the age counts from the order, not from the call.

    Raises:
        Rejected: For an event nobody knows.
        Unavailable: The store, or a model that may still recover, does not answer now.
    """
    found = events.get_with_body(message.event_id)
    if found is None:
        raise Rejected(said("event.not_stored"))
    event, body = found
    order = event.reanalysis
    if order is None or not order.is_open or order.order_id != message.order_id or event.erased_at is not None:
        return None
    payload = body()
    with forgotten_if_erased(event.event_id, payload, events=events, persons=persons) as recording:
        call = translate(event, payload)
        analysis = yield from analyse_within_bounds(call, analyst=analyst, received_at=order.requested_at)
        latest = analyses.latest(event.event_id)
        recorded = RecordedAnalysis(
            event.event_id,
            revision=1 if latest is None else latest.revision + 1,
            recorded_at=clock.now(),
            analysis=analysis,
            requested_by=order.requested_by,
            reason=order.reason,
        )
        recording.is_done = analyses.record_again(recorded, order_id=order.order_id)
    return analysis if recording.is_done else None
