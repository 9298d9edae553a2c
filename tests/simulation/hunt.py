"""The hunt for the planted bugs: how many seeds each needs, by which promise it is caught, and the table of it all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from tests.simulation.planting import Plant, planted
from tests.simulation.plants import PLANTS
from tests.simulation.promises import Promise
from tests.simulation.schedule import Result, run
from tests.simulation.shrink import shrink

SEEDS = 600  # within which each must be caught


@dataclass(frozen=True)
class Caught:
    """A planted bug and what the first failing schedule says of it; None when none of the seeds failed."""

    plant: Plant
    seeds: int
    result: Result | None

    @property
    def is_right(self) -> bool:
        """Whether it broke the promise that it should."""
        return self.result is not None and self.result.broken in self.plant.caught_as


def hunt(plant: Plant, *, seeds: int = SEEDS, small: bool = True) -> Caught:
    """Plant one bug, and run schedules until one fails; that one is then made as `small` as it gets, for the reader."""
    with planted(plant):
        for seed in range(seeds):
            result = run(plant.schedule(seed))
            if result.broken:
                return Caught(plant, seed + 1, shrink(result, plant.schedule(seed)) if small else result)
    return Caught(plant, seeds, None)


def report(console: Console, *, seeds: int, out: Path | None) -> int:
    """Hunt all of them; write the table; 1 when one was not caught as it should be."""
    found = []
    for plant in PLANTS:
        caught = hunt(plant, seeds=seeds)
        found.append(caught)
        how = f"seed {caught.seeds - 1}: {caught.result.broken}" if caught.result else "not caught"
        console.print(f"  {plant.name:<34} {how}{'' if caught.is_right else '  <- not as it should be'}", markup=False)
    right = sum(caught.is_right for caught in found)
    console.print(f"{right} of {len(found)} planted bugs are caught by name")
    if out is not None:
        out.write_text(markdown(found, seeds=seeds), encoding="utf-8")
    return 0 if right == len(found) else 1


def markdown(found: list[Caught], *, seeds: int) -> str:
    """The page docs/proof-planted-bugs.md."""
    right = sum(caught.is_right for caught in found)
    command = f"python -m tests.simulation --planted {seeds} --out docs/proof-planted-bugs.md"
    lines = [
        "# Planted bugs: the auditor can fail",
        "",
        f"Written by `{command}` on {datetime.now(UTC).date().isoformat()}; not typed by hand.",
        "",
        f"{len(found)} bugs, each planted alone into the product's source, the tables' stand-in or the settings;",
        f"then schedules are run from seed 0 on until one breaks a promise (at most {seeds}).",
        f"**{right} of {len(found)} are caught by the promise that they break.** The exact changes are in",
        "`tests/simulation/plants.py` and `planted_fakes.py`; `make test` repeats the hunt.",
        "",
        "| planted bug | what it does | schedules | caught as | with these faults | what was seen |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_row(caught) for caught in found]
    lines += ["", "## The promises", "", "| name | promise |", "|---|---|"]
    lines += [f"| `{promise.value}` | {promise.sentence} |" for promise in Promise]
    return "\n".join(lines) + "\n"


def _row(caught: Caught) -> str:
    result = caught.result
    if result is None:
        return f"| `{caught.plant.name}` | {caught.plant.what} | {caught.seeds} | **not caught** | | |"
    kinds = ", ".join(result.kinds) or "none"
    mark = "" if caught.is_right else " **(another was expected)**"
    how = result.how.replace("|", "/")
    return (
        f"| `{caught.plant.name}` | {caught.plant.what} | {caught.seeds} | `{result.broken}`{mark} | {kinds} | {how} |"
    )
