"""Word lists and patterns of the rules, as data: who knows the language mends them without reading code."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

_FREE = ("^", r"\W", "(?<")  # expressions that say themselves where they begin
FEW_WORDS = r"(?:\S+ ){0,3}"


@cache
def table(file: str) -> dict[str, Any]:
    """A file of word lists."""
    return tomllib.loads((Path(__file__).parent / f"{file}.toml").read_text(encoding="utf-8"))


def may_hold(kind: str, text: str) -> bool:
    """A cheap look at a text: whether it has one of the stems without which nothing of that kind matches."""
    return _stems(kind).search(text) is not None


@cache
def _stems(kind: str) -> re.Pattern[str]:
    """The stems, those that begin alike together: most letters of a text are compared with the beginnings alone."""
    alike = groupby(sorted(table("stems")[kind]), key=itemgetter(0))
    rests = ((first, "|".join(re.escape(stem[1:]) for stem in stems)) for first, stems in alike)
    return re.compile("|".join(f"{re.escape(first)}(?:{rest})" for first, rest in rests))


@cache
def pattern(file: str, *keys: str, **holes: str) -> re.Pattern[str]:
    """One expression for all alternatives under these keys of a table (all keys, when none is named).

    `holes` fill `{name}` in the expressions; `{few}` is always up to three words.
    """
    text = "|".join(part for key in keys or tuple(table(file)) for part in table(file)[key])
    for hole, value in {"few": FEW_WORDS, **holes}.items():
        text = text.replace(f"{{{hole}}}", value)
    return re.compile(text)


@cache
def patterns(file: str, key: str) -> tuple[re.Pattern[str], ...]:
    """The expressions under a key one by one, each from the beginning of a word unless it begins freely itself."""
    return tuple(re.compile(part if part.startswith(_FREE) else _from_a_word(part)) for part in table(file)[key])


def holds(file: str, key: str, text: str) -> bool:
    """Whether one of these `patterns` is anywhere in a text."""
    return _any_of(file, key).search(text) is not None


@cache
def _any_of(file: str, key: str) -> re.Pattern[str]:
    """The `patterns` under a key as one: where a word begins is looked for once, and not by each of them."""
    parts = table(file)[key]
    free = [f"(?:{part})" for part in parts if part.startswith(_FREE)]
    words_begin = [part for part in parts if not part.startswith(_FREE)]
    return re.compile("|".join([*free, *([_from_a_word("|".join(words_begin))] if words_begin else [])]))


def _from_a_word(part: str) -> str:
    return rf"(?:(?<![^\W_])|(?=<))(?:{part})"


@cache
def patterns_with(file: str, key: str, **holes: str) -> tuple[re.Pattern[str], ...]:
    """The expressions under a key one by one, in any case of letters, with their `{holes}` filled."""
    filled = list(table(file)[key])
    for hole, value in holes.items():
        filled = [part.replace(f"{{{hole}}}", value) for part in filled]
    return tuple(re.compile(rf"(?<![^\W_])(?:{part})(?![^\W_])", re.IGNORECASE) for part in filled)


@cache
def words(file: str, key: str) -> frozenset[str]:
    """The words under a key."""
    return frozenset(table(file)[key].split())
