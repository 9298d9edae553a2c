"""`python -m tools.verify.peers`: n8n, Node-RED, FastAPI, one function and Postcall: the same calls and failures."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from rich.console import Console

from tools.local.processes import StartError
from tools.verify.peers.compare import SYSTEMS, Sizes, abandon, compare
from tools.verify.peers.install import InstallError
from tools.verify.peers.report import NOT_COVERED, figures, tell
from tools.verify.peers.systems import System
from tools.verify.report.record import write_record

if TYPE_CHECKING:
    from types import FrameType

FAILED: Final = 1
INTERRUPTED: Final = 130
WIDTH_OF_A_LOG: Final = 150


def main() -> int:
    """Run the comparison; the exit code: 0, or 1 when a system could not be compared."""
    arguments = _arguments()
    console = Console(width=None if sys.stdout.isatty() else WIDTH_OF_A_LOG)
    systems = [SYSTEMS[name]() for name in arguments.only]
    sizes = Sizes(events=arguments.events, requests=arguments.requests, seconds=arguments.seconds)
    signal.signal(signal.SIGTERM, _interrupt)
    begun = time.monotonic()
    lock = threading.Lock()

    def say(system: str, line: str) -> None:
        with lock:
            print(f"{time.monotonic() - begun:5.0f} s  {system}: {line}", flush=True)

    try:
        found = compare(systems, sizes, say)
    except (InstallError, StartError, RuntimeError, OSError) as error:
        print(error, file=sys.stderr)
        _leave(systems, FAILED)
    except KeyboardInterrupt:
        print("Interrupted: stopping what was started.", file=sys.stderr)
        _leave(systems, INTERRUPTED)
    tell(found, console)
    if arguments.out is not None:
        write_record(
            arguments.out,
            command=_command(arguments),
            seconds=time.monotonic() - begun,
            figures=figures(found),
            not_covered=NOT_COVERED,
        )
        print(f"Written: {arguments.out}")
    return 0


def _command(arguments: argparse.Namespace) -> str:
    only = [] if arguments.only == list(SYSTEMS) else ["--only", ",".join(arguments.only)]
    sizes = [f"--{name}={getattr(arguments, name)}" for name in ("events", "requests", "seconds")]
    return shlex.join(["python", "-m", "tools.verify.peers", *only, *sizes])


def _leave(systems: Sequence[System], code: int) -> NoReturn:
    """Stop everything and end at once: threads of the sender would go on waiting for their next try."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    abandon(systems)
    sys.stdout.flush()
    os._exit(code)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.verify.peers", description=__doc__)
    parser.add_argument("--only", type=_names, default=list(SYSTEMS), metavar="NAME,NAME", help=", ".join(SYSTEMS))
    parser.add_argument("--events", type=int, default=60, help="in the stream that is killed; the others get a quarter")
    parser.add_argument("--requests", type=int, default=200, help="one after another, for the latency")
    parser.add_argument("--seconds", type=float, default=5.0, help="of several clients at once, for the throughput")
    parser.add_argument("--out", type=Path, help="write the run's record to this file")
    return parser.parse_args()


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in SYSTEMS:
            raise argparse.ArgumentTypeError(f"there is no system {name!r}; there are {', '.join(SYSTEMS)}")
    return names


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
