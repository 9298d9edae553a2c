"""`python -m tools.verify.load [steady|burst]`: the load proof against a local stack of its own; both without a name.

Phase 1 sends signed webhooks at a steady rate; phase 2 looks for every id at the CRM and in the store. The exit code is
1 when anything is lost, doubled or missing.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from tools.local.deploy import DeploymentError
from tools.local.paths import SHARED
from tools.local.processes import StartError
from tools.local.progress import Progress
from tools.local.synth import SynthesisError
from tools.verify.load.crm import CrmLimit
from tools.verify.load.drain import GracePeriods
from tools.verify.load.figures import figures
from tools.verify.load.measured import Run
from tools.verify.load.report import Bars, tell
from tools.verify.load.scenarios import Burst, Place, Steady, burst, steady
from tools.verify.report.record import write_record

FAILED, INTERRUPTED = 1, 130
NOT_COVERED = (
    (
        "The speed is that of an emulated AWS on one machine, where it, the functions and the sender share the cores: "
        "requests and our CPU per event carry over to AWS, rates do not."
    ),
    (
        "The emulator hands a queue's messages to the functions by itself: on AWS those polls are requests as well, "
        "and billed."
    ),
    "No model analyses the calls here: the offline analyser answers at once.",
    (
        "In the burst the sweep has the patience of UAT and prod (15 minutes), and the dispatch queue the receives of "
        "the local stack: so operators redrive here what there would come back by itself."
    ),
    "Cold starts are left out: a few calls warm the functions first.",
)


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for; the exit code."""
    chosen = _arguments(arguments)
    console = Console(soft_wrap=True, width=None if sys.stdout.isatty() else 120)
    began, found, clean = time.monotonic(), {}, True
    try:
        for name, events, run_it in _scenarios(chosen):
            console.print(f"\n[bold]{name}[/]", highlight=False)
            run = _run(run_it, chosen, events, console)
            found[name] = figures(run)
            tell(f"Load: {name}", run, found[name], console)
            clean = clean and run.findings.clean
    except (StartError, SynthesisError, DeploymentError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("Interrupted: the stack is stopped, nothing is recorded.", file=sys.stderr)
        return INTERRUPTED
    if chosen.out:
        _record(chosen, found, time.monotonic() - began)
    return 0 if clean else FAILED


def _scenarios(chosen: argparse.Namespace) -> list[tuple[str, int, Callable[[Place], Run]]]:
    """Name, events, and what runs it."""
    crm = CrmLimit(chosen.crm_seconds, chosen.crm_rate)
    stream = Steady(chosen.rate, chosen.seconds, crm)
    pile = Burst(chosen.burst, chosen.burst_rate, chosen.outage, chosen.receives, crm)
    both: list[tuple[str, int, Callable[[Place], Run]]] = [
        ("steady", round(chosen.rate * chosen.seconds), lambda place: steady(stream, place)),
        ("burst", chosen.burst, lambda place: burst(pile, place)),
    ]
    return [one for one in both if chosen.scenario in {one[0], "both"}]


def _run(run_it: Callable[[Place], Run], chosen: argparse.Namespace, events: int, console: Console) -> Run:
    bars = Bars(console, events)
    place = Place(
        chosen.directory, chosen.seed, GracePeriods(stalled=chosen.grace_period), Progress(console), bars.tell
    )
    try:
        return run_it(place)
    finally:
        bars.close()


def _record(chosen: argparse.Namespace, found: dict[str, Any], seconds: float) -> None:
    asked = {name: value for name, value in vars(chosen).items() if name not in {"out", "directory", "scenario"}}
    words = [f"--{name.replace('_', '-')} {value}" for name, value in asked.items() if value is not None]
    command = " ".join(["python -m tools.verify.load", chosen.scenario, *words])
    settings = {f"asked_{name}": value for name, value in asked.items()}
    write_record(chosen.out, command=command, seconds=seconds, figures=settings | found, not_covered=NOT_COVERED)


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.verify.load", description=__doc__)
    parser.add_argument("scenario", nargs="?", choices=["steady", "burst", "both"], default="both")
    add = parser.add_argument
    add("--rate", type=_positive, default=12.0, help="steady: events a second (%(default)g)")
    add("--seconds", type=_positive, default=60.0, help="steady: for so long (%(default)g)")
    add("--crm-seconds", type=float, default=0.05, help="the CRM's time for a request (%(default)g)")
    add("--crm-rate", type=float, default=16.0, help="the CRM's requests a second, 0 for no limit (%(default)g)")
    add("--burst", type=_count, default=10_000, help="burst: events during the outage (%(default)d)")
    add("--burst-rate", type=_positive, default=35.0, help="burst: events a second (%(default)g)")
    add("--outage", choices=["refused", "http_503"], default="refused", help="burst: how the CRM is away (%(default)s)")
    add("--receives", type=_count, help="burst: the dispatch queue's receives before a dead letter (as deployed)")
    add("--seed", type=int, default=8, help="the ids and repeats come from it (%(default)d)")
    add(
        "--grace-period",
        type=_positive,
        default=120.0,
        help="give up after so many seconds without movement (%(default)g)",
    )
    add("--directory", type=Path, default=SHARED / "load", help="the stack's folder (%(default)s)")
    add("--out", type=Path, help="write the record to this file")
    return parser.parse_args(arguments)


def _positive(text: str) -> float:
    value = float(text)
    if not value > 0:
        raise argparse.ArgumentTypeError("it must be greater than 0")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("it must be 1 or more")
    return value


if __name__ == "__main__":
    sys.exit(main())
