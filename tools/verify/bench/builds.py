"""Both builds of the table on this machine: the one before, a second checkout made on demand, and this one."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.local.paths import ROOT

BEFORE = "81b922b"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "postcall" / BEFORE
DRIVERS = Path(__file__).with_name("sides")
# What a shell may say of another build, or of a stack of one's own: neither side hears it.
OURS = ("AWS_", "CRM_", "ELEVENLABS_", "EXTERNAL_CRM_", "MAKE", "OPENAI_", "POSTCALL_", "PYTHON", "VIRTUAL_ENV")
Figures = dict[str, Any]


@dataclass(frozen=True)
class Build:
    """A checkout with an environment of its own. `tools` is the package in which its benches and its load run lie."""

    root: Path
    tools: str

    def record(self, module: str, arguments: Sequence[str]) -> Figures:
        """The figures of the record that a run of the build's own leaves; a target that it misses is no matter here.

        Raises:
            RuntimeError: It left none; the text ends with what it said.
        """
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "record.json"
            said = self._run(["-m", f"{self.tools}.{module}", *arguments, "--out", str(out)])
            if not out.exists():
                raise RuntimeError(f"{module} of {self.root} left no record:\n{said[-2000:]}")
            figures: Figures = json.loads(out.read_text(encoding="utf-8"))["figures"]
            return figures

    def driver(self, name: str, arguments: Sequence[str]) -> Figures:
        """The figures that a file of `sides` prints as its last line, run by this build.

        Raises:
            RuntimeError: It printed none; the text ends with what it said.
        """
        said = self._run([str(DRIVERS / f"{name}.py"), *arguments])
        try:
            figures: Figures = json.loads(said.splitlines()[-1])
        except (IndexError, ValueError):
            raise RuntimeError(f"{name} printed no figures with {self.root}:\n{said[-2000:]}") from None
        return figures

    def _run(self, arguments: Sequence[str]) -> str:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        done = subprocess.run(
            [str(self.root / ".venv/bin/python"), *arguments],
            cwd=self.root,
            env=kept | {"PYTHONPATH": str(self.root)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.stdout


def build_now() -> Build:
    """This tree."""
    return Build(ROOT, "tools.verify")


def build_before() -> Build:
    """The build before, checked out and set up from its own locks; nothing to do where that was done.

    Raises:
        SystemExit: Git does not have it, or it cannot be set up.
    """
    if not CACHE.is_dir():
        CACHE.parent.mkdir(parents=True, exist_ok=True)
        _do(["git", "clone", "--quiet", "--shared", "--no-checkout", str(ROOT), str(CACHE)], ROOT)
        _do(["git", "checkout", "--quiet", "--detach", BEFORE], CACHE)
    _do([str(CACHE / "tools/setup.sh")], CACHE)
    return Build(CACHE, "tools")


def _do(command: list[str], folder: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    done = subprocess.run(command, cwd=folder, env=clean, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The build before, {BEFORE}, cannot be had ({' '.join(command)}):\n{done.stderr[-2000:]}")
