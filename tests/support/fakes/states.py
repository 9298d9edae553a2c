"""Where events stand, from the store in memory."""

from __future__ import annotations

from collections.abc import Collection

from postcall.aws.event_states import EventState
from tests.support.fakes.store import MemoryStore


class MemoryStates:
    """The same answers as the table's batches."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def states(self, event_ids: Collection[str]) -> dict[str, EventState]:
        return {event_id: self._state(event_id) for event_id in event_ids if event_id in self._store.events}

    def _state(self, event_id: str) -> EventState:
        event = self._store.events[event_id]
        return EventState(
            event_id=event_id,
            status=event.status,
            status_reason=event.status_reason,
            delivered=event.delivered_at is not None,
            stalled=event_id in self._store.stalled,
            event_timestamp=event.event_timestamp,
        )
