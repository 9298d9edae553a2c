"""Run schedules over one stack, act by act, side by side within an act; then let the auditor judge each."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx

from tools.verify.chaos.audit import Finding, audit
from tools.verify.chaos.evidence import gather
from tools.verify.chaos.local import RealStack
from tools.verify.chaos.schedule import SETTINGS, Act, Schedule
from tools.verify.chaos.stage import Stage
from tools.verify.chaos.waiting import Unexpected, wait_until


@dataclass
class Played:
    """What became of a schedule. `went_wrong`: it did not go as its sentence says, or it injected nothing."""

    schedule: Schedule
    injected: Counter[str]
    seconds: float
    went_wrong: str | None = None
    broken: list[Finding] = field(default_factory=list)
    calls: int = 0
    leads: int = 0
    attempts: int = 0
    ends: Counter[str] = field(default_factory=Counter)

    @property
    def holds(self) -> bool:
        """Whether it went as told and every promise was kept."""
        return self.went_wrong is None and not self.broken

    @property
    def verdict(self) -> str:
        """In a word, or in the words of what is wrong."""
        if self.broken:
            return "BROKEN " + "; ".join(map(str, self.broken))
        return "kept" if self.went_wrong is None else f"DID NOT GO AS TOLD {self.went_wrong}"


def perform(
    stack: RealStack, cast_of_all: Iterable[Schedule], *, tell: Callable[[Played], None] = lambda _results: None
) -> list[Played]:
    """Run these schedules, in the order of the acts; `tell` is told of each when its act is over."""
    chosen = list(cast_of_all)
    results: list[Played] = []
    for act in Act:
        cast = [one for one in chosen if one.act is act]
        if cast:
            stack.configure(SETTINGS[act])
            results += _act(stack, cast, repeats_conflict=SETTINGS[act].repeats_conflict, tell=tell)
    return results


def _act(
    stack: RealStack, cast: list[Schedule], *, repeats_conflict: bool, tell: Callable[[Played], None]
) -> list[Played]:
    stages = [Stage(stack, one.name) for one in cast]
    with ThreadPoolExecutor(len(cast)) as pool:
        played = list(pool.map(_play, cast, stages))
    _drain(stack, played)
    for results, stage in zip(played, stages, strict=True):
        _judge(results, stage, repeats_conflict=repeats_conflict)
        tell(results)
    return played


def _play(one: Schedule, stage: Stage) -> Played:
    began = time.monotonic()
    went_wrong = None
    try:
        one.play(stage)
        if not stage.injected.total():
            went_wrong = "nothing was injected"
    except (Unexpected, httpx.HTTPError) as error:
        went_wrong = str(error) or type(error).__name__
    return Played(one, stage.injected, time.monotonic() - began, went_wrong, calls=len(stage.events))


def _drain(stack: RealStack, played: list[Played]) -> None:
    """Wait until no message is under way: what a late one would still do belongs to the act."""
    try:
        wait_until(
            lambda: stack.queues.under_way() == 0,
            what="both queues are empty",
            poll=0.5,
            instead=stack.queues.under_way,
        )
    except Unexpected as error:
        for results in played:
            results.went_wrong = results.went_wrong or str(error)


def _judge(results: Played, stage: Stage, *, repeats_conflict: bool) -> None:
    for evidence in gather(stage.stack, stage.events, stage.acknowledged):
        found = audit(evidence, allowed=stage.events[evidence.event_id], repeats_conflict=repeats_conflict)
        results.broken += found
        results.leads += evidence.leads
        results.attempts += len(evidence.attempts)
        results.ends[evidence.status or "not stored"] += 1
