"""Whether what was written about a call occurs in it: each number, month and name of a text must have been said there.

It finds inventions, not every lie: a text without any of them passes. What was not found is a reason to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from functions.analysis.contacts.number_words import fold
from functions.analysis.figures import DAYS_AHEAD, numbers_not_said, numbers_said
from functions.analysis.preprocessing import PreparedCall, unmasked
from functions.analysis.words import patterns, words

_NAME = re.compile(r"[А-ЯЁІЎ][а-яёіў'’-]{2,}|[A-Z][a-z'’-]{2,}")
_OPENS = re.compile(r"(?:^|[.!?…:;\]]|[—–-] )[\s«»\"'(]*$")
_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN = str.maketrans(
    "абвгдежзийклмнопрстуфхцчшщъыьэюяіў",
    "abvgdejziiklmnoprstufhkkss#i#euaiv",
)
_SAME_SOUND = str.maketrans({"w": "v", "c": "k", "q": "k", "x": "k", "y": "i", "j": "i", "z": "s"})
_STEM, _ENDING = 3, 3  # letters of a word that stay, and that change with its case


@dataclass(frozen=True)
class Grounding:
    """What occurs in a call: the words of its turns, of its own system's data and of the agent's fields."""

    prepared: PreparedCall

    def missing_from(self, text: str) -> list[str]:
        """The numbers, months and names of a text that do not occur in the call."""
        plain = unmasked(text)
        numbers = numbers_not_said(plain, self._numbers)
        months = [name for month, name in _months(plain).items() if month not in self._months]
        return numbers + months + [name for name in _names(plain) if not self._has(name)]

    @cached_property
    def _texts(self) -> list[str]:
        return [*(turn.text for turn in self.prepared.turns), *self._fields]

    @cached_property
    def _fields(self) -> list[str]:
        call = self.prepared.call
        known = (call.contact.full_name, call.contact.phone, call.contact.email)
        collected = [str(value) for value in call.vendor.collected.values() if isinstance(value, str | int | float)]
        return [*(value.value for value in known if value is not None), *collected]

    @cached_property
    def _numbers(self) -> frozenset[Decimal]:
        """Of the turns as the model saw them: a sum is not said by the digits of a phone."""
        call = self.prepared.call
        shown = [turn.text for turn in self.prepared.shown]
        return numbers_said([*shown, *self._fields], at=call.started_at, seconds=call.duration_seconds)

    @cached_property
    def _months(self) -> frozenset[int]:
        """Those that were named, and those of the days after the call."""
        at = self.prepared.call.started_at
        near = () if at is None else ((at + timedelta(days=ahead)).month for ahead in range(DAYS_AHEAD + 1))
        return frozenset((*_months(" ".join(self._texts)), *near))

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(fold(word) for text in self._texts for word in _LETTERS.findall(text))

    @cached_property
    def _sounds(self) -> frozenset[str]:
        return frozenset(_sound(word) for word in self._words)

    def _has(self, name: str) -> bool:
        parts = [fold(part) for part in _LETTERS.findall(name)]
        return all(self._has_word(part) for part in parts)

    def _has_word(self, word: str) -> bool:
        if word in words("grounding", "of_roles") or word in self._words:
            return True
        stem = word[: max(_STEM, len(word) - _ENDING)]
        return any(other.startswith(stem) for other in self._words) or _sound(word) in self._sounds


def _names(text: str) -> Iterator[str]:
    """Words with a capital letter that do not merely begin a sentence, and given names wherever they stand."""
    for match in _NAME.finditer(text):
        begins = _OPENS.search(text[: match.start()]) is not None
        if not begins or fold(match[0]) in words("grounding", "given"):
            yield match[0]


def _months(text: str) -> dict[int, str]:
    """The months that a text names, 1 to 12, and how."""
    found = (one.search(fold(text)) for one in patterns("grounding", "months"))
    return {month: match[0] for month, match in enumerate(found, 1) if match is not None}


def _sound(word: str) -> str:
    """A word's consonants in Latin letters: «Мехта» and "Mehta" are one."""
    latin = fold(word).translate(_LATIN).translate(_SAME_SOUND)
    return re.sub(r"[^bdfgklmnprstv]", "", latin)
