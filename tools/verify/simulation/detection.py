"""The hunt for the planted bugs: how many seeds each needs, by which promise it is caught, and the record of it all."""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from tools.verify.report.record import write_record
from tools.verify.simulation.promises import Promise
from tools.verify.simulation.schedule import Result, run
from tools.verify.simulation.seeded_bugs import SEEDED_BUGS
from tools.verify.simulation.seeding import SeededBug, seeded
from tools.verify.simulation.shrink import shrink

SEEDS = 1_000  # within which each must be caught


@dataclass(frozen=True)
class Caught:
    """A planted bug and what the first failing schedule says of it; None when none of the seeds failed."""

    bug: SeededBug
    seeds: int
    result: Result | None

    @property
    def is_right(self) -> bool:
        """Whether it broke the promise that it should."""
        return self.result is not None and self.result.broken in self.bug.caught_as


def detect(bug: SeededBug, *, first: int = 0, seeds: int = SEEDS, small: bool = True) -> Caught:
    """Plant one bug, and run schedules until one fails; that one is then made as `small` as it gets, for the reader."""
    with seeded(bug):
        for seed in range(first, seeds):
            result = run(bug.schedule(seed))
            if result.broken:
                return Caught(bug, seed + 1, shrink(result, bug.schedule(seed)) if small else result)
    return Caught(bug, seeds, None)


def report(console: Console, *, seeds: int, out: Path | None) -> int:
    """Hunt all of them; write the record; 1 when one was not caught as it should be."""
    begun, found = time.monotonic(), []
    with multiprocessing.get_context("spawn").Pool() as pool:  # a bug is planted in its own process
        for caught in pool.imap(partial(_detected, seeds=seeds), range(len(SEEDED_BUGS))):
            found.append(caught)
            how = f"schedule {caught.seeds}: {caught.result.broken}" if caught.result else "not caught"
            sign = "" if caught.is_right else "  <- not as it should be"
            console.print(f"  {caught.bug.name:<34} {how}{sign}", markup=False)
    right = sum(caught.is_right for caught in found)
    console.print(f"{right} of {len(found)} planted bugs are caught by name")
    if unheard := silent(found):
        console.print(f"no bug is caught by: {', '.join(unheard)}")
    if out is not None:
        command = f"python -m tools.verify.simulation --planted {seeds}"
        write_record(out, command=command, seconds=time.monotonic() - begun, figures=figures(found, seeds=seeds))
    return 0 if right == len(found) and not unheard else 1


def _detected(number: int, *, seeds: int) -> Caught:
    return detect(SEEDED_BUGS[number], seeds=seeds)


def silent(found: list[Caught]) -> list[str]:
    """The promises that no bug was caught by: nothing shows that they can be broken."""
    caught = {one.result.broken for one in found if one.result is not None}
    return [promise.value for promise in Promise if promise.value not in caught]


def figures(found: list[Caught], *, seeds: int) -> dict[str, Any]:
    """What the record holds: a row a bug, and the promises."""
    return {
        "schedules_at_most": seeds,
        "planted": len(found),
        "caught_by_name": sum(caught.is_right for caught in found),
        "bugs": [_row(caught) for caught in found],
        "promises": {promise.value: promise.sentence for promise in Promise},
        "promises_that_caught_nothing": silent(found),
    }


def _row(caught: Caught) -> dict[str, Any]:
    result = caught.result
    return {
        "name": caught.bug.name,
        "what": caught.bug.what + (" (as before 0.2.0)" if caught.bug.former else ""),
        "former": caught.bug.former,
        "schedules": caught.seeds,
        "caught_as": None if result is None else result.broken,
        "as_expected": caught.is_right,
        "faults": [] if result is None else list(result.kinds),
        "seen": None if result is None else result.how,
    }
