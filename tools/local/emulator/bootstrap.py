"""A function's execution environment from inside: AWS's own runtime client, and an end when the emulator ends.

Run as a script by the emulator for each environment, with the function's variables and nothing else.
"""

from __future__ import annotations

import os
import sys
import threading
import time

from awslambdaric.__main__ import main  # type: ignore[import-not-found]  # the emulator's environment

WATCH_SECONDS = 1.0


def leave_with_the_emulator() -> None:
    """End the process when its parent is gone, even by SIGKILL and in the middle of a handler.

    Not PR_SET_PDEATHSIG: Linux sends that when the *thread* that started the child ends, and requests' threads do.
    """
    emulator = int(os.environ.pop("POSTCALL_EMULATOR_PID"))
    while os.getppid() == emulator:
        time.sleep(WATCH_SECONDS)
    os._exit(1)


threading.Thread(target=leave_with_the_emulator, daemon=True).start()
main([sys.argv[0], os.environ["_HANDLER"]])
