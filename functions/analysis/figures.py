"""Numbers of a call and of what was written about it, however they are put: «сто двадцать тысяч» is 120 and 120 000.

What was said gives every value that somebody may rightly make of it; so a number in a text that is none of them was
not said. Shares are numbers too: «два с половиной миллиона» is 2,5 млн, «в половине шестого» is 17:30.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache

from functions.analysis.contacts.number_words import fold
from functions.analysis.words import table, words

_WORD = re.compile(r"\d+[.,]\d{1,2}(?![.,]?\d)|\d+|[^\W\d_]+")
_WRITTEN = re.compile(r"(?:\d{1,3}(?:[   ,.]\d{3})+(?!\d)|\d+[.,]\d{1,2}(?![.,]?\d)|\d+)(?:\s?([^\W\d_]+))?")
_LONGEST_ENDING = 5  # letters after a number word's beginning
_LONGEST_RUN = 8  # words of one number
DAYS_AHEAD = 14  # «в субботу» and «завтра» become dates
_NOON = 12
_SIXTY = 60
_TEN, _THOUSAND, _TENTH = 10, 1_000, Decimal("0.1")
_MOST_DIGITS = 18
_ALWAYS = frozenset({Decimal(0), Decimal(1)})


def numbers_said(texts: Iterable[str], *, at: datetime | None = None, seconds: int | None = None) -> frozenset[Decimal]:
    """Every value that the numbers of these texts can stand for; with the days after `at`, and the call's length."""
    found = {value for text in texts for value in _values(fold(text))}
    found |= {value * size for value in found if value % 1 for size in (_NOON, _SIXTY)}  # months, minutes
    found |= {hour + _NOON for hour in found if hour <= _NOON} | _ALWAYS
    if at is not None:
        for ahead in range(DAYS_AHEAD + 1):
            day = at + timedelta(days=ahead)
            found |= {Decimal(day.day), Decimal(day.month), Decimal(day.year)}
    if seconds is not None:
        found |= {Decimal(value) for value in (seconds, seconds // 60, round(seconds / 60), seconds % 60)}
    return frozenset(found)


def numbers_not_said(text: str, said: frozenset[Decimal]) -> list[str]:
    """The numbers that stand in a text as digits, without spaces, and are none of those that were said.

    One with thousands' spaces is one; «2,5 млн» is said as a whole, or 2 and 5 are each (a time, a date).
    """
    missing = []
    for match in _WRITTEN.finditer(text):
        figure, parts = match[0], re.findall(r"\d+", match[0])
        if re.search(r"[.,]\d{1,2}(?!\d)", figure):
            size = _meaning(fold(match[1] or "")) or _Number()
            whole = Decimal(".".join(part[:_MOST_DIGITS] for part in parts)) * (size.multiplier or 1)
            missing += [] if _was_said(whole, said) else [part for part in parts if not _was_said(Decimal(part), said)]
        elif not _was_said(Decimal("".join(parts)[:_MOST_DIGITS]), said):
            missing.append("".join(parts))
    return missing


def _was_said(number: Decimal, said: frozenset[Decimal]) -> bool:
    """Whether a written number is one of those, in units, thousands or millions."""
    if number in said:
        return True
    smaller = [number / size for size in (_THOUSAND, _THOUSAND**2) if number % size == 0]
    return any(value in said and value > 1 for value in smaller) or number * _THOUSAND in said


@dataclass(frozen=True)
class _Number:
    """What one word can mean within a number."""

    values: tuple[Decimal, ...] = ()  # the first is what it adds to its neighbours
    multiplier: int = 0
    digits: str = ""
    share: Decimal = Decimal(0)  # «половина», "quarter": of what comes next, or of what came before
    is_point: bool = False  # «целых», "point"
    takes_away: bool = False  # «без пятнадцати пять»


def _values(text: str) -> Iterator[Decimal]:
    """The values of all runs of number words and digits."""
    numbers = [_meaning(word) for word in _WORD.findall(text)]
    for start, first in enumerate(numbers):
        if first is not None:
            yield from first.values
            run = _Run()
            for number in filter(None, numbers[start : start + _LONGEST_RUN]):
                yield from run.read(number)


class _Run:
    """Neighbouring number words, read one after another; each gives the values that all so far can stand for."""

    def __init__(self) -> None:
        self._total = self._current = Decimal(0)
        self._size = 1  # the last multiplier
        self._place = Decimal(0)  # of the next digit behind a point
        self._digits = ""
        self._is_hour_before = False  # the hour that comes is not yet there: half past five is half of the sixth
        self._takes_away = False

    def read(self, word: _Number) -> Iterator[Decimal]:
        """The values of the run with one more word."""
        if word.multiplier:
            self._total += (self._current or 1) * word.multiplier
            self._current, self._place, self._size = Decimal(0), Decimal(0), word.multiplier
        elif word.share and self._total and not self._current:
            self._total += word.share * self._size  # "a million and a half"
        elif word.share:
            self._current += word.share
        elif word.is_point:
            self._place = _TENTH
        elif word.values:
            self._add(word.values[0])
            yield from self._times(word.values[0])
        self._is_hour_before = bool(word.share) or word.takes_away or self._takes_away
        self._takes_away |= word.takes_away
        self._digits += word.digits
        yield self._total + self._current
        if self._size >= _THOUSAND:
            yield self._total + self._current * self._size / _THOUSAND  # «миллион двести»
        if self._digits:
            yield Decimal(self._digits[:_MOST_DIGITS])

    def _add(self, value: Decimal) -> None:
        if not self._place:
            self._current += value
        elif value < _TEN:
            self._current += value * self._place
            self._place /= _TEN
        elif self._place == _TENTH:  # «двадцать пять сотых»; behind «пять» the word «десятых» adds nothing
            self._current += value * _TENTH**2
            self._place = _TENTH**2

    def _times(self, value: Decimal) -> Iterator[Decimal]:
        """The hour before, and the minutes that are lacking."""
        if self._is_hour_before and value <= _NOON:
            yield value - 1
        if self._takes_away:
            yield _SIXTY - self._current


@lru_cache(maxsize=4_096)
def _meaning(word: str) -> _Number | None:
    """What a word means; None for one that is no number."""
    if word[:1].isdigit():
        parts = [part[:_MOST_DIGITS] for part in re.findall(r"\d+", word)]
        return _Number((Decimal(".".join(parts)), *map(Decimal, parts)), digits="".join(parts))
    tables = _tables()
    fitting = [(len(begin), value) for value, begin in tables["values"] if _begins(word, begin)]
    minutes = [value for value, begin in tables["minutes"] if word.startswith(begin)]
    found = _Number(
        values=(*([max(fitting)[1]] if fitting else ()), *minutes, *_halves(word)),
        multiplier=next((int(value) for value, begin in tables["multipliers"] if _begins(word, begin)), 0),
        share=next((value / 100 for value, whole in tables["shares"] if word == whole), Decimal(0)),
        is_point=word in words("figures", "point"),
        takes_away=word in words("figures", "away"),
    )
    return found if found != _Number() else None


def _halves(word: str) -> Iterator[Decimal]:
    """«полмиллиона», «полсотни»; «полшестого» is in the sixth hour, and it is still five."""
    found = _meaning(word[3:]) if re.match("пол(?!пол)", word) else None  # once: it would grow with each
    for value in (*found.values, Decimal(found.multiplier)) if found else ():
        yield from (value, value - 1, value / 2)


def _begins(word: str, begin: str) -> bool:
    return word.startswith(begin) and len(word) - len(begin) <= _LONGEST_ENDING


@cache
def _tables() -> dict[str, list[tuple[Decimal, str]]]:
    return {
        name: [(Decimal(value), fold(begin)) for value, begins in rows.items() for begin in begins.split()]
        for name, rows in table("figures").items()
        if isinstance(rows, dict)
    }
