"""All benches, or some: each in a process of its own, its record written where it is wanted, one table at the end.

    python -m tools.verify.bench [--out-dir DIR] [--only NAME …]

The exit code is 1 when a count misses its target. A time that misses it is told, and is no failure: times are those of
the machine and of what else it does.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

NAMES = ("requests", "units", "lists", "warm_intake", "cold_import", "side_by_side", "preparing", "dispatch", "drain")
Figures = dict[str, Any]


def main() -> int:
    """Run them one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tools.verify.bench", description=__doc__.splitlines()[0])
    parser.add_argument("--out-dir", type=Path, metavar="DIR", help="write each bench's record there")
    parser.add_argument("--only", nargs="+", choices=NAMES, metavar="NAME", help=f"of {', '.join(NAMES)}")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = {name: _run(name, chosen.out_dir or Path(folder)) for name in chosen.only or NAMES}
    print("Targets")
    for name, found in figures.items():
        _print_targets(name, found)
    return 1 if any(found["counts_missed"] for found in figures.values()) else 0


def _run(name: str, folder: Path) -> Figures:
    """The figures of one bench's record. Raises `CalledProcessError` when it breaks down."""
    out = folder / f"{name}.json"
    subprocess.run([sys.executable, "-m", f"tools.verify.bench.{name}", "--out", str(out)], check=True)
    figures: Figures = json.loads(out.read_text(encoding="utf-8"))["figures"]
    return figures


def _print_targets(name: str, figures: Figures) -> None:
    for figure, limit in figures["targets"].items():
        judged = "met"
        if figure in figures["targets_missed"]:
            judged = "MISSED" if figure in figures["counts_missed"] else "not met"
        print(f"  {name:<12} {figure:<40} {figures[figure]:>8}  {limit:<7} {judged}")


if __name__ == "__main__":
    sys.exit(main())
