"""Today's assembly with other templates in it: for the CDK's command line those of an earlier release, or a commit."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, get_args

from infra.names import Lifetime
from tests.infra.last_release import Template, with_assets

STACK: Final = "postcall-"
PLACEHOLDERS: Final = {"uat": "111111111111", "prod": "222222222222"}  # the accounts that the kept templates name


def with_templates(now: Path, old: Mapping[str, Template], account: str) -> Path:
    """A copy of the assembly that holds those stacks and no others, for the account; assets are today's."""
    copy = now.with_name(f"{now.name}.replaced")
    shutil.copytree(now, copy, symlinks=True)
    manifest = _json(copy / "manifest.json")
    order = sorted(old, key=lambda stack: get_args(Lifetime).index(stack.rsplit("-", 1)[1]))
    manifest["artifacts"] = {
        name: each if name not in old else each | {"dependencies": [f"{name}.assets", *order[: order.index(name)]]}
        for name, each in manifest["artifacts"].items()
        if not name.startswith(STACK) or name.removesuffix(".assets") in old
    }
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    placeholder = PLACEHOLDERS[now.name]
    for stack, template in old.items():
        text = json.dumps(with_assets(template, _json(copy / f"{stack}.template.json"))).replace(placeholder, account)
        _replace(copy, stack, text)
    return copy


def _replace(assembly: Path, stack: str, text: str) -> None:
    """The template under its own hash: the bucket may hold the other one already."""
    path = assembly / f"{stack}.template.json"
    today = path.read_bytes()
    path.write_text(text, encoding="utf-8")
    for described in (assembly / "manifest.json", assembly / f"{stack}.assets.json"):
        renamed = described.read_text(encoding="utf-8").replace(
            hashlib.sha256(today).hexdigest(), hashlib.sha256(text.encode()).hexdigest()
        )
        described.write_text(renamed, encoding="utf-8")


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
