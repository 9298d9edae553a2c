"""`python -m tools.verify.chaos [--only NAME …] [--out FILE]`: run the schedules and the seeded bugs; a line each."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from tools.verify.chaos import report, seeded_bugs, totals
from tools.verify.chaos.campaign import perform
from tools.verify.chaos.local import running_stack
from tools.verify.chaos.schedules import SCHEDULES
from tools.verify.report.record import write_record

NOT_COVERED = (
    "Lambda takes and deletes messages inside the emulated AWS, past the proxy: repeats are sent by hand instead.",
    "Time-outs, lease, visibility and the sweep's patience are seconds here, minutes in production; the order is one.",
    "Throttles, timings and failures of the emulated AWS are the proxy's, not those of a real account.",
)


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for; 1 when a promise was broken or a schedule did not go as told."""
    parser = argparse.ArgumentParser(prog="python -m tools.verify.chaos", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=sorted(SCHEDULES), help="these alone")
    parser.add_argument("--out", type=Path, help="write the record to this file (JSON)")
    parser.add_argument("--directory", type=Path, help="keep the stack's files and logs in this folder")
    parser.add_argument("--list", action="store_true", help="tell the schedules' sentences and run nothing")
    asked = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 200, highlight=False, soft_wrap=True)
    if asked.list:
        for one in SCHEDULES.values():
            console.print(f"{one.name} ({one.act}): {one.sentence}", markup=False)
        return 0
    return _perform(asked, console)


def _perform(asked: argparse.Namespace, console: Console) -> int:
    began, since = time.monotonic(), datetime.now(UTC)
    cast = [SCHEDULES[name] for name in (asked.only or SCHEDULES)]
    with _directory(asked.directory) as directory, running_stack(directory) as stack:
        console.print(f"up after {time.monotonic() - began:.1f} s")
        results = perform(stack, cast, tell=lambda one: console.print(report.line(one), markup=False))
        differences = totals.differences(stack, results, since=since)
        seeded = [] if asked.only else seeded_bugs.detect(stack)
    for text in (*differences, *(report.seeded_line(each, one) for each, one in seeded)):
        console.print(text, markup=False)
    seconds, figures = time.monotonic() - began, report.figures(results, seeded, differences)
    console.print(report.total(figures, seconds), markup=False)
    if asked.out is not None:
        command = "python -m tools.verify.chaos" + (f" --only {' '.join(asked.only)}" if asked.only else "")
        write_record(asked.out, command=command, seconds=seconds, figures=figures, not_covered=NOT_COVERED)
    well = all(one.holds for one in results) and all(each.is_found(one) for each, one in seeded)
    return 0 if well and not differences else 1


@contextmanager
def _directory(chosen: Path | None) -> Iterator[Path]:
    """Where the stack keeps its files and logs: the chosen folder, or one that is gone afterwards."""
    if chosen is not None:
        yield chosen.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="postcall-for-real-") as directory:
        yield Path(directory)


if __name__ == "__main__":
    sys.exit(main())
