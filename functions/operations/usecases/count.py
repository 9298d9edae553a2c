"""The numbers of some days: how many calls came and what became of each, in sums that add up to what came in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, tzinfo
from statistics import median
from typing import Any, Protocol, TypeVar

from postcall.domain.status import NEEDS_ATTENTION, Status

HOURS = 24
# Where a call can stand, as a person thinks of it: every status is in one of these.
PLACES: dict[str, frozenset[Status]] = {
    "delivered": frozenset({Status.DELIVERED}),
    "waiting": frozenset({Status.RECEIVED, Status.ANALYZED, Status.SENDING, Status.RETRYING}),
    "needs_person": NEEDS_ATTENTION,
    "not_sent": frozenset({Status.DRY_RUN, Status.DISABLED}),
    "excluded": frozenset({Status.EXCLUDED}),
}
_PLACE = {status: place for place, statuses in PLACES.items() for status in statuses}

Key = TypeVar("Key")


class Row(Protocol):
    """One event."""

    @property
    def status(self) -> Status:
        """Where it stands."""

    @property
    def received_at(self) -> datetime:
        """When it came."""

    @property
    def delivered_at(self) -> datetime | None:
        """When the CRM was first known to have the lead."""

    @property
    def agent_id(self) -> str | None:
        """Whose call it was."""

    @property
    def agent_name(self) -> str | None:
        """The agent as people call it."""

    @property
    def topic(self) -> str | None:
        """What it was about, once it is analysed."""


def numbers(rows: Iterable[Row], *, days: Sequence[date], zone: tzinfo) -> dict[str, Any]:
    """Sums over what came on some days of a zone, in all, by hour, by day, by agent and by topic.

    In each, `received` is the sum of the `PLACES`. The median is None when nothing was delivered.
    """
    listed = list(rows)
    statuses = Counter(row.status for row in listed)
    waits = [(row.delivered_at - row.received_at).total_seconds() for row in listed if row.delivered_at is not None]
    names = {row.agent_id: row.agent_name for row in listed if row.agent_name}
    hours = _grouped(listed, lambda row: row.received_at.astimezone(zone).hour)
    by_day = _grouped(listed, lambda row: row.received_at.astimezone(zone).date())
    return {
        **_sums(listed),
        "median_seconds_to_lead": round(median(waits), 1) if waits else None,
        "by_hour": [{"hour": hour, **_sums(hours[hour])} for hour in range(HOURS)],
        "by_day": [{"day": day.isoformat(), **_sums(by_day[day])} for day in days],
        "by_agent": [
            {"agent_id": agent, "agent_name": names.get(agent), **_sums(of_agent)}
            for agent, of_agent in _most_first(_grouped(listed, lambda row: row.agent_id))
        ],
        "by_topic": [
            {"topic": topic, **_sums(of_topic)}
            for topic, of_topic in _most_first(_grouped(listed, lambda row: row.topic))
        ],
        "by_status": {status.value: statuses[status] for status in Status},
    }


def _sums(rows: list[Row]) -> dict[str, int]:
    places = Counter(_PLACE[row.status] for row in rows)
    return {"received": len(rows), **{place: places[place] for place in PLACES}}


def _grouped(rows: list[Row], key: Callable[[Row], Key]) -> defaultdict[Key, list[Row]]:
    groups: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _most_first(groups: dict[Key, list[Row]]) -> list[tuple[Key, list[Row]]]:
    return sorted(groups.items(), key=lambda group: (-len(group[1]), str(group[0])))
