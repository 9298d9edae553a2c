"""The local stack as a command in a folder of its own, for tests and tools that run beside a developer's one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.local.paths import ROOT

OTHER_SETTINGS = ("EXTERNAL_CRM_", "CRM_", "OPENAI_", "ELEVENLABS_", "POSTCALL_", "AUTH", "USE_SSL")
SECONDS = 300.0


def local_command(command: str, directory: Path, settings: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """`python -m tools.local COMMAND` in this folder."""
    return in_folder(["-m", "tools.local", command], directory, settings)


def in_folder(
    arguments: Sequence[str], directory: Path, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Python about this folder's stack; these settings are all there are, whatever the shell holds."""
    shell = {name: text for name, text in os.environ.items() if not name.startswith(OTHER_SETTINGS)}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=shell | {"POSTCALL_LOCAL_DIR": str(directory)} | dict(settings or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )
