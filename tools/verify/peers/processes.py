"""Processes that the comparison starts: each leads a group of its own, is killed or stopped by its id, and measured."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.local.processes import spawn, started_in_time

SECONDS_TO_START = 120.0
SECONDS_TO_STOP = 15.0


_everything: list[Started] = []


@dataclass
class Started:
    """One process of ours and whatever it starts."""

    process: subprocess.Popen[bytes]
    log: Path
    _over: bool = False

    @property
    def pid(self) -> int:
        """Its id, which is its group's id too."""
        return self.process.pid

    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    def kill(self) -> None:
        """SIGKILL to the whole group: nobody gets to tidy up."""
        if not self._over:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self.process.wait()
        self._over = True  # the id may be somebody else's from now on

    def stop(self) -> None:
        """Ask it to end; kill the group when it does not."""
        if self.runs():
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(SECONDS_TO_STOP)
        self.kill()


def start(command: Sequence[str], *, log: Path, environment: Mapping[str, str]) -> Started:
    """Start a process from the project's root; what it prints goes to its log."""
    process = spawn(command, log=log, environment=environment)
    started = Started(process, log)
    _everything.append(started)
    return started


def stop_everything() -> None:
    """Stop whatever was started in this run and still runs, each by its id."""
    for started in reversed(_everything):
        started.stop()


def wait_until_ready(ready: Callable[[], bool], started: Started, *, name: str) -> None:
    """Wait for a process to be ready.

    Raises:
        StartError: With the end of its log.
    """
    started_in_time(ready, started.runs, seconds=SECONDS_TO_START, name=name, log=started.log)


@dataclass(frozen=True)
class Row:
    """A line of `ps`: ids, and the resident memory in KiB."""

    pid: int
    parent: int
    resident: int


def processes() -> list[Row]:
    """Every process of the machine."""
    listed = subprocess.run(["ps", "-axo", "pid=,ppid=,rss="], capture_output=True, text=True, check=True)  # noqa: S607 — where it lies differs
    return [Row(*map(int, line.split())) for line in listed.stdout.splitlines()]


def descendants(root: int, rows: Iterable[Row]) -> list[Row]:
    """A process's children and theirs, without itself."""
    rows = list(rows)
    found: list[Row] = []
    parents = {root}
    while parents:
        children = [row for row in rows if row.parent in parents]
        found += children
        parents = {row.pid for row in children}
    return found


def tree_megabytes(root: int) -> float:
    """The resident memory of a process and all below it, in MB; pages that two of them share count twice."""
    rows = processes()
    tree = [row for row in rows if row.pid == root] + descendants(root, rows)
    return sum(row.resident for row in tree) * 1024 / 1e6
