"""Settle an unknown outcome by what a person saw in the CRM."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from functions.operations.possible import Command
from functions.operations.usecases.known_event import Conflict, EventReader, event_allowing
from postcall.domain.clock import Clock
from postcall.domain.event import CallEvent
from postcall.domain.outcome import Resolution
from postcall.domain.said import said


class Dispatches(Protocol):
    """What operations asks of `crm_dispatches`."""

    def resolve(self, event: CallEvent, resolution: Resolution, *, now: datetime) -> bool:
        """Write down what a person found out; False when the event has moved."""


def resolve(
    event_id: str,
    resolution: Resolution,
    *,
    events: EventReader,
    dispatches: Dispatches,
    clock: Clock,
) -> CallEvent:
    """Settle an unknown outcome by what a person saw in the CRM; a lead that is not there may then be resent.

    Raises:
        UnknownEvent: Nobody has stored one with this id.
        Conflict: The event's state forbids it, or it has just moved.
        Unavailable: It could not be written or sent.
    """
    command = Command.RESOLVE_DELIVERED if resolution.delivered else Command.RESOLVE_NOT_DELIVERED
    event = event_allowing(command, event_id, events, clock)
    now = clock.now()
    if not dispatches.resolve(event, resolution, now=now):
        raise Conflict(said("event.changed"))
    return event
