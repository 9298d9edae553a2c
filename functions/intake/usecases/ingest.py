"""Take in one call: store it if it is new, hand it on, say what it was.

A signed or fetched call always becomes its lead. Where a system of our own has brought a call under the same id, that
one steps back, whichever came first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from postcall.domain.clock import Clock
from postcall.domain.errors import Unavailable
from postcall.domain.event import CallEvent, IncomingCall
from postcall.domain.event_id import api_event_id, public_id
from postcall.domain.messages import CallReceived
from postcall.domain.said import said
from postcall.domain.status import Status

TRIES = 3


class IngestResult(StrEnum):
    """What the sender is told."""

    RECEIVED = "received"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"  # its type is unknown: kept until somebody has looked


@dataclass(frozen=True)
class Receipt:
    """The answer to a call that was taken in. `revised` tells that a known call came with another body.

    `erased` tells that the personal data of a known call was erased: nothing of this repeat is kept.
    `superseded` is the event of a system of our own that has just stepped back, in favour of `superseded_by`.
    """

    event_id: str
    status: IngestResult
    revised: bool = False
    erased: bool = False
    superseded: str | None = None
    superseded_by: str | None = None


class Events(Protocol):
    """What intake asks of `webhook_events`."""

    def add(self, call: IncomingCall, *, now: datetime) -> bool:
        """Store a new event; False when its id is known."""

    def add_alone(self, call: IncomingCall, *, other: str, now: datetime) -> bool | None:
        """The same, if there is no event with the other id; None when there is, and nothing is stored."""

    def record_duplicate(self, call: IncomingCall, *, seen: CallEvent | None = None, now: datetime) -> CallEvent:
        """Count a repeat of an event that was seen so, keep another body; the event as it was before."""

    def get(self, event_id: str) -> CallEvent | None:
        """The event with exactly this id, or None."""

    def supersede(self, event: CallEvent, *, by: str, now: datetime) -> bool:
        """Mark an event as weaker than another of its id; False when it has moved."""


class Persons(Protocol):
    """The index of whose numbers and addresses an event holds."""

    def add(self, id_: str, body: bytes, *, now: datetime) -> None:
        """Note everybody in a body; may be repeated."""

    def remove_of(self, id_: str, bodies: Iterable[bytes]) -> None:
        """Take out everybody in bodies."""


class Queue(Protocol):
    """The analysis queue."""

    def send(self, message: CallReceived) -> None:
        """Send one message."""


def ingest(call: IncomingCall, *, events: Events, persons: Persons, queue: Queue, clock: Clock) -> Receipt:
    """Store a call once and hand it on.

    Storing and sending are two writes. The stored event is marked as pending in the same write, so that the sweep sends
    again whatever was stored and never sent; and a repeat whose event still waits at `received` is sent again.

    Who is in a call is noted by its analysis. What none may read (it is excluded, or yields to another, or came under a
    known id) is noted here, before it is stored: nobody's call may lie with us and not be found by their number.

    Raises:
        Unavailable: The call is not safe with us.
    """
    now = clock.now()
    if may_be_unread(call):
        persons.add(call.event_id, call.body, now=now)
    is_new, is_alone = _add(call, events, now)
    known = None if is_new else _record_repeat(call, events, persons, now)
    weaker, stronger = (None, None) if is_alone else _settle(call, events, now)
    is_first = known is None and stronger is None
    erased = known is not None and known.erased_at is not None
    if stronger is None and (known.status is Status.RECEIVED if known else call.excluded_because is None):
        queue.send(CallReceived(call.event_id))
    return Receipt(
        call.event_id,
        IngestResult.RECEIVED if is_first else IngestResult.DUPLICATE,
        revised=known is not None and not erased and known.body_sha256 != call.body_sha256,
        erased=erased,
        superseded=weaker,
        superseded_by=stronger or (call.event_id if weaker else None),
    )


def may_be_unread(call: IncomingCall) -> bool:
    """Whether an event may come to rest without an analysis: only a call of our own systems yields to another."""
    return call.excluded_because is not None or not call.source.vouches_for_the_conversation


def _record_repeat(call: IncomingCall, events: Events, persons: Persons, now: datetime) -> CallEvent:
    """Count a repeat. Of an event that was erased nobody stays in the index, not even for a moment's repeat."""
    seen = events.get(call.event_id)
    is_revision = seen is not None and seen.erased_at is None and seen.body_sha256 != call.body_sha256
    if is_revision and not may_be_unread(call):
        persons.add(call.event_id, call.body, now=now)
    known = events.record_duplicate(call, seen=seen, now=now)
    if known.erased_at is not None and (is_revision or may_be_unread(call)):
        persons.remove_of(call.event_id, [call.body])
    return known


def _add(call: IncomingCall, events: Events, now: datetime) -> tuple[bool, bool]:
    """Store a call that is new; whether it was, and whether no other event of its id has to be looked for.

    The store says so in the write itself: of two that come at once the later one is told of the other.
    """
    if call.excluded_because is not None:
        return events.add(call, now=now), True
    alone = events.add_alone(call, other=_other_id(call), now=now)
    if alone is None:
        return events.add(call, now=now), False
    return alone, alone


def _other_id(call: IncomingCall) -> str:
    if call.source.vouches_for_the_conversation:
        return api_event_id(call.event_id)
    return public_id(call.event_id)


def _settle(call: IncomingCall, events: Events, now: datetime) -> tuple[str | None, str | None]:
    """Let the weaker of two events of one id step back: that one, if it has just done so, and what `call` yields to.

    It is looked for after `call` is stored or was known.
    """
    if call.source.vouches_for_the_conversation:
        return _step_back(_other_id(call), call.event_id, events, now), None
    stronger = events.get(_other_id(call))
    if stronger is None or not stronger.source.vouches_for_the_conversation:
        return None, None
    return _step_back(call.event_id, stronger.event_id, events, now), stronger.event_id


def _step_back(event_id: str, by: str, events: Events, now: datetime) -> str | None:
    """The event's id if it has just stepped back. Raises `Unavailable` when it does not stand still."""
    for _ in range(TRIES):
        event = events.get(event_id)
        if event is None or event.superseded_by is not None or event.erased_at is not None:
            return None
        if events.supersede(event, by=by, now=now):
            return event_id
    raise Unavailable(said("store.event_busy"))
