"""Numbers of a call and of what was written about it, however they are put: «сто двадцать тысяч» is 120 and 120 000.

What was said gives every value that somebody may rightly make of it; so a number in a text that is none of them was
not said.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from functions.analysis.contacts.number_words import fold

_WORD = re.compile(r"\d+|[^\W\d_]+")
_WRITTEN = re.compile(r"\d{1,3}(?:[   ,.]\d{3})+(?!\d)|\d+")
_LONGEST_ENDING = 5  # letters after a number word's beginning
_LONGEST_RUN = 8  # words of one number
DAYS_AHEAD = 14  # «в субботу» and «завтра» become dates
_NOON = 12
_ALWAYS = frozenset({0, 1})


def numbers_said(texts: Iterable[str], *, at: datetime | None = None, seconds: int | None = None) -> frozenset[int]:
    """Every value that the numbers of these texts can stand for; with the days after `at`, and the call's length."""
    found = {value for text in texts for value in _values(fold(text))}
    found |= {hour + _NOON for hour in found if hour <= _NOON} | _ALWAYS
    if at is not None:
        for ahead in range(DAYS_AHEAD + 1):
            day = at + timedelta(days=ahead)
            found |= {day.day, day.month, day.year}
    if seconds is not None:
        found |= {seconds, seconds // 60, round(seconds / 60), seconds % 60}
    return frozenset(found)


def numbers_written(text: str) -> Iterator[int]:
    """The numbers that stand in a text as digits; one with thousands' spaces is one."""
    for match in _WRITTEN.finditer(text):
        yield int(re.sub(r"\D", "", match[0])[:18])


def was_said(number: int, said: frozenset[int]) -> bool:
    """Whether a written number is one of those, in units, thousands or millions."""
    if number in said:
        return True
    smaller = [number // size for size in (1_000, 1_000_000) if number % size == 0]
    return any(value in said and value > 1 for value in smaller) or number * 1_000 in said


def _values(text: str) -> Iterator[int]:
    """The values of all runs of number words and digits."""
    tokens = [_meaning(word) for word in _WORD.findall(text)]
    for start, first in enumerate(tokens):
        if first is None:
            continue
        yield from first[0]
        total, current, digits = 0, 0, ""
        for values, multiplier, written in filter(None, tokens[start : start + _LONGEST_RUN]):
            if multiplier:
                current = max(1, current) * multiplier
                total, current = total + current, 0
            elif values:
                current += values[0]
            digits += written
            yield total + current
            if digits:
                yield int(digits[:18])


@cache
def _meaning(word: str) -> tuple[tuple[int, ...], int, str] | None:
    """A word's values, its factor, its digits; None for a word that is no number."""
    if word.isdigit():
        return (int(word[:18]),), 0, word
    tables = _tables()
    multiplier = next((value for value, begin in tables["multipliers"] if _begins(word, begin)), 0)
    halves = tuple(value for value, begin in tables["halves"] if word.startswith(begin))
    fitting = [(len(begin), value) for value, begin in tables["values"] if _begins(word, begin)]
    values = (max(fitting)[1],) if fitting else ()
    tail = () if not word.startswith("пол") else tuple(_meaning_values(word[3:]))
    found = values + halves + tail + tuple(value - 1 for value in tail)
    return (found, multiplier, "") if found or multiplier else None


def _meaning_values(word: str) -> tuple[int, ...]:
    found = _meaning(word)
    return () if found is None else found[0]


def _begins(word: str, begin: str) -> bool:
    return word.startswith(begin) and len(word) - len(begin) <= _LONGEST_ENDING


@cache
def _tables() -> dict[str, list[tuple[int, str]]]:
    path = Path(__file__).parent / "words" / "figures.toml"
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        name: [(int(value), fold(begin)) for value, words in rows.items() for begin in words.split()]
        for name, rows in tables.items()
    }
