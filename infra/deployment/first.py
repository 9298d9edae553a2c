"""A first deployment that can be repeated: nothing is protected before it is complete.

The CDK's command line switches a stack's termination protection on before the first change set has succeeded, and a
table's deletion protection bars the rollback of its own creation; whatever fails then stays and meets the next try as
"already exists". So a stack that is not complete yet is deployed from a copy of the assembly without either, and from
the assembly itself right afterwards.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any, Final

COMPLETE: Final = frozenset(
    {
        "CREATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_FAILED",
        "IMPORT_COMPLETE",
    }
)
PROTECTION: Final = "DeletionProtectionEnabled"


def protected_stacks(assembly: Path) -> list[str]:
    """The stacks of the assembly that nobody shall delete in passing."""
    artifacts = _json(assembly / "manifest.json")["artifacts"]
    return [name for name, each in artifacts.items() if each.get("properties", {}).get("terminationProtection")]


def without_protection(assembly: Path, incomplete: Collection[str]) -> Path:
    """A copy of the assembly beside it in which those stacks, and what they hold, are not protected."""
    copy = assembly.with_name(f"{assembly.name}.first")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(assembly, copy, symlinks=True)
    manifest = _json(copy / "manifest.json")
    for name in incomplete:
        manifest["artifacts"][name]["properties"]["terminationProtection"] = False
    _write(copy / "manifest.json", manifest)
    for name in incomplete:
        _unprotect_the_template(copy, name)
    return copy


def _unprotect_the_template(assembly: Path, stack: str) -> None:
    """The template without deletion protection, under its own hash: the bucket may hold the other one already."""
    path = assembly / f"{stack}.template.json"
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_text(path.read_text(encoding="utf-8").replace(f'"{PROTECTION}": true', f'"{PROTECTION}": false'))
    after = hashlib.sha256(path.read_bytes()).hexdigest()
    for described in (assembly / "manifest.json", assembly / f"{stack}.assets.json"):
        described.write_text(described.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
