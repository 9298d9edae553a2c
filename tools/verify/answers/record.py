"""What the outside tools found when they last looked, and at which templates they looked.

The record is kept beside this module, so that the page and its test need no outside tool. `shapes` tells whether it is
still about the templates of today: the same resources with the same properties. A changed value alone does not change
a shape; the pull request's own run of the tools sees that.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent
RECORD: Final = FOLDER / "record.json"
OPEN_ENDED: Final = frozenset({"Variables", "Tags", "DashboardBody"})  # settings and texts, which no rule looks at
Template = Mapping[str, Any]
Templates = Mapping[str, Mapping[str, Template]]  # by environment and stack


@dataclass
class Rule:
    """`failed` are resources as `stack Name`; `met` is true where the rule looked at something and found nothing."""

    title: str
    failed: list[str] = field(default_factory=list)
    met: bool = False

    @property
    def to_answer(self) -> bool:
        return bool(self.failed) or not self.met


@dataclass
class Judgement:
    """One tool's: its rules that concern a resource type of ours, by their ids."""

    version: str
    rules: dict[str, Rule]


@dataclass
class Record:
    shapes: dict[str, str]
    tools: dict[str, Judgement]

    def write(self) -> None:
        RECORD.write_text(json.dumps(asdict(self), indent=1, sort_keys=True) + "\n", encoding="utf-8")


def read_record() -> Record:
    """The record as it was kept."""
    found = json.loads(RECORD.read_text(encoding="utf-8"))
    tools = {
        name: Judgement(each["version"], {key: Rule(**rule) for key, rule in each["rules"].items()})
        for name, each in found["tools"].items()
    }
    return Record(found["shapes"], tools)


def shapes(templates: Templates) -> dict[str, str]:
    """A digest for each stack of which resources it holds, and which properties these have."""
    return {stack: _shape(template) for each in templates.values() for stack, template in each.items()}


def readable(logical_id: str) -> str:
    """A logical id without the CDK's hash."""
    return re.sub(r"[0-9A-F]{8}([0-9a-f]{32})?$", "", logical_id)


def resources(template: Template) -> Mapping[str, Any]:
    found: Mapping[str, Any] = template.get("Resources", {})
    return found


def _shape(template: Template) -> str:
    lines = sorted(
        f"{readable(name)} {each['Type']} {path}"
        for name, each in resources(template).items()
        for path in {"", *_paths(each.get("Properties", {}))}
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _paths(value: object, prefix: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield f"{prefix}/{name}"
            if name not in OPEN_ENDED:
                yield from _paths(inner, f"{prefix}/{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from _paths(inner, prefix)
