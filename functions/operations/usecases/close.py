"""Close a call without a lead."""

from __future__ import annotations

from typing import Protocol

from functions.operations.possible import Command
from functions.operations.usecases.known_event import Conflict, EventReader, event_allowing
from postcall.domain.clock import Clock
from postcall.domain.event import CallEvent, Closure
from postcall.domain.said import said


class Interventions(Protocol):
    """What closing writes."""

    def close(self, event: CallEvent, closure: Closure) -> bool:
        """To `excluded`, with who and why; False when the event has moved since it was read."""


def close(
    event_id: str, *, reason: str, closed_by: str, events: EventReader, interventions: Interventions, clock: Clock
) -> CallEvent:
    """Close a call that surely has no lead and shall have none; the event as it was before.

    Raises:
        UnknownEvent: Nobody has stored one with this id.
        Conflict: The event's state forbids it, or it has just moved.
        Unavailable: It could not be written or sent.
    """
    event = event_allowing(Command.CLOSE, event_id, events, clock)
    now = clock.now()
    closure = Closure(closed_by=closed_by, closed_at=now, reason=reason, status_before=event.status.value)
    if not interventions.close(event, closure):
        raise Conflict(said("event.changed"))
    return event
