"""The events in memory and the sparse index over them: who still has to be moved, and who to be told of."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from postcall.domain.event import CallEvent
from postcall.domain.status import Status


class MemoryPending:
    """`webhook_events`' items and their `pending` index."""

    recognises_own_writes = True  # as the adapters do, whose client repeats a write after a lost answer

    def __init__(self) -> None:
        self.events: dict[str, CallEvent] = {}
        self.stalled: set[str] = set()
        self.awaits_escalation: dict[str, datetime] = {}

    def pending_since(self, moment: datetime, *, limit: int) -> list[str]:
        standing = [
            (event.pending_since, event.event_id)
            for event in self.events.values()
            if event.pending_since is not None and event.pending_since < moment and event.event_id not in self.stalled
        ]
        return [event_id for _, event_id in sorted(standing)][:limit]

    def abandoned(self, *, limit: int) -> list[str]:
        return sorted(self.stalled, key=lambda event_id: str(self.events[event_id].pending_since))[:limit]

    def unescalated(self, moment: datetime | None = None, *, limit: int) -> list[str]:
        waiting = sorted(
            (since, event_id) for event_id, since in self.awaits_escalation.items() if moment is None or since < moment
        )
        return [event_id for _, event_id in waiting][:limit]

    def abandon(self, event_id: str, *, reason: str, now: datetime) -> bool:
        event = self.events.get(event_id)
        if event is None or event.pending_since is None or event_id in self.stalled:
            return False
        if event.status is Status.SENDING:
            return False
        self._change(event_id, pending_since=now, status_reason=reason)
        self.stalled.add(event_id)
        return True

    def mark_escalated(self, event_id: str, *, attempts: int) -> bool:
        if event_id not in self.awaits_escalation or self.events[event_id].attempts != attempts:
            return False
        del self.awaits_escalation[event_id]
        return True

    def record_sweep(self, event: CallEvent, *, now: datetime, stalled: bool) -> bool:
        if not self._as_seen(event) or self.events[event.event_id].pending_since != event.pending_since:
            return False
        self._change(event.event_id, pending_since=now, sweeps=self.events[event.event_id].sweeps + 1)
        if stalled:
            self.stalled.add(event.event_id)
        return True

    def _as_seen(self, event: CallEvent) -> bool:
        known = self.events.get(event.event_id)
        return known is not None and (known.status, known.attempts) == (event.status, event.attempts)

    def _change(self, event_id: str, **members: object) -> None:
        if "pending_since" in members:  # the same attribute: it is in the index again, or in no index at all
            self.stalled.discard(event_id)
            self.awaits_escalation.pop(event_id, None)
        self.events[event_id] = replace(self.events[event_id], **members)  # type: ignore[arg-type]  # any of its members
