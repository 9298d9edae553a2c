"""Bring on what stands still, take back an order, or close a call without a lead: no state is without a way out."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from functions.operations.possible import Command
from functions.operations.usecases.resend import AnalysisQueue, Conflict, Queue, known_event, require
from postcall.domain.clock import Clock
from postcall.domain.event import CallEvent, Closure
from postcall.domain.messages import CallReceived, next_message
from postcall.domain.said import said

MOVED = said("event.changed")


class Events(Protocol):
    """What an intervention reads."""

    def get(self, event_id: str) -> CallEvent | None:
        """The event as it stands now, or None."""


class Interventions(Protocol):
    """What an intervention writes; each False when the event has moved since it was read."""

    def renew(self, event: CallEvent, *, now: datetime) -> bool:
        """Let the sweep's wait and count begin anew."""

    def withdraw(self, event: CallEvent, *, now: datetime) -> bool:
        """Close the open order."""

    def close(self, event: CallEvent, closure: Closure) -> bool:
        """To `excluded`, with who and why."""


def continue_step(
    event_id: str,
    *,
    events: Events,
    interventions: Interventions,
    analysis_queue: AnalysisQueue,
    dispatch_queue: Queue,
    clock: Clock,
) -> CallEvent:
    """Send an event's next message once more and let the sweep care for it again; harmless however often.

    A call that a person closed goes on as if it had never been closed.

    Raises `UnknownEvent`, `Conflict` with the reason, `Unavailable` when it could not be written or sent.
    """
    event = known_event(event_id, events)
    now = clock.now()
    require(Command.CONTINUE, event, now=now)
    if not interventions.renew(event, now=now):
        raise Conflict(MOVED)
    message = next_message(event)
    if isinstance(message, CallReceived):
        analysis_queue.send(message)
    else:
        dispatch_queue.send(message)
    return event


def withdraw(event_id: str, *, events: Events, interventions: Interventions, clock: Clock) -> CallEvent:
    """Take an open resend order back; the event stays where it stands.

    Raises `UnknownEvent`, `Conflict` with the reason, `Unavailable`.
    """
    event = known_event(event_id, events)
    now = clock.now()
    require(Command.WITHDRAW, event, now=now)
    if not interventions.withdraw(event, now=now):
        raise Conflict(MOVED)
    return event


def close(
    event_id: str, *, reason: str, closed_by: str, events: Events, interventions: Interventions, clock: Clock
) -> CallEvent:
    """Close a call that surely has no lead and shall have none; the event as it was before.

    Raises `UnknownEvent`, `Conflict` with the reason, `Unavailable`.
    """
    event = known_event(event_id, events)
    now = clock.now()
    require(Command.CLOSE, event, now=now)
    closure = Closure(closed_by=closed_by, closed_at=now, reason=reason, status_before=event.status.value)
    if not interventions.close(event, closure):
        raise Conflict(MOVED)
    return event
