"""What a function prints, in a file a person can follow: `.local/logs/<function>.log`."""

from __future__ import annotations

import os
from pathlib import Path


class FunctionLog:
    """One function's log; its environments append to the same file, line by line."""

    def __init__(self, function: str) -> None:
        self._path = Path(os.environ["POSTCALL_EMULATOR_DIRECTORY"]).parent / "logs" / f"{function}.log"
        self._path.parent.mkdir(parents=True, exist_ok=True)

    def write(self, line: str) -> None:
        """Append one line."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
