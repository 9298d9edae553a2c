"""JSON files only their owner can read: tokens and secrets are in them."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from postcall.domain.json_object import as_object

if TYPE_CHECKING:
    from pathlib import Path

OWNER_ONLY = 0o600
OWNERS_FOLDER = 0o700


def make_private(folder: Path) -> None:
    """Make a folder that nobody but its owner looks into: logs and the emulated stores lie there as well."""
    folder.mkdir(mode=OWNERS_FOLDER, parents=True, exist_ok=True)
    folder.chmod(OWNERS_FOLDER)


def write_json(path: Path, value: object) -> None:
    """Replace the file in one step, so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=2, ensure_ascii=False)
        file.write("\n")
    unfinished.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """The file's object; empty when there is no such file or it holds none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return as_object(value)
