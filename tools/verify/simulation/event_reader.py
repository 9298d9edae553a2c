"""What operations reads of the store in the simulation, and the ports of which there is nothing here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from greenlet import getcurrent

from functions.operations.usecases import Conflict
from postcall.domain.event import CallEvent, ResendOrder
from tools.verify.simulation.parts import Parts


class EventReader:
    """The events as operations reads them; it remembers what each worker has seen last."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._seen: dict[object, CallEvent | None] = {}

    def get(self, event_id: str) -> CallEvent | None:
        """The event as it stands now."""
        found: CallEvent | None = self._parts.events.get(event_id)
        self._seen[getcurrent()] = found
        return found

    def bodies_of(self, event_id: str) -> tuple[bytes, ...]:
        """All that it came with."""
        found: tuple[bytes, ...] = self._parts.events.bodies_of(event_id)
        return found

    def order_resend(self, event: CallEvent, order: ResendOrder, *, now: datetime) -> bool:
        """The port's own write."""
        return bool(self._parts.events.order_resend(event, order, now=now))

    def told_no(self, refused: Conflict) -> None:
        """The running worker refuses: by what it has seen."""
        seen = self._seen.pop(getcurrent(), None)
        if seen is not None and refused.refusal is not None:
            self._parts.told_no(seen, refused.refusal, self._parts.clock.now())


class NobodyElse:
    """The record of erasures, which is no part of this."""

    def add(self, kind: str, names: Iterable[str], *, now: datetime) -> None:
        """It is noted elsewhere."""
