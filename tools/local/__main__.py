"""`python -m tools.local up | down | run | status`: Postcall on this machine, without Docker or an account."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

from rich.console import Console

from postcall.settings import SettingError
from tools.local import recorded_judgement
from tools.local.deploy import DeploymentError
from tools.local.paths import LocalDirectory
from tools.local.processes import StartError
from tools.local.progress import Progress
from tools.local.settings import LocalSettings, read_local_settings, unknown_settings
from tools.local.stack import access_of, down, state, up
from tools.local.story import FirstCall, show_first_call, tell_how_to_go_on
from tools.local.synth import SynthesisError

if TYPE_CHECKING:
    from types import FrameType

    from tools.local.endpoints import Endpoints

WRONG_SETTING = 2
FAILED = 1
INTERRUPTED = 130
WIDTH_OF_A_LOG = 120


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code: 0, 1 when it failed, 2 when a setting is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tools.local", description=__doc__)
    parser.add_argument("command", choices=["up", "down", "run", "status"])
    command: str = parser.parse_args(arguments).command
    console = Console(soft_wrap=True, width=None if sys.stdout.isatty() else WIDTH_OF_A_LOG)
    try:
        settings = read_local_settings(os.environ)
        for name in unknown_settings(os.environ):
            print(f"{name}: there is no such setting; it has no effect.", file=sys.stderr)
        return COMMANDS[command](settings, console)
    except SettingError as error:
        print(error, file=sys.stderr)
        return WRONG_SETTING
    except (StartError, SynthesisError, DeploymentError) as error:
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("Interrupted: `make down` stops what was started.", file=sys.stderr)
        return INTERRUPTED


def _up(settings: LocalSettings, console: Console) -> int:
    progress = Progress(console)
    endpoints = up(settings, progress)
    progress.say(f"[bold green]Up[/] after {progress.seconds():.1f} s: {endpoints.api_url}")
    progress.detail(f"addresses and tokens: {LocalDirectory(settings.directory).endpoints}")
    return 0


def _down(settings: LocalSettings, console: Console) -> int:
    down(LocalDirectory(settings.directory), Progress(console))
    return 0


def _status(settings: LocalSettings, console: Console) -> int:
    running, endpoints = state(LocalDirectory(settings.directory))
    for name, one in running.items():
        console.print(f"{name}: process {one.pid}", highlight=False)
    if endpoints is None:
        console.print("The local stack is not up.")
        return FAILED
    tell_how_to_go_on(endpoints, None, console)
    return 0


def _run(settings: LocalSettings, console: Console) -> int:
    """Up, the story of one call, and down again on Ctrl-C."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    progress = Progress(console)
    ended_well = False
    try:
        endpoints, first_call = _first_call(settings, progress, console)
        ended_well = first_call.ended_well
        tell_how_to_go_on(endpoints, first_call.event_id, console)
        console.print("\nCtrl-C stops everything.", highlight=False)
        while True:
            signal.pause()
    except KeyboardInterrupt:
        return 0 if ended_well else FAILED
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)  # what was started is stopped, whatever comes
        console.print()
        down(LocalDirectory(settings.directory), progress)


def _first_call(settings: LocalSettings, progress: Progress, console: Console) -> tuple[Endpoints, FirstCall]:
    """Up, and the sample call; where no model is named, a recorded judgement stands in for this one call."""
    is_recorded = recorded_judgement.is_wanted(settings)
    with recorded_judgement.judging(settings) if is_recorded else nullcontext(settings) as chosen:
        endpoints = up(chosen, progress)
        progress.say(f"[bold green]Up[/] after {progress.seconds():.1f} s")
        first_call = show_first_call(endpoints, console)
    if is_recorded:
        recorded_judgement.ask_no_more(endpoints, access_of(settings))
    return endpoints, first_call


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


COMMANDS = {"up": _up, "down": _down, "run": _run, "status": _status}

if __name__ == "__main__":
    sys.exit(main())
