"""The stack's background processes: in sessions of their own, stopped by id, and only if still ours."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tools.local.paths import ROOT
from tools.local.private_file import read_json, write_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SECONDS_TO_STOP = 10.0
POLL_SECONDS = 0.05


class StartError(Exception):
    """A process did not come up; the text is for a person."""


@dataclasses.dataclass(frozen=True)
class Running:
    """A process by its id and the command line that proves it is ours: ids are used again."""

    pid: int
    command: tuple[str, ...]

    def is_ours(self) -> bool:
        """Whether this very command still runs under this id."""
        _reap(self.pid)
        return command_line(self.pid) == " ".join(self.command)


def start(command: Sequence[str], *, log: Path, environment: Mapping[str, str]) -> Running:
    """Start a process that outlives this one; what it prints goes to its log."""
    process = spawn(command, log=log, environment=environment)
    running = Running(process.pid, tuple(command))
    while process.poll() is None and not running.is_ours():  # for a moment the new process has no command line yet
        time.sleep(0.001)
    process.returncode = 0  # it is not this object's to wait for: see _reap
    return running


def spawn(command: Sequence[str], *, log: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a process from the project's root, in a session of its own; what it prints goes to its log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def started_in_time(
    ready: Callable[[], bool], runs: Callable[[], bool], *, seconds: float, name: str, log: Path
) -> None:
    """Wait for a process to be ready.

    Raises:
        StartError: With the end of its log when it ends or takes too long.
    """
    deadline = time.monotonic() + seconds
    while not ready():
        if not runs() or time.monotonic() > deadline:
            tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
            raise StartError(f"{name} did not start ({log}):\n{tail}")
        time.sleep(POLL_SECONDS)


def wait_until_ready(ready: Callable[[], bool], running: Running, *, seconds: float, name: str, log: Path) -> None:
    """Wait for a process of ours to be ready.

    Raises:
        StartError: A process does not start, or ends.
    """
    started_in_time(ready, running.is_ours, seconds=seconds, name=name, log=log)


def stop(running: Running) -> None:
    """Ask it to end, wait, and end it and its children by force if need be. Does nothing when it is not ours."""
    if not running.is_ours():
        return
    os.kill(running.pid, signal.SIGTERM)
    deadline = time.monotonic() + SECONDS_TO_STOP
    while running.is_ours():
        if time.monotonic() > deadline:
            os.killpg(running.pid, signal.SIGKILL)  # it leads its session, so its children are in its group
            deadline += SECONDS_TO_STOP
        time.sleep(POLL_SECONDS)


def remember(path: Path, processes: Mapping[str, Running]) -> None:
    """Write down what runs, so that another command can stop it."""
    write_json(path, {name: {"pid": one.pid, "command": list(one.command)} for name, one in processes.items()})


def recall(path: Path) -> dict[str, Running]:
    """What was written down and still runs."""
    written = {name: Running(one["pid"], tuple(one["command"])) for name, one in read_json(path).items()}
    return {name: one for name, one in written.items() if one.is_ours()}


def command_line(pid: int) -> str:
    """What a process was started with; empty when there is no such process (or a dead one that nobody has reaped)."""
    if Path("/proc/self/cmdline").exists():
        try:
            raw = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return ""
        return raw.rstrip(b"\0").replace(b"\0", b" ").decode(errors="replace")
    listed = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S607 — where it lies differs
    return listed.stdout.strip()


def _reap(pid: int) -> None:
    """Take note of a child's end; somebody else's child is none of our business."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return
