"""Word lists and patterns of the rules, as data: who knows the language mends them without reading code."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FEW_WORDS = r"(?:\S+ ){0,3}"


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def pattern(table: str, *keys: str, **holes: str) -> re.Pattern[str]:
    """One expression for all alternatives under these keys of a table (all keys, when none is named).

    `holes` fill `{name}` in the expressions; `{few}` is always up to three words.
    """
    parts = [part for key in keys or tuple(_table(table)) for part in _table(table)[key]]
    text = "|".join(f"(?:{part})" for part in parts)
    for hole, value in {"few": FEW_WORDS, **holes}.items():
        text = text.replace(f"{{{hole}}}", value)
    return re.compile(text)


@cache
def words(table: str, key: str) -> frozenset[str]:
    """The words under a key."""
    return frozenset(_table(table)[key].split())
