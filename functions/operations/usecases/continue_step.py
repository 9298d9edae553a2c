"""Bring on an event that stands still."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from functions.operations.possible import Command
from functions.operations.usecases.known_event import Conflict, EventReader, event_allowing
from functions.operations.usecases.reanalyze import AnalysisQueue
from functions.operations.usecases.resend import DispatchQueue
from postcall.domain.clock import Clock
from postcall.domain.event import CallEvent
from postcall.domain.messages import CallReceived, next_message
from postcall.domain.said import said


class Interventions(Protocol):
    """What continuing writes."""

    def renew(self, event: CallEvent, *, now: datetime) -> bool:
        """Let the sweep's wait and count begin anew; False when the event has moved since it was read."""


def continue_step(
    event_id: str,
    *,
    events: EventReader,
    interventions: Interventions,
    analysis_queue: AnalysisQueue,
    dispatch_queue: DispatchQueue,
    clock: Clock,
) -> CallEvent:
    """Send an event's next message once more and let the sweep care for it again; harmless however often.

    A call that a person closed goes on as if it had never been closed.

    Raises:
        UnknownEvent: Nobody has stored one with this id.
        Conflict: The event's state forbids it, or it has just moved.
        Unavailable: It could not be written or sent.
    """
    event = event_allowing(Command.CONTINUE, event_id, events, clock)
    now = clock.now()
    if not interventions.renew(event, now=now):
        raise Conflict(said("event.changed"))
    message = next_message(event)
    if isinstance(message, CallReceived):
        analysis_queue.send(message)
    else:
        dispatch_queue.send(message)
    return event
