"""Whose days they are: the operator's time zone, in which the ledger, the numbers and the lists count."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Europe/Minsk"  # unless a request names another


@cache
def operators_zone() -> ZoneInfo:
    """The default zone."""
    return ZoneInfo(DEFAULT_ZONE)


def midnight(day: date, zone: tzinfo) -> datetime:
    """When a day of the zone begins, in UTC."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def bounds(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """When a day of the zone begins and when the next does, in UTC: a day of a changed clock has 23 hours or 25."""
    return midnight(day, zone), midnight(day + timedelta(days=1), zone)
