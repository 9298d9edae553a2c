"""Account for a day: each of its conversations has one place, and what has none is named."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from functions.reconciliation.usecases.conversation import Conversation, Conversations, Progress
from postcall.domain.clock import Clock
from postcall.domain.event_id import failure_id
from postcall.domain.ledger import Ledger
from postcall.domain.said import said
from postcall.domain.status import Status
from postcall.domain.zone import bounds, midnight

DAY = timedelta(days=1)
DELIVERED, EXCLUDED, WAITING, MISSING, UNLISTED = "delivered", "excluded", "waiting", "missing", "unlisted"

_PLACES: dict[Status, tuple[str, str]] = {
    Status.RECEIVED: (WAITING, said("place.analysis")),
    Status.ANALYZED: (WAITING, said("place.crm")),
    Status.SENDING: (WAITING, said("place.crm")),
    Status.RETRYING: (WAITING, said("place.crm")),
    Status.REJECTED: (WAITING, said("place.rejected")),
    Status.UNKNOWN: (WAITING, said("place.unknown")),
    Status.DELIVERED: (DELIVERED, ""),
    Status.PARTIAL: (DELIVERED, ""),
    Status.DRY_RUN: (EXCLUDED, said("place.dry_run")),
    Status.DISABLED: (EXCLUDED, said("place.disabled")),
    Status.EXCLUDED: (EXCLUDED, said("place.not_a_lead")),
}
_PROGRESS = {
    Progress.UNDER_WAY: said("place.call_end"),
    Progress.PROCESSING: said("place.vendor"),
    Progress.FINISHED: said("place.webhook"),
}


class State(Protocol):
    """Where an event stands."""

    @property
    def status(self) -> Status:
        """Its status."""

    @property
    def status_reason(self) -> str | None:
        """Why, in a sentence."""

    @property
    def delivered(self) -> bool:
        """Whether its lead has ever arrived."""

    @property
    def stalled(self) -> bool:
        """Whether the sweep has given it up."""

    @property
    def event_timestamp(self) -> int | None:
        """When the call ended, in Unix seconds, as the sender said."""


class States(Protocol):
    """What the ledger asks of `webhook_events`."""

    def states(self, event_ids: Collection[str]) -> Mapping[str, State]:
        """The events that there are, by id."""


class Received(Protocol):
    """What we took in ourselves."""

    def conversations_between(self, begin: datetime, end: datetime) -> Iterable[str]:
        """The conversations whose calls came from `begin` until before `end` from ElevenLabs, from agents of ours."""


@dataclass(frozen=True)
class _Listed:
    """What ElevenLabs lists: the day's own conversations, and the ids of these and of the day before's."""

    of_the_day: dict[str, Conversation]
    nearby: frozenset[str]


def make_ledger(
    day: date,
    *,
    zone: ZoneInfo,
    conversations: Conversations,
    states: States,
    received: Received,
    grace_period: timedelta,
    clock: Clock,
) -> Ledger:
    """The ledger of a day (of the zone, by the start of the call).

    A call that ended today may have begun yesterday; so the list reaches a day further back than the ledger.

    Raises:
        Unavailable: ElevenLabs or our tables do not answer now.
        Rejected: ElevenLabs refuses: there is no half a ledger.
    """
    now = clock.now()
    listed = _list(day, zone, conversations)
    ids = list(listed.of_the_day)
    there = states.states([*ids, *map(failure_id, ids)])
    tally = _Tally()
    for conversation_id, conversation in listed.of_the_day.items():
        state = there.get(conversation_id) or there.get(failure_id(conversation_id))
        tally.count(conversation_id, *_place(conversation, state, grace_period, now))
    unlisted = _unlisted(bounds(day, zone), listed, states, received)
    tally.ids[UNLISTED] = unlisted
    return Ledger(
        day=day,
        zone=zone.key,
        made_at=now,
        conversations=len(listed.of_the_day),
        delivered=tally.numbers[DELIVERED].get("", 0),
        excluded=tally.numbers[EXCLUDED],
        waiting=tally.numbers[WAITING],
        missing=tally.numbers[MISSING].get("", 0),
        unlisted=len(unlisted),
        ids={kind: tuple(found) for kind, found in tally.ids.items() if found},
    )


class _Tally:
    """Numbers by place and reason, and the ids behind them."""

    def __init__(self) -> None:
        self.numbers: dict[str, dict[str, int]] = {name: {} for name in (DELIVERED, EXCLUDED, WAITING, MISSING)}
        self.ids: dict[str, list[str]] = {}

    def count(self, conversation_id: str, place: str, reason: str) -> None:
        numbers = self.numbers[place]
        numbers[reason] = numbers.get(reason, 0) + 1
        if place != DELIVERED:
            self.ids.setdefault(f"{place}: {reason}" if reason else place, []).append(conversation_id)


def _list(day: date, zone: ZoneInfo, conversations: Conversations) -> _Listed:
    begin, end = bounds(day, zone)
    of_the_day: dict[str, Conversation] = {}
    nearby: set[str] = set()
    for page in conversations.started_between(midnight(day - DAY, zone), end):
        for conversation in page:
            nearby.add(conversation.conversation_id)
            if conversation.started_at >= begin:
                of_the_day[conversation.conversation_id] = conversation
    return _Listed(of_the_day, frozenset(nearby))


def _place(conversation: Conversation, state: State | None, grace_period: timedelta, now: datetime) -> tuple[str, str]:
    """The one place of a conversation, and the reason."""
    if state is None:
        due = conversation.is_due(now, grace_period)
        return (MISSING, "") if due else (WAITING, _PROGRESS[conversation.progress])
    if state.delivered:
        return DELIVERED, ""
    if state.stalled:
        return WAITING, said("place.stalled")
    place, reason = _PLACES[state.status]
    return place, (state.status_reason or reason) if state.status is Status.EXCLUDED else reason


def _unlisted(day: tuple[datetime, datetime], listed: _Listed, states: States, received: Received) -> list[str]:
    """Calls that we took in, that ended on this day, and of which ElevenLabs' list does not know."""
    begin, end = (moment.timestamp() for moment in day)
    strangers = [each for each in received.conversations_between(*day) if each not in listed.nearby]
    found = states.states(strangers)
    return sorted(
        conversation_id
        for conversation_id, state in found.items()
        if state.event_timestamp is not None and begin <= state.event_timestamp < end
    )
