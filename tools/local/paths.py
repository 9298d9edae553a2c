"""Where the local run keeps what it makes: all of it below `.local/`, or below POSTCALL_LOCAL_DIR."""

from __future__ import annotations

import dataclasses
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT / ".local"  # synthesis is the same for all stacks of a checkout
EMULATOR_PYTHON = ROOT / ".venv-emulator" / "bin" / "python"


@dataclasses.dataclass(frozen=True)
class LocalDirectory:
    """The files of one running stack."""

    path: Path

    @property
    def endpoints(self) -> Path:
        """The addresses and tokens to go on with; there only while the stack is up."""
        return self.path / "endpoints.json"

    @property
    def ports(self) -> Path:
        """The ports of last time, so that addresses stay."""
        return self.path / "ports.json"

    @property
    def secrets(self) -> Path:
        """What was generated once and is kept."""
        return self.path / "secrets.json"

    @property
    def processes(self) -> Path:
        """What runs: process ids and command lines."""
        return self.path / "processes.json"

    @property
    def emulator(self) -> Path:
        """The emulated AWS' state and unpacked code."""
        return self.path / "emulator"

    @property
    def logs(self) -> Path:
        """A log per function and per process."""
        return self.path / "logs"

    @property
    def lock(self) -> Path:
        """Held while a stack is being started or stopped."""
        return self.path / "lock"
