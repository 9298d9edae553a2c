"""The contents under a call's id, in memory."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from postcall.domain.event import ReanalysisOrder
from tests.support.fakes.reanalyses import MemoryReanalyses
from tests.support.fakes.store import MemoryStore


class MemoryRevisions:
    """Those of a store's events; the first is the one in use."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store
        self.orders = MemoryReanalyses(store)

    def knows(self, event_id: str, sha256: str) -> bool:
        return sha256 in map(content, self.store.bodies.get(event_id, ()))

    def use(self, event_id: str, sha256: str, order: ReanalysisOrder) -> bool:
        event = self.store.events.get(event_id)
        if event is None or not self.knows(event_id, sha256) or not self.orders.order(event, order):
            return False
        self.exchange(event_id, sha256)
        return True

    def exchange(self, event_id: str, sha256: str) -> None:
        """Let a content be the one in use."""
        contents = {content(body): body for body in self.store.bodies[event_id]}
        first = contents.pop(sha256)
        self.store.bodies[event_id] = [first, *contents.values()]
        event = self.store.events[event_id]
        self.store.events[event_id] = replace(event, body_sha256=sha256, payload_bytes=len(first))


def content(body: bytes) -> str:
    """A content's name."""
    return hashlib.sha256(body).hexdigest()
