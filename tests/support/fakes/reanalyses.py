"""Orders to analyse a call anew, in memory."""

from __future__ import annotations

from dataclasses import replace

from postcall.aws.reanalysis import STALE_AFTER
from postcall.domain.event import CallEvent, ReanalysisOrder
from tests.support.fakes.store import MemoryStore


class MemoryReanalyses:
    """Those on the events of a store."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def order(self, event: CallEvent, order: ReanalysisOrder) -> bool:
        known = self._store.events.get(event.event_id)
        if known is None or known.erased_at is not None:
            return False
        last = known.reanalysis
        if last is not None and last.is_open and last.requested_at >= order.requested_at - STALE_AFTER:
            return False
        self._store.events[event.event_id] = replace(known, reanalysis=order)
        return True
