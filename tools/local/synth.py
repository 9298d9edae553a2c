"""Synthesise the `local` environment, only when something it is made of changed."""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import subprocess
import sys
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from tools.local.node import with_own_node
from tools.local.paths import ROOT, SHARED
from tools.local.private_file import make_private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INPUTS = (
    "functions",
    "layers",
    "infra",
    "docs/runbooks",
    "docs/operating.md",
    "docs/operating.ru.md",
    "requirements/layer.txt",
    "cdk.json",
)
NOT_READ = {"__pycache__", ".mypy_cache", ".ruff_cache"}
ASSEMBLY = SHARED / "cdk.out"
STAMP = SHARED / "cdk.out.inputs"
LOCK = SHARED / "synthesis.lock"


class SynthesisError(Exception):
    """The templates could not be made; the text is what the app said."""


def synthesise(say: Callable[[], AbstractContextManager[None]] = nullcontext) -> Path:
    """The up-to-date cloud assembly of the `local` environment. `say` goes around the making of one, if need be.

    Raises:
        SynthesisError: The templates could not be made; the text is what the app said.
    """
    with _alone():
        fingerprint = inputs_fingerprint()
        if is_current(fingerprint):
            return ASSEMBLY
        with say():
            _make()
        STAMP.write_text(fingerprint, encoding="utf-8")
        return ASSEMBLY


def _make() -> None:
    STAMP.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "infra.app"],
        cwd=ROOT,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SynthesisError((done.stderr or done.stdout).strip())


def is_current(fingerprint: str) -> bool:
    """Whether the assembly at hand was made from these inputs."""
    return STAMP.exists() and STAMP.read_text(encoding="utf-8") == fingerprint and (ASSEMBLY / "manifest.json").exists()


def inputs_fingerprint(root: Path = ROOT) -> str:
    """A hash over every file that synthesis reads, this Python and this processor."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {platform.machine()} {platform.system()}".encode())
    for path in sorted(_inputs(root)):
        digest.update(f"\0{path.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _inputs(root: Path) -> Iterator[Path]:
    for name in INPUTS:
        path = root / name
        if path.is_file():
            yield path
        for found in path.rglob("*"):
            if found.is_file() and not NOT_READ & set(found.parts) and found.suffix != ".pyc":
                yield found


def _environment() -> dict[str, str]:
    """Node from this virtual environment; none of what makes synthesis slow (validation, imports without bytecode)."""
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return with_own_node(environment) | {
        "CDK_OUTDIR": str(ASSEMBLY),
        "POSTCALL_ENVIRONMENT": "local",
        "CDK_VALIDATION": "false",
    }


@contextmanager
def _alone() -> Iterator[None]:
    """Several stacks may start at once; they share one assembly."""
    make_private(SHARED)
    with LOCK.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
