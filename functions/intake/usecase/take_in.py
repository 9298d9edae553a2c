"""Take in one call: store it if it is new, hand it on, say what it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from postcall.domain.clock import Clock
from postcall.domain.event import CallEvent, IncomingCall
from postcall.domain.messages import CallReceived
from postcall.domain.status import Status


class Taken(StrEnum):
    """What the sender is told."""

    RECEIVED = "received"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"  # its type is unknown: kept until somebody has looked


@dataclass(frozen=True)
class Receipt:
    """The answer to a call that was taken in. `revised` tells that a known call came with another body."""

    event_id: str
    status: Taken
    revised: bool = False


class Events(Protocol):
    """What intake asks of `webhook_events`."""

    def add(self, call: IncomingCall, *, now: datetime) -> bool:
        """Store a new event; False when its id is known."""

    def note_duplicate(self, call: IncomingCall, *, now: datetime) -> CallEvent:
        """Count a repeat, keep another body; the event as it was before."""


class Queue(Protocol):
    """The analysis queue."""

    def send(self, message: CallReceived) -> None:
        """Send one message."""


def take_in(call: IncomingCall, *, events: Events, queue: Queue, clock: Clock) -> Receipt:
    """Store a call once and hand it on. Raises `Unavailable` when the call is not safe with us.

    Storing and sending are two writes. The stored event is marked as pending in the same write, so that the sweep
    sends again whatever was stored and never sent; and a repeat whose event still waits at `received` is sent again.
    """
    now = clock.now()
    if events.add(call, now=now):
        if call.excluded_because is None:
            queue.send(CallReceived(call.event_id))
        return Receipt(call.event_id, Taken.RECEIVED)
    known = events.note_duplicate(call, now=now)
    if known.status is Status.RECEIVED:
        queue.send(CallReceived(call.event_id))
    return Receipt(call.event_id, Taken.DUPLICATE, revised=known.body_sha256 != call.body_sha256)
