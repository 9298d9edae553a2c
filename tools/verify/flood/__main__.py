"""`python -m tools.verify.flood`: forged posts beside genuine calls, over HTTP, on a local stack of its own.

First the genuine calls alone, then the same number beside the flood. The exit code is 1 when a count is missed: a
genuine call that is no lead, a forged post that is not refused, more writes than a forged post may cause.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from rich.console import Console

from infra.environments import load
from tools.local.deploy import DeploymentError
from tools.local.paths import SHARED, LocalDirectory
from tools.local.processes import StartError
from tools.local.progress import Progress
from tools.local.synth import SynthesisError
from tools.verify.flood.figures import figures
from tools.verify.flood.phases import Flood, measure
from tools.verify.load.drain import GracePeriods
from tools.verify.load.report import Bars
from tools.verify.load.scenarios import Place, at_place
from tools.verify.report.record import write_record

FAILED, INTERRUPTED = 1, 130
PRODUCTION = load("prod")
AS_IN_PRODUCTION = {"QUARANTINE_ENTRIES_PER_MINUTE": str(PRODUCTION.intake.quarantine_entries_per_minute)}


def main(arguments: list[str] | None = None) -> int:
    """Run it; the exit code."""
    asked = _arguments(arguments)
    console, began = Console(soft_wrap=True, width=None if sys.stdout.isatty() else 120), time.monotonic()
    flood = Flood(asked.forged, asked.genuine, asked.rate)
    bars = Bars(console, asked.genuine)
    grace = GracePeriods()
    place = Place(asked.directory, seed=0, grace_period=grace, progress=Progress(console), tell=bars.tell)
    try:
        with at_place(place, {}, intake=AS_IN_PRODUCTION) as (_, on):
            found = figures(measure(on, flood, logs=LocalDirectory(asked.directory).logs, grace_period=grace))
    except (StartError, SynthesisError, DeploymentError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("Interrupted: the stack is stopped, nothing is recorded.", file=sys.stderr)
        return INTERRUPTED
    finally:
        bars.close()
    found.print()
    if asked.out is not None:
        command = (
            f"python -m tools.verify.flood --forged {asked.forged} --genuine {asked.genuine} --rate {asked.rate:g}"
        )
        seconds = time.monotonic() - began
        write_record(asked.out, command=command, seconds=seconds, figures=found.judged, not_covered=found.not_covered)
    return FAILED if any(target.exact for target in found.missed) else 0


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.verify.flood", description=__doc__)
    add = parser.add_argument
    add("--forged", type=int, default=20_000, help="forged posts (%(default)d)")
    add("--genuine", type=int, default=200, help="genuine calls in each phase (%(default)d)")
    throttle = float(PRODUCTION.api.webhook_requests_per_second)
    add("--rate", type=float, default=throttle, help="forged posts a second (%(default)g: all that production lets in)")
    add("--directory", type=Path, default=SHARED / "flood", help="the stack's folder (%(default)s)")
    add("--out", type=Path, help="write the record to this file")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
