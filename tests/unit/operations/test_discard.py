"""What lies in the quarantine of an erased conversation goes with it, and nothing else does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from functions.operations.usecases.discard import discard_of
from postcall.domain.errors import Unavailable
from postcall.domain.quarantine import Kind, Quarantined, quarantined
from tests.support.builders import CONVERSATION, any_event, any_webhook, encoded
from tests.support.fakes.clock import START, HandClock


@dataclass(frozen=True)
class Page:
    entries: tuple[Quarantined, ...]
    cursor: str | None


@dataclass
class Shelf:
    """A quarantine in memory, newest first, in pages of two."""

    kept: dict[str, tuple[Quarantined, bytes]] = field(default_factory=dict)

    def put(self, body: bytes, at: datetime = START) -> str:
        entry = quarantined(Kind.SIGNATURE, "refused", body, signature=None, now=at)
        self.kept[entry.quarantine_id] = (entry, body)
        return entry.quarantine_id

    def page(self, *, now: datetime, limit: int, cursor: str | None) -> Page:
        listed = sorted((entry for entry, _ in self.kept.values()), key=lambda each: each.received_at, reverse=True)
        listed = [entry for entry in listed if entry.received_at.date() <= now.date()]
        start = int(cursor or 0)
        return Page(tuple(listed[start : start + 2]), str(start + 2) if start + 2 < len(listed) else None)

    def body(self, quarantine_id: str) -> bytes:
        if not self.kept[quarantine_id][1]:
            raise Unavailable("The event has no payload.")
        return self.kept[quarantine_id][1]

    def discard(self, quarantine_id: str) -> bool:
        return self.kept.pop(quarantine_id, None) is not None


def discarded(shelf: Shelf, conversation_id: str | None = CONVERSATION) -> int:
    event = any_event(conversation_id=conversation_id)
    return discard_of(event, entries=shelf, bodies=shelf, clock=HandClock(START + timedelta(hours=2)))


def test_the_conversations_own_webhooks_are_discarded_and_no_other() -> None:
    shelf = Shelf()
    for minutes in range(3):
        shelf.put(encoded(any_webhook(status=f"try {minutes}")), START + timedelta(minutes=minutes))
    stranger = shelf.put(encoded(any_webhook("conv_of_a_stranger")))
    assert discarded(shelf) == 3
    assert set(shelf.kept) == {stranger}


def test_what_came_long_before_the_call_is_not_even_looked_at() -> None:
    shelf = Shelf()
    shelf.put(encoded(any_webhook()), START - timedelta(days=10))
    assert discarded(shelf) == 0


def test_an_entry_whose_bytes_are_gone_stops_nothing() -> None:
    shelf = Shelf()
    shelf.put(b"")
    shelf.put(encoded(any_webhook()))
    assert discarded(shelf) == 1


def test_an_event_without_a_conversation_has_nothing_there() -> None:
    shelf = Shelf()
    shelf.put(encoded(any_webhook()))
    assert discarded(shelf, None) == 0
