"""What one scenario or probe came to, as it stands in the report and in `results.json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

RULES_ALONE = "rules"  # no model took part


class Verdict(StrEnum):
    """How it ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOTED = "noted"  # no failure: the CRM does it otherwise than the stock server, and that is a finding
    UNCONFIRMED = "unconfirmed"  # the answer is right, and nobody has looked into the CRM
    NOT_RUN = "not_run"  # impossible in the environment's present setting


@dataclass(frozen=True)
class Seen:
    """What a look into the CRM has shown. `count` is None when nobody looked; `empty`: columns without a value."""

    count: int | None = None
    empty: tuple[str, ...] | None = None
    by: str = ""


@dataclass(frozen=True)
class Exchange:
    """One thing that was asked, by us or by the environment, and what came back; both as the report prints them."""

    title: str
    sent: str
    received: str


@dataclass(frozen=True)
class Heard:
    """What the CRM answered, as our own classification has it; `code` is that of `detail`, which is in English."""

    outcome: str | None = None
    http_status: int | None = None
    detail: str = ""
    answer: str = ""
    duration_ms: int | None = None
    code: str | None = None

    @property
    def accepted(self) -> bool:
        """Whether the CRM said that it has the lead."""
        return self.outcome in {"delivered", "delivered_with_warning", "accepted_unconfirmed", "already_there"}

    @property
    def refused(self) -> bool:
        """Whether the CRM plainly did not take it."""
        return bool(self.outcome) and str(self.outcome).startswith("rejected")

    @property
    def distrusted(self) -> bool:
        """Whether it was our address that was refused."""
        return self.refused and self.code == "crm.not_trusted"


@dataclass(frozen=True)
class Result:
    """One scenario or probe.

    `sentence` is in Russian; `lead_made`: the CRM may hold a lead of it; `unfilled`: columns that were sent
    without a value; `analyst`: who judged the call, a model's name or `RULES_ALONE`; `at`: an ISO time.
    """

    key: str
    verdict: Verdict
    sentence: str
    event_id: str | None = None
    lead_id: str | None = None
    heard: tuple[Heard, ...] = ()
    seen: Seen = field(default_factory=Seen)
    exchanges: tuple[Exchange, ...] = ()
    lead_made: bool = False
    at: str = ""
    unfilled: tuple[str, ...] = ()
    analyst: str = ""


def written(result: Result) -> dict[str, Any]:
    """The result as JSON members."""
    return asdict(result)


def read(members: Mapping[str, Any]) -> Result:
    """The result that `written` wrote.

    Raises:
        KeyError: There is none of this name.
        TypeError: The value is of another type.
        ValueError: For anything else.
    """
    seen = dict(members["seen"])
    empty = seen.get("empty")
    return Result(
        **dict(members)
        | {
            "verdict": Verdict(members["verdict"]),
            "heard": tuple(Heard(**each) for each in members["heard"]),
            "seen": Seen(seen.get("count"), None if empty is None else tuple(empty), str(seen.get("by") or "")),
            "exchanges": tuple(Exchange(**each) for each in members["exchanges"]),
            "unfilled": tuple(members["unfilled"]),
        }
    )
