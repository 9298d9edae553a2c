"""The quarantine in memory: the same counting and the same conditional writes as the table."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

from postcall.domain.errors import Unavailable
from postcall.domain.quarantine import Limits, Quarantined


class MemoryQuarantine:
    """Keeps what was quarantined; `asked` counts how often anything was written."""

    def __init__(self) -> None:
        self.entries: dict[str, Quarantined] = {}
        self.bodies: dict[str, bytes] = {}
        self.asked = 0
        self.broken = False
        self._counted: Counter[tuple[str, ...]] = Counter()

    def admit(self, budget: str, size: int, *, limits: Limits, now: datetime) -> bool:
        self._write()
        minute, day = (budget, f"{now:%Y-%m-%d %H:%M}"), (budget, f"{now:%Y-%m-%d}")
        volume = (*day, "bytes")
        if self._counted[minute] >= limits.entries_per_minute or self._counted[day] >= limits.entries_per_day:
            return False
        if self._counted[volume] + size > limits.bytes_per_day:
            return False
        self._counted.update({minute: 1, day: 1, volume: size})
        return True

    def keep(self, entry: Quarantined, body: bytes) -> bool:
        self._write()
        if entry.quarantine_id in self.entries:
            return False
        self.entries[entry.quarantine_id] = entry
        self.bodies[entry.quarantine_id] = body
        return True

    def get(self, quarantine_id: str) -> Quarantined | None:
        return self.entries.get(quarantine_id)

    def body(self, quarantine_id: str) -> bytes:
        try:
            return self.bodies[quarantine_id]
        except KeyError:
            raise Unavailable("The bytes are not kept any more.") from None

    def release(self, entry: Quarantined, *, event_id: str | None, by: str | None, now: datetime) -> None:
        self.entries[entry.quarantine_id] = replace(entry, event_id=event_id, released_at=now, released_by=by)
        self.bodies.pop(entry.quarantine_id, None)

    def discard(self, quarantine_id: str) -> bool:
        self.bodies.pop(quarantine_id, None)
        return self.entries.pop(quarantine_id, None) is not None

    def _write(self) -> None:
        self.asked += 1
        if self.broken:
            raise Unavailable("The quarantine cannot be written.")
