"""The patterns of speech in `patterns/`: what is said, with places for what differs, and what is right to take from it.

A file is a category: `corrections.toml` for development, `held_out_corrections.toml` to be counted and never looked at.
A line of `turns` begins with who speaks: `a:` the agent, `u:` the caller, `d:` the caller's keypad, `x:` an item that
the client application put in. In braces stands what is generated (see `scene.py`), such as `{own}`, `{bad.tail}` or
`{email}`. What is right is what a careful manager who reads the text would write down.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HELD_OUT = "held_out_"
_FOLDER = Path(__file__).parent / "patterns"


@dataclass(frozen=True)
class Pattern:
    """One way to say something.

    `phone`, `email` and `name` are what is right, in braces or literally; several where more than one is. `network`
    says whether the network shows a number: `maybe`, `yes`, `no`, or a text of its own. `flagged`: a doubt must be told
    whatever is taken; `reachable`: the network's number may stand where the caller gave none.
    """

    category: str
    held_out: bool
    language: str
    turns: tuple[str, ...] = ()
    phone: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    name: tuple[str, ...] = ()
    kind: tuple[str, ...] = ("word",)
    network: str = "maybe"
    flagged: bool = False
    reachable: bool = True
    collected: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)


def patterns() -> tuple[Pattern, ...]:
    """All of them, by category, those for development first."""
    return tuple(one for path in sorted(_FOLDER.glob("*.toml"), key=_order) for one in _read(path))


def about(category: str) -> str:
    """What a category holds, in one sentence: the first line of its file."""
    with (_FOLDER / f"{category}.toml").open(encoding="utf-8") as file:
        return file.readline().removeprefix("# ").strip().rstrip(".")


def _order(path: Path) -> tuple[str, bool]:
    return path.stem.removeprefix(HELD_OUT), path.stem.startswith(HELD_OUT)


def _read(path: Path) -> list[Pattern]:
    category, held_out = _order(path)
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    common = tables.get("all", {})
    rows = ((language, row) for language in ("ru", "be", "en") for row in tables.get(language, []))
    return [Pattern(category, held_out, language, **_members(common | row)) for language, row in rows]


def _members(row: dict[str, Any]) -> dict[str, Any]:
    lists = {"turns", "phone", "email", "name", "kind"}
    return {
        name: tuple([value] if isinstance(value, str) else value) if name in lists else value
        for name, value in row.items()
    }
