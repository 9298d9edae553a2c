"""What the outside tools found when they last looked, and at which templates they looked.

The record is kept beside this module, so that the page and its test need no outside tool. `shapes` tells whether it is
still about the templates of today: the same resources with the same values. What changes with the code alone, such as
an asset's key, and what no rule reads, such as an alarm's text, is left out.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent
RECORD: Final = FOLDER / "record.json"
# Of settings rules read the names, and whether AWS's own keys stand there; the others are words for people.
OPEN_ENDED: Final = frozenset({"Variables", "Tags", "DashboardBody"})
WORDS: Final = frozenset({"AlarmDescription", "Description"})  # for people: a text, or what a deployment makes one of
OF_THE_CODE: Final = re.compile(r"[0-9a-f]{64}|[0-9A-F]{8}[0-9a-f]{32}")  # hashes of an asset's content
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
    """A digest for each stack of its resources and their values."""
    return {stack: _shape(template) for each in templates.values() for stack, template in each.items()}


def readable(logical_id: str) -> str:
    """A logical id without the CDK's hash."""
    return re.sub(r"[0-9A-F]{8}([0-9a-f]{32})?$", "", logical_id)


def resources(template: Template) -> Mapping[str, Any]:
    found: Mapping[str, Any] = template.get("Resources", {})
    return found


def _shape(template: Template) -> str:
    lines = sorted(
        OF_THE_CODE.sub("", f"{readable(name)} {json.dumps(_looked_at(each), sort_keys=True)}")
        for name, each in resources(template).items()
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _looked_at(value: object) -> object:
    """What a rule may read: not the CDK's metadata, nor words; of what is open-ended the names."""
    if isinstance(value, Mapping):
        return {
            name: sorted(inner) if name in OPEN_ENDED and isinstance(inner, Mapping) else _looked_at(inner)
            for name, inner in value.items()
            if name not in {"Metadata", *WORDS} and not (name in OPEN_ENDED and not isinstance(inner, Mapping))
        }
    return [*map(_looked_at, value)] if isinstance(value, list) else value
