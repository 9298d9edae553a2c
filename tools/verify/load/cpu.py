"""Who used the processor: seconds by part of the local stack, read from /proc, whole process trees at once."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")
EMULATOR, CRM, SENDER = "emulator", "crm_simulator", "load_generator"
_FUNCTION = b"AWS_LAMBDA_FUNCTION_NAME="


def cpu_seconds(emulator: int, crm: int | None) -> dict[str, float]:
    """CPU seconds used so far by the emulator's own process, each function's, the CRM simulator's and this one.

    A function's environment is a child of the emulator; one that has ended counts as `functions_ended`, since only the
    emulator still knows its time.
    """
    used: defaultdict[str, float] = defaultdict(float)
    for pid, parent, own, ended in _processes():
        if pid == emulator:
            used[EMULATOR] += own
            used["functions_ended"] += ended
        elif pid == crm:
            used[CRM] += own
        elif pid == os.getpid():
            used[SENDER] += own
        elif parent == emulator:
            used[_step(pid)] += own + ended
    return dict(used)


def is_function(part: str) -> bool:
    """Whether a part is our own code at work."""
    return part not in {EMULATOR, CRM, SENDER}


def difference(after: Mapping[str, float], before: Mapping[str, float]) -> dict[str, float]:
    """What was used between two looks."""
    return {part: round(after[part] - before.get(part, 0.0), 3) for part in sorted(after)}


def _processes() -> Iterator[tuple[int, int, float, float]]:
    """Id, parent, CPU seconds of its own, and of its children that have ended."""
    for entry in PROC.iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            text = (entry / "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:  # it has ended meanwhile
            continue
        fields = text.rpartition(")")[2].split()  # the name before it may hold spaces
        parent, (user, system, ended_user, ended_system) = int(fields[1]), map(int, fields[11:15])
        yield int(entry.name), parent, (user + system) / TICKS_A_SECOND, (ended_user + ended_system) / TICKS_A_SECOND


def _step(pid: int) -> str:
    try:
        variables = (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return "functions_ended"
    names = [one.removeprefix(_FUNCTION).decode() for one in variables if one.startswith(_FUNCTION)]
    return names[0].rpartition("-")[2] if names else "functions_ended"
