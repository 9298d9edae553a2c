"""Close a call without a lead."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from functions.operations.possible import Command
from functions.operations.usecases.known_event import Conflict, EventReader, event_allowing
from postcall.domain.clock import Clock
from postcall.domain.event import CallEvent, Closure
from postcall.domain.said import said
from postcall.domain.status import Status


class Interventions(Protocol):
    """What closing writes."""

    def close(self, event: CallEvent, closure: Closure) -> bool:
        """To `excluded`, with who and why; False when the event has moved since it was read."""


class Events(EventReader, Protocol):
    """What closing asks of `webhook_events`."""

    def bodies_of(self, event_id: str) -> tuple[bytes, ...]:
        """All that an event came with and that is there."""


class Persons(Protocol):
    """The index of whose numbers and addresses an event holds."""

    def add(self, id_: str, body: bytes, *, now: datetime) -> None:
        """Note everybody in a body; may be repeated."""


def close(
    event_id: str,
    *,
    reason: str,
    closed_by: str,
    events: Events,
    persons: Persons,
    interventions: Interventions,
    clock: Clock,
) -> CallEvent:
    """Close a call that surely has no lead and shall have none; the event as it was before.

    One that no analysis has read is indexed first: whose call it is must be found by their number afterwards.

    Raises:
        UnknownEvent: Nobody has stored one with this id.
        Conflict: The event's state forbids it, or it has just moved.
        Unavailable: It could not be written or sent.
    """
    event = event_allowing(Command.CLOSE, event_id, events, clock)
    now = clock.now()
    if event.status is Status.RECEIVED:
        for body in events.bodies_of(event_id):
            persons.add(event_id, body, now=event.received_at)
    closure = Closure(closed_by=closed_by, closed_at=now, reason=reason, status_before=event.status.value)
    if not interventions.close(event, closure):
        raise Conflict(said("event.changed"))
    return event
