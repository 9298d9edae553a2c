"""A running llama.cpp server, for as long as a `with` block lasts."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PYTHON = Path(".venv-model/bin/python")
SCRIPT = "tools/verify/model_server/llama_cpp.py"
WINDOW = 2_048  # tokens: smaller than the rules with a call


@dataclass(frozen=True)
class RunningServer:
    """Where it listens, and where its log is."""

    address: str
    log: Path

    @property
    def base_url(self) -> str:
        """What `OPENAI_BASE_URL` must be."""
        return f"{self.address}/v1"

    @property
    def cancelled(self) -> int:
        """How many questions it has dropped."""
        return self.log.read_text(encoding="utf-8", errors="replace").count("cancel task")


@contextmanager
def running(*options: str, window: int = WINDOW) -> Iterator[RunningServer]:
    """The server with this context window and these options.

    Raises:
        RuntimeError: It does not start.
    """
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
        command = [str(PYTHON), SCRIPT, "--window", str(window), *options]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as server:
            try:
                yield RunningServer(_address(server), Path(log.name))
            finally:
                server.terminate()


def _address(server: subprocess.Popen[str]) -> str:
    """What it prints first. Raises `RuntimeError` when it ended instead."""
    address = server.stdout.readline().strip() if server.stdout else ""
    if not address:
        raise RuntimeError("The model server did not start: run its script by hand to see why.")
    return address
