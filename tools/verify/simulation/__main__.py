"""`python -m tools.verify.simulation`: one seed as a story; many schedules on all cores; every crash; planted bugs."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tools.verify.report.record import write_record
from tools.verify.simulation.campaign import Totals, campaign
from tools.verify.simulation.crashes import report as report_crashes
from tools.verify.simulation.detection import report as report_planted
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.schedule import Result, finish
from tools.verify.simulation.shrink import shrink
from tools.verify.simulation.simulation import Chosen, Simulation

NOT_COVERED = (
    "It runs the real use cases; the handlers' few lines are written once more (a test holds the two together).",
    "The tables, queues, model and CRM are stand-ins, which pass the real adapters' contract tests: no AWS in it.",
    "Random schedules show the presence of faults, never their absence.",
)


def main(arguments: list[str]) -> int:
    """Run what is asked for; 1 when a promise was broken."""
    asked = _parser().parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)
    if asked.planted is not None:
        return report_planted(console, seeds=asked.planted, out=asked.out)
    if asked.crashes is not None:
        return report_crashes(console, pairs_each=asked.crashes, out=asked.out)
    if asked.seed is not None:
        return _one(console, asked)
    return _many(console, asked)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.verify.simulation", description=__doc__)
    parser.add_argument("--seed", help="replay one schedule and tell its story")
    parser.add_argument("--without", default="", help="with --seed: kinds of fault to leave out, with commas")
    parser.add_argument("--schedules", type=int, default=2_000, help="how many (default: 2000)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (default: 0)")
    parser.add_argument("--workers", default="all", help="processes: a number, or all (default)")
    parser.add_argument("--planted", type=int, metavar="SEEDS", help="plant every known bug, search so many seeds each")
    parser.add_argument(
        "--crashes", type=int, metavar="PAIRS", help="kill at every point, and at so many pairs each road"
    )
    parser.add_argument("--out", type=Path, help="write the record of the run to this file")
    return parser


def _one(console: Console, asked: argparse.Namespace) -> int:
    without = frozenset(Fault(name) for name in asked.without.split(",") if name)
    simulation = Simulation(Chosen(asked.seed, without=without))
    result = finish(simulation)
    console.print(f"seed {result.seed}: {', '.join(result.kinds) or 'no faults'}", markup=False)
    console.print(simulation.event_log.readable(None, last=200), markup=False)
    console.print(f"{result.calls} calls, {result.steps} steps, {result.days:.1f} days, story {result.digest[:16]}")
    if result.broken is None:
        console.print("every promise is kept")
        return 0
    _tell_failure(console, result)
    return 1


def _tell_failure(console: Console, result: Result) -> None:
    console.print(f"\nseed {result.seed} breaks {result.broken}: {result.how}", markup=False)
    smaller = shrink(result)
    console.print(f"the kinds of fault it needs: {', '.join(smaller.kinds) or 'none'}", markup=False)
    console.print(smaller.event_log, markup=False)
    console.print(f"again: python -m tools.verify.simulation --seed {result.seed}", markup=False)


def _many(console: Console, asked: argparse.Namespace) -> int:
    workers = (os.cpu_count() or 1) if asked.workers == "all" else int(asked.workers)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    began = time.monotonic()
    with Progress(*columns, console=console, disable=not sys.stdout.isatty()) as progress:
        bar = progress.add_task("schedules", total=asked.schedules)

        def tell(totals: Totals) -> None:
            failed = f", {totals.broken.total()} broken" if totals.broken else ""
            progress.update(bar, completed=totals.schedules, description=f"schedules{failed}")

        totals = campaign(asked.first, asked.schedules, workers=workers, tell=tell)
    seconds = time.monotonic() - began
    for fault in Fault:
        console.print(f"  {fault.value:<24}{totals.faults[fault.value]:>10}  {fault.meaning}", markup=False)
    for end, number in sorted(totals.ends.items()):
        console.print(f"  {end:<34}{number:>10}", markup=False)
    console.print(f"{totals.line}; {seconds:.0f} s on {workers} cores", markup=False)
    if asked.out is not None:
        command = f"make simulate SCHEDULES={asked.schedules} FIRST={asked.first}"
        figures = {"workers": workers, "first_seed": asked.first, **totals.as_json()}
        write_record(asked.out, command=command, seconds=seconds, figures=figures, not_covered=NOT_COVERED)
    for result in totals.failures[:3]:
        _tell_failure(console, result)
    return 1 if totals.broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
