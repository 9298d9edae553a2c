"""How long `make run` takes in a build that was started before, from the command to the last line of its story.

python start.py
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time

LAST_LINE = "Ctrl-C stops everything."


def main() -> None:
    """Print the seconds of the second start as one line of JSON."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what it starts behind it ignore Ctrl-C
    with tempfile.TemporaryDirectory() as folder:
        first, second = started(folder), started(folder)
    print(json.dumps({"first_start_seconds": first, "second_start_seconds": second}))


def started(folder: str) -> float:
    """Start with this folder for what a stack keeps, and stop again; the seconds of the start.

    Raises:
        RuntimeError: It ended before it was up.
    """
    begun = time.monotonic()
    with subprocess.Popen(
        ["make", "run"],  # noqa: S607 — make, wherever it is
        env={name: text for name, text in os.environ.items() if name != "PYTHONPATH"} | {"POSTCALL_LOCAL_DIR": folder},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as running:
        said = []
        for line in running.stdout or ():
            said.append(line)
            if LAST_LINE in line:
                spent = time.monotonic() - begun
                os.killpg(running.pid, signal.SIGINT)
                running.communicate()
                return spent
    raise RuntimeError("make run ended before it was up:\n" + "".join(said[-20:]))


if __name__ == "__main__":
    main()
