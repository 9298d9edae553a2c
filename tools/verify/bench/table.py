"""`make bench`: this build beside the one before, row by row, both measured in one run on one machine.

    python -m tools.verify.bench.table [--short] [--only RUN …] [--out FILE]

The sides take turns; a row compares their medians. The exit code is 1 where a target is missed. `--short` takes each
side once, with as little work as there is, and holds no target: it shows that every row can be measured.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tools.verify.bench.builds import BEFORE, Build, Figures, build_before, build_now
from tools.verify.bench.rows import LONG, ROWS, RUNS, Compared
from tools.verify.report.record import write_record

NOT_COVERED = (
    "Milliseconds on Lambda: both sides share this machine's cores, and their AWS is emulated; only ratios carry over.",
    "`make run` started a second time, and `make test`: a person's clock shows them.",
)


def main(arguments: list[str] | None = None) -> int:
    """Measure both sides, print the table, write the record."""
    parser = argparse.ArgumentParser(prog="python -m tools.verify.bench.table", description=__doc__.splitlines()[0])
    parser.add_argument("--short", action="store_true", help="each side once, with little work; no target is held")
    parser.add_argument("--only", nargs="+", choices=list(RUNS), metavar="RUN", help=f"of {', '.join(RUNS)}")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the record of the run")
    asked = parser.parse_args(arguments)
    begun = time.monotonic()
    sides = {"then": build_before(), "now": build_now()}
    names = asked.only or [name for name in RUNS if not (asked.short and name in LONG)]
    found = {name: _rounds(name, sides, short=asked.short) for name in names}
    compared = [Compared(row, *(row.value(found[row.run][side]) for side in sides)) for row in ROWS if row.run in found]
    print(table(compared, judged=not asked.short))
    if asked.out:
        words = ["--short"] * asked.short + (["--only", *asked.only] if asked.only else [])
        command = " ".join(["python -m tools.verify.bench.table", *words])
        seconds = time.monotonic() - begun
        write_record(asked.out, command=command, seconds=seconds, figures=_figures(compared), not_covered=NOT_COVERED)
    return 0 if asked.short or all(line.is_met for line in compared) else 1


def table(compared: list[Compared], *, judged: bool = True) -> str:
    """A line a row: name, then, now, ratio, target, met or not."""
    width = max(len(line.row.name) for line in compared)
    lines = [f"{'':<{width}}  {BEFORE:>10} {'now':>10} {'ratio':>8}  target"]
    for line in compared:
        verdict = ("met" if line.is_met else "NOT MET") if judged else "not judged"
        sides = f"{line.then:>10.2f} {line.now:>10.2f} {line.ratio:>8.2f}"
        lines.append(f"{line.row.name:<{width}}  {sides}  {line.target:<8} {verdict}")
    return "\n".join(lines)


def _rounds(name: str, sides: dict[str, Build], *, short: bool) -> dict[str, list[Figures]]:
    """Each side's figures, round by round, the sides in turn."""
    run = RUNS[name]
    found: dict[str, list[Figures]] = {side: [] for side in sides}
    for _ in range(1 if short else run.rounds):
        for side, build in sides.items():
            print(f"{name}: {side} …", file=sys.stderr, flush=True)
            found[side].append(run.figures(build, short=short))
    return found


def _figures(compared: list[Compared]) -> dict[str, object]:
    rows = [
        {
            "name": line.row.name,
            "then": round(line.then, 3),
            "now": round(line.now, 3),
            "ratio": round(line.ratio, 3),
            "target": line.target,
            "met": line.is_met,
        }
        for line in compared
    ]
    return {"then": BEFORE, "rows": rows, "missed": [line.row.name for line in compared if not line.is_met]}


if __name__ == "__main__":
    sys.exit(main())
