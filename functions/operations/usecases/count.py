"""The numbers of a day: how many calls came, how many became leads and how fast, how many wait and for whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from statistics import median
from typing import Any, Protocol

from postcall.domain.status import NEEDS_ATTENTION, Status

HOURS = 24
ON_ITS_WAY = frozenset({Status.RECEIVED, Status.ANALYZED, Status.SENDING, Status.RETRYING})


class Row(Protocol):
    """One event of the day."""

    @property
    def status(self) -> Status:
        """Where it stands."""

    @property
    def received_at(self) -> datetime:
        """When it came."""

    @property
    def delivered_at(self) -> datetime | None:
        """When the CRM was first known to have the lead."""


def numbers(rows: Iterable[Row]) -> dict[str, Any]:
    """Sums over a day's events; `by_hour` has 24 rows, in UTC. The median is None when nothing was delivered."""
    listed = list(rows)
    statuses = Counter(row.status for row in listed)
    waits = [(row.delivered_at - row.received_at).total_seconds() for row in listed if row.delivered_at is not None]
    return {
        "received": len(listed),
        "delivered": statuses[Status.DELIVERED],
        "waiting": sum(statuses[status] for status in ON_ITS_WAY),
        "failed": statuses[Status.REJECTED],
        "needs_person": sum(statuses[status] for status in NEEDS_ATTENTION),
        "median_seconds_to_lead": round(median(waits), 1) if waits else None,
        "by_hour": _by_hour(listed),
        "by_status": {status.value: statuses[status] for status in Status},
    }


def _by_hour(rows: list[Row]) -> list[dict[str, int]]:
    received = Counter(row.received_at.hour for row in rows)
    delivered = Counter(row.received_at.hour for row in rows if row.status is Status.DELIVERED)
    waits = Counter(row.received_at.hour for row in rows if row.status in NEEDS_ATTENTION)
    return [
        {"hour": hour, "received": received[hour], "delivered": delivered[hour], "needs_person": waits[hour]}
        for hour in range(HOURS)
    ]
