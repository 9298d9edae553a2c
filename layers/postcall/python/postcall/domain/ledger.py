"""The ledger of a day: where each of the day's ElevenLabs conversations stands, so that all are accounted for.

Every conversation is exactly one of delivered, excluded (why), waiting (for what), missing. The day adds up when
nothing is missing and we know of no call that ElevenLabs does not list.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from postcall.domain.clock import read_time, write_time
from postcall.domain.said import Said, read_said, write_said
from postcall.domain.zone import DEFAULT_ZONE

IDS_KEPT = 300  # of each kind; the numbers count all of them


@dataclass(frozen=True)
class Ledger:
    """A day (of the zone, by the start of the call) as it stood at `made_at`.

    `excluded` and `waiting` are numbers by their reason in a few words. `unlisted` counts calls that we took in and
    that ElevenLabs does not list. `ids` names conversations of every kind but the delivered ones.
    """

    day: date
    made_at: datetime
    conversations: int
    delivered: int
    excluded: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    missing: int = 0
    unlisted: int = 0
    ids: dict[str, tuple[str, ...]] = field(default_factory=dict)
    zone: str = DEFAULT_ZONE

    @property
    def accounted(self) -> int:
        """How many conversations have a place; it equals `conversations`, or the ledger itself is wrong."""
        return self.delivered + sum(self.excluded.values()) + sum(self.waiting.values()) + self.missing

    @property
    def differences(self) -> int:
        """What does not add up; `ids` says which."""
        return self.missing + self.unlisted + abs(self.conversations - self.accounted)


def write_ledger(ledger: Ledger) -> dict[str, Any]:
    """The ledger as JSON members: the form it has in its table and in the operator API."""
    reasons = (*ledger.excluded, *ledger.waiting)
    return {
        "day": ledger.day.isoformat(),
        "zone": ledger.zone,
        "made_at": write_time(ledger.made_at),
        "conversations": ledger.conversations,
        "delivered": ledger.delivered,
        "excluded": dict(ledger.excluded),
        "waiting": dict(ledger.waiting),
        "codes": {reason: write_said(reason) for reason in reasons if isinstance(reason, Said)},
        "missing": ledger.missing,
        "unlisted": ledger.unlisted,
        "adds_up": ledger.differences == 0,
        "ids": {kind: list(ids[:IDS_KEPT]) for kind, ids in ledger.ids.items() if ids},
    }


def read_ledger(members: dict[str, Any]) -> Ledger:
    """The ledger that `write_ledger` wrote."""
    codes = members.get("codes") or {}
    return Ledger(
        day=date.fromisoformat(members["day"]),
        made_at=read_time(members["made_at"]),
        conversations=members["conversations"],
        delivered=members["delivered"],
        excluded={read_said(codes.get(reason, reason)): n for reason, n in members["excluded"].items()},
        waiting={read_said(codes.get(reason, reason)): n for reason, n in members["waiting"].items()},
        missing=members["missing"],
        unlisted=members["unlisted"],
        ids={kind: tuple(ids) for kind, ids in members["ids"].items()},
        zone=members.get("zone", "UTC"),  # whose days they were before a ledger named its zone
    )
