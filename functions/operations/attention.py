"""What waits for a person, by cause: true counts, and of each cause as many events as are acted on at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from postcall.domain.event_id import public_id
from postcall.domain.said import Said, said, said_members
from postcall.domain.status import Status

AT_ONCE = 200  # events of a cause whose ids are named: so many a bulk action takes
PEOPLE = 3  # of a cause, by name and phone
MOST_PEOPLE = 99  # of all causes: one read
ORDER = (Status.UNKNOWN, Status.PARTIAL, Status.REJECTED)  # what may have made a lead comes first
STALLED = "stalled"


class Row(Protocol):
    """An event that waits."""

    @property
    def event_id(self) -> str:
        """Its id."""

    @property
    def reason(self) -> str:
        """Why, as it was said."""

    @property
    def since(self) -> str:
        """When it came to rest, in ISO 8601."""


@dataclass
class Group:
    """The events that wait for one cause. `since` is when the first of them came to rest."""

    status: str
    reason: str
    since: str | None = None
    count: int = 0
    event_ids: list[str] = field(default_factory=list)
    first: list[str] = field(default_factory=list)  # as they are kept

    def add(self, event_id: str, since: str | None) -> None:
        """Count one more."""
        self.count += 1
        if since is not None and (self.since is None or since < self.since):
            self.since = since
        if len(self.event_ids) < AT_ONCE:
            self.event_ids.append(public_id(event_id))
        if len(self.first) < PEOPLE:
            self.first.append(event_id)


def by_cause(status: Status, rows: Iterable[Row]) -> list[Group]:
    """A status's events by cause, the most first; sentences of one code are one cause."""
    groups: dict[str, Group] = {}
    for row in rows:
        cause = row.reason.code if isinstance(row.reason, Said) else row.reason
        group = groups.setdefault(cause, Group(status.value, row.reason))
        group.add(row.event_id, row.since)
    return sorted(groups.values(), key=lambda group: -group.count)


def stalled(event_ids: Sequence[str]) -> list[Group]:
    """What the sweep has abandoned, as one cause."""
    group = Group(STALLED, said("status.stalled.about"))
    for event_id in event_ids:
        group.add(event_id, None)
    return [group] if group.count else []


def first_of_each(groups: Iterable[Group]) -> list[str]:
    """Whose contacts are to be read."""
    return [event_id for group in groups for event_id in group.first][:MOST_PEOPLE]


def shown(groups: list[Group], contacts: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    """As the API says it."""
    return [
        {
            "status": group.status,
            **said_members("reason", group.reason),
            "since": group.since,
            "count": group.count,
            "event_ids": group.event_ids,
            "people": [
                {"event_id": public_id(event_id), "contact": contacts.get(event_id, {})} for event_id in group.first
            ],
        }
        for group in groups
    ]
