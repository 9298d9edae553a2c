"""Time as a port, and the one way we write it down."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol

FIRST_YEAR, LAST_YEAR = 2000, 2200


class Clock(Protocol):
    """Where "now" comes from; tests hold it still and move it by hand."""

    def now(self) -> datetime:
        """The current moment, always with UTC as its zone."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def write_time(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`: fixed width, so text order is time order."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def read_time(text: str) -> datetime:
    """The moment that `write_time` wrote."""
    return datetime.fromisoformat(text)


def is_of_our_time(day: date) -> bool:
    """Whether a day that somebody asks for can be one of a call: beyond, a calendar ends and sums of days fail."""
    return FIRST_YEAR <= day.year <= LAST_YEAR
