"""The event that a command is for, and whether its state allows the command."""

from __future__ import annotations

from typing import Protocol

from functions.operations.possible import Command, Refusal, refusal
from postcall.domain.clock import Clock
from postcall.domain.errors import PostcallError
from postcall.domain.event import CallEvent
from postcall.domain.said import said


class UnknownEvent(PostcallError):
    """Nobody has stored an event with this id."""


class Conflict(PostcallError):
    """The event's state forbids it; the text says why, and `refusal` what would be possible."""

    def __init__(self, reason: str, *, refusal: Refusal | None = None) -> None:
        super().__init__(reason)
        self.refusal = refusal


class EventReader(Protocol):
    """Who knows the events."""

    def get(self, event_id: str) -> CallEvent | None:
        """The event as it stands now, or None."""


def event_allowing(command: Command, event_id: str, events: EventReader, clock: Clock) -> CallEvent:
    """The event as it stands now, if its state allows the command.

    Raises:
        UnknownEvent: Nobody has stored one with this id.
        Conflict: The event's state forbids it.
    """
    event = events.get(event_id)
    if event is None:
        raise UnknownEvent(said("event.missing"))
    found = refusal(command, event, now=clock.now())
    if found is not None:
        raise Conflict(found.reason, refusal=found)
    return event
