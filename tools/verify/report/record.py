"""How a run writes down what it measured: one JSON file a run, from which `docs/proof.md` is made.

A record says what ran (the command), when, for how long, on which commit and machine, what it found and what it left
out. No figure of the document comes from anywhere else.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
RUNS_FOLDER = ROOT / "tools/verify/records"


def write_record(
    path: Path,
    *,
    command: str,
    seconds: float,
    figures: Mapping[str, Any],
    not_covered: Sequence[str] = (),
) -> None:
    """Write a run's record to `path`.

    `command` repeats the run from the project's root. `figures` is what it found, JSON-serialisable, units in the
    names (`ack_p50_ms`). `not_covered` are sentences: what a reader could take for shown and is not.
    """
    record = {
        "command": command,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 1),
        "commit": commit(),
        "machine": machine(),
        "figures": dict(figures),
        "not_covered": list(not_covered),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def commit() -> str:
    """The commit that ran, with `+` when a tracked file of code differed from it."""
    head = _git("rev-parse", "--short=12", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs", ":!*.md")
    return f"{head}+" if changed else head


def machine() -> dict[str, Any]:
    """What a reader needs to compare figures: cores, memory, system, interpreter. No host name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(memory),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607 — git, wherever it is
    return done.stdout.strip() if done.returncode == 0 else ""
