"""Take an open resend order back."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from functions.operations.possible import Command
from functions.operations.usecases.known_event import Conflict, EventReader, event_allowing
from postcall.domain.clock import Clock
from postcall.domain.event import CallEvent
from postcall.domain.said import said


class Interventions(Protocol):
    """What withdrawing writes."""

    def withdraw(self, event: CallEvent, *, now: datetime) -> bool:
        """Close the open order; False when the event has moved since it was read."""


def withdraw(event_id: str, *, events: EventReader, interventions: Interventions, clock: Clock) -> CallEvent:
    """Take an open resend order back; the event stays where it stands.

    Raises:
        UnknownEvent: Nobody has stored one with this id.
        Conflict: The event's state forbids it, or it has just moved.
        Unavailable: It could not be written or sent.
    """
    event = event_allowing(Command.WITHDRAW, event_id, events, clock)
    now = clock.now()
    if not interventions.withdraw(event, now=now):
        raise Conflict(said("event.changed"))
    return event
