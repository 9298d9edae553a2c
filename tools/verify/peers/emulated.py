"""What runs in the emulated AWS, beside the emulator itself: the functions' processes."""

from __future__ import annotations

import contextlib
import os
import signal

from tools.verify.peers import processes


def kill_functions(emulator: int) -> None:
    """SIGKILL to every function's process; the emulated Lambda starts new ones when it needs them."""
    for row in processes.descendants(emulator, processes.processes()):
        with contextlib.suppress(ProcessLookupError):
            os.kill(row.pid, signal.SIGKILL)


def megabytes(emulator: int) -> dict[str, float]:
    """The functions' processes; the emulated AWS apart, for it is not part of what is compared."""
    rows = processes.processes()
    functions = sum(row.resident for row in processes.descendants(emulator, rows)) * 1024 / 1e6
    return {"": functions, "emulated_aws": processes.tree_megabytes(emulator) - functions}
