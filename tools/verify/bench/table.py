"""`make bench`: this build beside the one before, row by row, both measured in one run on one machine.

    python -m tools.verify.bench [--short] [--only RUN …] [--out FILE]

The sides take turns; a row compares their medians. The exit code is 1 where a target is missed. `--short` takes each
side once, with as little work as there is, and holds no target: it shows that every row can be measured.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.verify.bench.builds import BEFORE, Build, Figures, build_before, build_now
from tools.verify.bench.rows import LONG, ROWS, RUNS, Compared
from tools.verify.report.record import write_record

NOT_COVERED = (
    "Milliseconds on Lambda: both sides share this machine's cores, and their AWS is emulated; only ratios carry over.",
    "A side that fails in a run has no figure there, and its row is not met.",
)


def main(arguments: list[str] | None = None) -> int:
    """Measure both sides, print the table, write the record."""
    parser = argparse.ArgumentParser(prog="python -m tools.verify.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="each side once, with little work; no target is held")
    parser.add_argument("--only", nargs="+", choices=list(RUNS), metavar="RUN", help=f"of {', '.join(RUNS)}")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the record of the run")
    asked = parser.parse_args(arguments)
    begun = time.monotonic()
    sides = {"then": build_before(), "now": build_now()}
    names = asked.only or [name for name in RUNS if not (asked.short and name in LONG)]
    found, spent = {}, {}
    for name in names:
        started = time.monotonic()
        found[name] = _rounds(name, sides, short=asked.short)
        spent[name] = round(time.monotonic() - started, 1)
    compared = [Compared(row, *(row.value(found[row.run][side]) for side in sides)) for row in ROWS if row.run in found]
    missed = counts_missed(found)
    print(table(compared, judged=not asked.short))
    for name in missed:
        print(f"NOT MET, a count of this build: {name}")
    if asked.out:
        words = ["--short"] * asked.short + (["--only", *asked.only] if asked.only else [])
        write_record(
            asked.out,
            command=" ".join(["python -m tools.verify.bench", *words]),
            seconds=time.monotonic() - begun,
            figures=_figures(compared, found) | {"counts_missed": missed, "seconds_of_runs": spent},
            not_covered=NOT_COVERED,
        )
    return 0 if asked.short or (not missed and all(line.is_met for line in compared)) else 1


def counts_missed(found: Mapping[str, Mapping[str, Sequence[Figures]]]) -> list[str]:
    """The counts of this build that miss what its benches themselves ask of them."""
    last = {name: rounds["now"][-1] for name, rounds in found.items() if rounds["now"]}
    return [f"{name}: {figure}" for name, figures in last.items() for figure in figures.get("counts_missed", ())]


def table(compared: Sequence[Compared], *, judged: bool = True) -> str:
    """A line a row: name, then, now, ratio, target, met or not."""
    width = max((len(line.row.name) for line in compared), default=0)
    lines = [f"{'':<{width}}  {BEFORE:>10} {'now':>10} {'ratio':>8}  target"]
    for line in compared:
        verdict = ("met" if line.is_met else "NOT MET") if judged else "not judged"
        sides = f"{line.then:>10.2f} {line.now:>10.2f} {line.ratio:>8.2f}"
        lines.append(f"{line.row.name:<{width}}  {sides}  {line.target:<8} {verdict}")
    return "\n".join(lines)


def _rounds(name: str, sides: dict[str, Build], *, short: bool) -> dict[str, list[Figures]]:
    """Each side's figures, round by round, the sides in turn; none of one that failed, which is told."""
    run = RUNS[name]
    found: dict[str, list[Figures]] = {side: [] for side in sides}
    for _ in range(1 if short else run.rounds):
        for side, build in sides.items():
            if side == "then" and not run.has_then:
                continue
            print(f"{name}: {side} …", file=sys.stderr, flush=True)
            try:
                found[side].append(run.figures(build, short=short))
            except RuntimeError as error:
                print(error, file=sys.stderr, flush=True)
    return found


def _figures(compared: Sequence[Compared], found: Mapping[str, Mapping[str, Sequence[Figures]]]) -> dict[str, object]:
    rows = [
        {
            "name": line.row.name,
            "then": _rounded(line.then),
            "now": _rounded(line.now),
            "ratio": _rounded(line.ratio),
            "target": line.target,
            "met": line.is_met,
        }
        for line in compared
    ]
    missed = [line.row.name for line in compared if not line.is_met]
    last = {name: {side: numbers(rounds[-1]) for side, rounds in of.items() if rounds} for name, of in found.items()}
    return {"then": BEFORE, "rows": rows, "missed": missed, "last_rounds": last}


def numbers(figures: Figures) -> dict[str, float]:
    """The numbers among figures, those of a part by a dotted path; series and words are left out."""
    found: dict[str, float] = {}
    for name, value in figures.items():
        if isinstance(value, dict):
            found |= {f"{name}.{inner}": number for inner, number in numbers(value).items()}
        elif isinstance(value, int | float):
            found[name] = value
    return found


def _rounded(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 3)


if __name__ == "__main__":
    sys.exit(main())
