"""Many schedules: on all cores, added up, with the first failures kept."""

from __future__ import annotations

import gc
import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tools.verify.simulation.faults import Fault
from tools.verify.simulation.promises import Promise
from tools.verify.simulation.schedule import AT_REST, END, Result, run
from tools.verify.simulation.simulation import Chosen

CHUNK = 50
FAILURES_KEPT = 40
LOST = frozenset({Promise.NOT_LOST, Promise.ACKNOWLEDGED_IS_STORED, Promise.GENUINE_IS_TAKEN, Promise.FINDABLE})
DOUBLED = frozenset({Promise.NOT_DOUBLED, Promise.ONE_POSSIBLE_SEND, Promise.SAME_TERMS, Promise.ORDER_ONCE})
STALLED = frozenset(
    {Promise.WAY_OUT, Promise.NOT_STUCK, Promise.PERSON_IS_TOLD, Promise.COMES_TO_REST, Promise.SWEEPS_ARE_CAPPED}
)


@dataclass
class Totals:
    """What a number of schedules came to."""

    schedules: int = 0
    steps: int = 0
    points: int = 0
    days: float = 0.0
    calls: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    failures: list[Result] = field(default_factory=list)

    def add(self, result: Result) -> None:
        """Add one schedule."""
        self.schedules += 1
        self.steps += result.steps
        self.points += result.points
        self.days += result.days
        self.calls += result.calls
        self.faults.update(result.faults)
        self.ends.update(result.ends)
        if result.broken:
            self.broken[result.broken] += 1
            self.failures.append(result)
            del self.failures[FAILURES_KEPT:]

    def merge(self, other: Totals) -> None:
        """Add a chunk of schedules."""
        for name in ("schedules", "steps", "points", "days", "calls"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.faults.update(other.faults)
        self.ends.update(other.ends)
        self.broken.update(other.broken)
        self.failures = [*self.failures, *other.failures][:FAILURES_KEPT]

    def number(self, promises: frozenset[Promise]) -> int:
        """How many schedules broke one of these."""
        return sum(self.broken[promise.value] for promise in promises)

    @property
    def line(self) -> str:
        """The summary in one line."""
        kinds = sum(1 for number in self.faults.values() if number)
        return (
            f"{self.schedules} schedules, {self.days:.0f} days, {self.calls} calls, {self.steps} steps, "
            f"{self.faults.total()} faults of {kinds} kinds (of {len(Fault)}): lost {self.number(LOST)}, "
            f"doubled {self.number(DOUBLED)}, stuck {self.number(STALLED)}, broken {self.broken.total()}"
        )

    def _ends(self, when: str) -> dict[str, int]:
        """How many calls are where, then: all of them, each once."""
        return {end.removeprefix(when): calls for end, calls in sorted(self.ends.items()) if end.startswith(when)}

    def as_json(self) -> dict[str, Any]:
        """For a report."""
        return {
            "schedules": self.schedules,
            "steps": self.steps,
            "crash_points": self.points,
            "simulated_days": round(self.days, 1),
            "calls": self.calls,
            "faults": {fault.value: self.faults[fault.value] for fault in Fault},
            "before_people": self._ends(AT_REST),
            "at_the_end": self._ends(END),
            "lost": self.number(LOST),
            "doubled": self.number(DOUBLED),
            "stuck": self.number(STALLED),
            "broken": dict(sorted(self.broken.items())),
            "failing_seeds": [result.seed for result in self.failures],
        }


def chunk(seeds: tuple[int, int]) -> Totals:
    """Run the schedules of a range of seeds."""
    totals = Totals()
    for seed in range(*seeds):
        totals.add(run(Chosen(str(seed))))
    gc.collect()
    return totals


def campaign(
    first: int, schedules: int, *, workers: int, tell: Callable[[Totals], None] = lambda _totals: None
) -> Totals:
    """Run so many schedules from a first seed. `tell` hears of the totals now and then."""
    totals = Totals()
    for part in _parts(first, schedules, workers):
        totals.merge(part)
        tell(totals)
    return totals


def _parts(first: int, schedules: int, workers: int) -> Iterator[Totals]:
    last = first + schedules
    ranges = [(begin, min(begin + CHUNK, last)) for begin in range(first, last, CHUNK)]
    if workers == 1:
        yield from map(chunk, ranges)
        return
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        yield from pool.imap(chunk, ranges)  # in order, so that the totals do not depend on who was faster
