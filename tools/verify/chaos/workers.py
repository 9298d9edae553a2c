"""The functions' processes of one emulator, as the operating system lists them (Linux's /proc)."""

from __future__ import annotations

import os
import signal
from pathlib import Path

PROCESSES = Path("/proc")


def function_processes(emulator: int, function: str) -> list[int]:
    """The ids of a function's execution environments: the emulator's children that carry the function's name."""
    name = f"AWS_LAMBDA_FUNCTION_NAME={function}".encode()
    return [pid for pid in _children(emulator) if name in _environment(pid)]


def kill(pids: list[int]) -> int:
    """SIGKILL; how many there were to kill."""
    killed = 0
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        killed += 1
    return killed


def _children(parent: int) -> list[int]:
    return [int(entry.name) for entry in PROCESSES.iterdir() if entry.name.isdigit() and _parent(entry) == parent]


def _parent(entry: Path) -> int | None:
    try:
        after_the_name = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return int(after_the_name[1])


def _environment(pid: int) -> list[bytes]:
    try:
        return (PROCESSES / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return []
