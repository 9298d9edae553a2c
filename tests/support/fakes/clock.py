"""A clock that moves only by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 10, 26, 10, 0, tzinfo=UTC)


class HandClock:
    """Stands still until told otherwise."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, **by: float) -> None:
        """Move on, e.g. `advance(minutes=5)`."""
        self._now += timedelta(**by)
