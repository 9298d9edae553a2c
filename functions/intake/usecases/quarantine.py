"""Quarantine a refused webhook, within limits: nothing genuine is lost, a flood of rubbish costs next to nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from postcall.domain.clock import Clock
from postcall.domain.quarantine import Kind, Limits, Quarantined, budget, quarantined

REMEMBERED = 5_000


class QuarantineResult(StrEnum):
    """What became of a refused webhook."""

    KEPT = "kept"
    KNOWN = "known"  # the same bytes under the same signature lie there already
    OVER_LIMIT = "over_limit"  # counted, not kept
    ERASED = "erased"  # of a call whose personal data was erased: it must not come back


class Quarantine(Protocol):
    """What intake asks of the quarantine when it refuses."""

    def admit(self, budget: str, size: int, *, limits: Limits, now: datetime) -> bool:
        """Count one more of this budget; False when a limit is reached."""

    def keep(self, entry: Quarantined, body: bytes) -> bool:
        """Store an entry with its bytes; False when it is there already."""

    def release(self, entry: Quarantined, *, event_id: str | None, by: str | None, now: datetime) -> None:
        """Delete an entry's bytes."""


class Gate:
    """What needs no further write, as far as this process knows: budgets used up in this minute, and what is kept."""

    def __init__(self) -> None:
        self._closed_until: dict[str, datetime] = {}
        self._kept: dict[str, None] = {}

    def is_open(self, budget: str, now: datetime) -> bool:
        return now >= self._closed_until.get(budget, now)

    def knows(self, name: str) -> bool:
        """Whether this process has kept exactly this already."""
        return name in self._kept

    def remember(self, name: str) -> None:
        """Of what is kept the last few thousand are remembered."""
        self._kept[name] = None
        if len(self._kept) > REMEMBERED:
            del self._kept[next(iter(self._kept))]

    def close(self, budget: str, now: datetime) -> None:
        """Until the next minute begins."""
        self._closed_until[budget] = now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def quarantine(
    kind: Kind,
    reason: str,
    body: bytes,
    *,
    signature: str | None,
    quarantine: Quarantine,
    limits: Mapping[Kind, Limits],
    gate: Gate,
    is_erased: Callable[[bytes], bool],
    index: Callable[[str, bytes], None],
    clock: Clock,
) -> QuarantineResult:
    """Keep what was refused, with its reason, its signature and its time.

    `is_erased` tells whether a body is of an event that was erased; `index` notes whose numbers and addresses an entry
    holds, so that an erasure finds it.

    All processes together keep at most a limit's worth a minute and a day. Each process asks once more a minute to find
    out that a limit is reached; then it counts only.

    Raises:
        Unavailable: It cannot be kept.
    """
    now, bounds, share = clock.now(), limits[kind], budget(kind)
    if not body or len(body) > bounds.largest_body or not gate.is_open(share, now):
        return QuarantineResult.OVER_LIMIT
    entry = quarantined(kind, reason, body, signature=signature, now=now)
    if gate.knows(entry.quarantine_id):
        return QuarantineResult.KNOWN
    if not quarantine.admit(share, len(body), limits=bounds, now=now):
        gate.close(share, now)
        return QuarantineResult.OVER_LIMIT
    if is_erased(body):
        return QuarantineResult.ERASED
    is_new = quarantine.keep(entry, body)
    index(entry.quarantine_id, body)
    if is_erased(body):  # meanwhile: who erased has looked before the entry could be found
        quarantine.release(entry, event_id=None, by=None, now=now)
        return QuarantineResult.ERASED
    gate.remember(entry.quarantine_id)
    return QuarantineResult.KEPT if is_new else QuarantineResult.KNOWN
