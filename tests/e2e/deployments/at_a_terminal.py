"""Run a command at a terminal where somebody answers yes: `python at_a_terminal.py COMMAND…`; its output, its code."""

from __future__ import annotations

import os
import pty
import sys

QUESTION = b"(y/n)"


def main(command: list[str]) -> int:
    """The command's exit code."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)  # noqa: S606 — the test's own command
    said = b""
    while read := _read(terminal):
        sys.stdout.buffer.write(read)
        said += read
        if QUESTION in said:
            os.write(terminal, b"y\n")
            said = b""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux says so when the other side is closed
        return b""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
