"""The quarantine's bodies of one conversation, for its erasure: a refused webhook holds the same words as the event.

No index is by conversation, since a refused body is not read. So the entries around the event's own time are looked
into: the vendor repeats a webhook within the hour, reconciliation within days.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from postcall.domain.clock import Clock
from postcall.domain.errors import Unavailable
from postcall.domain.event import CallEvent
from postcall.domain.quarantine import Quarantined

BEFORE, AFTER = timedelta(days=3), timedelta(days=1)
LOOKED_INTO = 300
PAGE = 100


class Page(Protocol):
    """Some entries, newest first."""

    @property
    def entries(self) -> tuple[Quarantined, ...]:
        """The entries."""

    @property
    def cursor(self) -> str | None:
        """Leads to the next page."""


class Entries(Protocol):
    """The list of the quarantine."""

    def page(self, *, now: datetime, limit: int, cursor: str | None) -> Page:
        """From the day of `now` back."""


class Bodies(Protocol):
    """The quarantine's table."""

    def body(self, quarantine_id: str) -> bytes:
        """The bytes as they came."""

    def discard(self, quarantine_id: str) -> bool:
        """Delete an entry with its bytes; False when there is none."""


def discard_of(event: CallEvent, *, entries: Entries, bodies: Bodies, clock: Clock) -> int:
    """Delete what was put aside of the event's conversation; how many entries that were."""
    if event.conversation_id is None:
        return 0
    wanted, discarded = event.conversation_id.encode(), 0
    latest = min(clock.now(), event.received_at + AFTER)
    for entry in _around(event.received_at - BEFORE, latest, entries):
        if entry.released_at is None and wanted in _bytes(bodies, entry.quarantine_id):
            discarded += bodies.discard(entry.quarantine_id)
    return discarded


def _around(earliest: datetime, latest: datetime, entries: Entries) -> list[Quarantined]:
    found: list[Quarantined] = []
    cursor: str | None = None
    while len(found) < LOOKED_INTO:
        page = entries.page(now=latest, limit=PAGE, cursor=cursor)
        found += [entry for entry in page.entries if earliest <= entry.received_at]
        cursor = page.cursor
        if cursor is None or not page.entries or page.entries[-1].received_at < earliest:
            break
    return found[:LOOKED_INTO]


def _bytes(bodies: Bodies, quarantine_id: str) -> bytes:
    try:
        return bodies.body(quarantine_id)
    except Unavailable:  # its bytes went meanwhile: released, or discarded by another
        return b""
