"""What a store knows of persons, in memory: who is found by a phone or an e-mail, and what an erasure leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from postcall.domain.contact_key import contact_keys
from postcall.domain.event import CallEvent, Erasure
from postcall.domain.name_key import name_keys as keys_of
from postcall.domain.status import Status
from tests.support.fakes.store import MemoryStore


class MemoryContacts:
    """The indexes by contact of a store."""

    def __init__(self, store: MemoryStore, key: bytes) -> None:
        self._store = store
        self._key = key

    def by_phone(self, key: str, *, limit: int) -> list[str]:
        return self._found("phone_key", key)[:limit]

    def by_email(self, key: str, *, limit: int) -> list[str]:
        return self._found("email_key", key)[:limit]

    def _found(self, name: str, key: str) -> list[str]:
        newest_first = sorted(self._store.events.values(), key=lambda event: event.received_at, reverse=True)
        return [event.event_id for event in newest_first if contact_keys(event.contact, self._key).get(name) == key]


class MemoryEraser:
    """Erases from a store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def mark(self, event: CallEvent, erasure: Erasure) -> bool:
        known = self._store.events[event.event_id]
        if not self._store._unchanged(event):
            return False
        self._store._change(
            event.event_id,
            status=Status.DELIVERED if known.status is Status.DELIVERED else Status.EXCLUDED,
            status_reason="The personal data of this call was erased.",
            updated_at=erasure.erased_at,
            erased_at=erasure.erased_at,
            erasure=erasure,
            contact={},
            topic=None,
            intent=None,
            quality_score=None,
            pending_since=None,
            lease_expires_at=None,
            order=None if known.order is None else replace(known.order, is_open=False, reason=""),
            closure=None if known.closure is None else replace(known.closure, reason=""),
            reanalysis=None,
        )
        return True

    def clear(self, event_id: str) -> tuple[str, ...]:
        kinds = []
        if self._store.bodies.get(event_id):
            kinds.append("bodies")
            self._store.bodies[event_id] = []
        if self._store.recorded.pop(event_id, []):
            kinds.append("analyses")
        rows = self._store.rows.get(event_id, [])
        if rows:
            kinds.append("attempts")
            self._store.emptied |= {(event_id, row.attempt) for row in rows}
            self._store.rows[event_id] = [
                replace(row, payload="{}", answer=None, detail=None, warnings=(), resolution=None) for row in rows
            ]
        return tuple(kinds)

    def finish(self, event_id: str, kinds: tuple[str, ...]) -> None:
        event = self._store.events[event_id]
        if event.erasure is not None:
            done = replace(event.erasure, kinds=kinds, complete=True)
            self._store.events[event_id] = replace(event, erasure=done)


Looked = tuple[list[CallEvent], str | None]


class MemoryLists:
    """The search by name and by the start of an id, through so many events at a time."""

    def __init__(self, store: MemoryStore, key: bytes, *, looks_at: int = 1_000) -> None:
        self._store = store
        self._key = key
        self._looks_at = looks_at

    def named(self, name_keys: list[str], *, now: datetime, limit: int, cursor: str | None) -> Looked:
        def has_all(event: CallEvent) -> bool:
            return set(name_keys) <= set(keys_of(event.contact.get("full_name", ""), self._key))

        return self._look(has_all, limit, cursor)

    def beginning_with(self, event_id: str, *, now: datetime, limit: int, cursor: str | None) -> Looked:
        return self._look(lambda event: event.event_id.startswith(event_id), limit, cursor)

    def _look(self, is_meant: Callable[[CallEvent], bool], limit: int, cursor: str | None) -> Looked:
        newest = sorted(self._store.events.values(), key=lambda event: event.received_at, reverse=True)
        begin = int(cursor or 0)
        end = begin + self._looks_at
        found = [event for event in newest[begin:end] if is_meant(event)]
        return found[:limit], str(end) if end < len(newest) and len(found) < limit else None
