"""Quotes: a judgement counts only with the caller's own words behind it, found verbatim in what the caller said."""

from __future__ import annotations

import re
from collections.abc import Sequence

from functions.analysis.contacts.number_words import fold
from postcall.domain.analysis import Evidence
from postcall.domain.call import Speaker, Turn

LONGEST_QUOTE = 300
_WORD = re.compile(r"[^\W_]+")
_FEWEST_CHARACTERS = 4  # «да» is found anywhere


def checked(quote: str, turn: int, turns: Sequence[Turn]) -> Evidence:
    """The quote with its turn; verified when it stands in a caller turn (that one, or else the first)."""
    wanted = plain_words(quote)
    if sum(letter.isalnum() for letter in wanted) < _FEWEST_CHARACTERS:
        return Evidence(quote[:LONGEST_QUOTE], turn)
    order = sorted(range(len(turns)), key=lambda index: (index != turn, index))
    found = next((index for index in order if _holds(turns[index], wanted)), None)
    return Evidence(quote[:LONGEST_QUOTE], turn if found is None else found, verified=found is not None)


def plain_words(text: str) -> str:
    """Words alone: lower case, ё as е, no punctuation, one space around each."""
    return f" {' '.join(_WORD.findall(fold(text)))} "


def _holds(turn: Turn, wanted: str) -> bool:
    return turn.speaker is Speaker.CALLER and wanted in plain_words(turn.text)
