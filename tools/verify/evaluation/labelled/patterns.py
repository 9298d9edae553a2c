"""The patterns of labelled calls in `patterns/`: what is said, what it is about, and the words that prove it.

`sales.toml` and `other.toml` are for development; those in `held_out_*.toml` are only ever counted: no rule was written
on them, and none is mended with them in view. A line of `turns` begins with who speaks: `a:` the agent, `u:` the
caller. In braces stands what differs from call to call: people and numbers as in `speech/scene.py`, and the places of
`fill.py`. Of several right labels the first is the best one. Labels are those that a careful person would give. The
network shows no number beside one that is said: whose that is then is the affair of the generated speech.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HELD_OUT = "held_out_"
_FOLDER = Path(__file__).parent / "patterns"
_LISTS = frozenset({"topic", "intent", "lead_status", "turns", "flags", "phone", "name", "mention", "score"})


@dataclass(frozen=True)
class Labelled:
    """One kind of call. `score` is the lowest and the highest right one; `proof` holds a quote for each signal."""

    held_out: bool
    turns: tuple[str, ...]
    topic: tuple[str, ...]
    intent: tuple[str, ...]
    lead_status: tuple[str, ...]
    score: tuple[int, ...]
    proof: dict[str, str]
    summary: str
    summary_ru: str = ""
    todo: str = ""
    language: str = "ru"
    network: str = "no"
    phone: tuple[str, ...] = ()
    name: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    mention: tuple[str, ...] = field(default=())

    def turn_of(self, quote: str) -> int:
        """The number of the caller's turn with these words.

        Raises:
            StopIteration: Nobody says them.
        """
        return next(number for number, line in enumerate(self.turns) if line.startswith("u:") and quote in line)


def patterns() -> tuple[Labelled, ...]:
    """All of them."""
    return tuple(one for path in sorted(_FOLDER.glob("*.toml")) for one in _read(path))


def _read(path: Path) -> list[Labelled]:
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["call"]
    return [Labelled(held_out=path.stem.startswith(HELD_OUT), **_members(row)) for row in rows]


def _members(row: dict[str, Any]) -> dict[str, Any]:
    members = {"summary_ru": row["summary"]} | row
    return {
        name: (tuple(value) if isinstance(value, list) else (value,)) if name in _LISTS else value
        for name, value in members.items()
    }
