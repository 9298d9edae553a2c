"""What a schedule is, and the acts in which schedules run side by side under the same settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from tools.verify.chaos.settings import LONG_WAITS, ActSettings
from tools.verify.chaos.stage import Stage


class Act(StrEnum):
    """In the order of the performance. Schedules that spare nobody (a whole function killed) have an act for it."""

    COLD = "cold"  # mode none: every function's first start
    KILLS = "kills"  # mode none: whoever else sends in this act may be hit
    FAULTS = "faults"  # mode none: each fault hits its own event only
    RACE = "race"  # mode none: nobody else is there, so that two workers are free
    STALLED = "stalled"  # mode none: the second sweep gives up
    TERMS = "terms"  # mode none at first: the schedule deploys another
    DRY = "dry"  # a dry run at first: the schedule ends it
    SECRET = "secret"  # mode none: the webhook's secret is wrong for everybody
    STORM = "storm"  # mode none: the store throttles everybody
    GUARDED = "guarded"  # mode event_id: the CRM refuses a repeat, so a kill that hits another costs nothing
    OUTAGE = "outage"  # mode event_id: the CRM is away for everybody
    SEEDED = "planted"  # mode none, and nobody sweeps: what the auditor must find


SETTINGS = {
    Act.COLD: ActSettings(),
    Act.KILLS: ActSettings(),
    Act.FAULTS: ActSettings(),
    Act.RACE: ActSettings(),
    Act.STALLED: ActSettings(max_sweeps=1),
    Act.TERMS: ActSettings(),
    Act.DRY: ActSettings(dry_run=True),
    Act.SECRET: ActSettings(),
    Act.STORM: ActSettings(waits=LONG_WAITS),
    Act.GUARDED: ActSettings(repeats_conflict=True, breaker_failures=5),
    Act.OUTAGE: ActSettings(repeats_conflict=True, breaker_failures=5),
    Act.SEEDED: ActSettings(standing_seconds=3_600),
}

Play = Callable[[Stage], None]


@dataclass(frozen=True)
class Schedule:
    """A schedule by its function's name; its sentence is the function's docstring."""

    name: str
    act: Act
    sentence: str
    play: Play


SCHEDULES: dict[str, Schedule] = {}


def schedule(act: Act) -> Callable[[Play], Play]:
    """Put a function among the schedules."""

    def put(play: Play) -> Play:
        SCHEDULES[play.__name__] = Schedule(play.__name__, act, sentence_of(play), play)
        return play

    return put


def sentence_of(play: Play) -> str:
    """A function's docstring in one line."""
    return " ".join((play.__doc__ or "").split())
