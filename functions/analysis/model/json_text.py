"""JSON from a stranger, or found in a text: length, nesting and numbers are bounded before anything is built."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

LONGEST = 1_000_000  # characters; an answer has a few thousand
DEEPEST = 32
_LONGEST_NUMBER = 15  # digits: what a float holds too
_MOST_STARTS = 50
# Possessive: what could be taken back of a text is remembered letter by letter, a hundred bytes each.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]', re.DOTALL)


def _whole(digits: str) -> int:
    """A number of any length as one that fits everywhere: it is out of every range that is asked for."""
    return int(digits) if len(digits) <= _LONGEST_NUMBER else 10**_LONGEST_NUMBER * (-1 if digits[0] == "-" else 1)


def _no_number(_name: str) -> Any:  # noqa: ANN401 — json's own signature
    raise ValueError("NaN and Infinity are no JSON")


_DECODER = json.JSONDecoder(parse_int=_whole, parse_constant=_no_number)


def load(text: str) -> Any:  # noqa: ANN401 — any JSON
    """The value of a whole text.

    Raises:
        ValueError: For what is none, too long or nested too deeply.
    """
    text = text.strip().lstrip("\ufeff")
    _hold_bounds(text)
    value, end = _DECODER.raw_decode(text)
    if text[end:].strip():
        raise ValueError("more than one value")
    return value


def objects_in(text: str) -> Iterator[dict[str, Any]]:
    """The objects that stand in a text, with whatever prose lies between them.

    Raises:
        ValueError: Out of bounds.
    """
    _hold_bounds(text)
    at = text.find("{")
    for _ in range(_MOST_STARTS):
        if at < 0:
            return
        try:
            value, at = _DECODER.raw_decode(text, at)
            yield value
        except ValueError:
            at += 1
        at = text.find("{", at)


def _hold_bounds(text: str) -> None:
    if len(text) > LONGEST:
        raise ValueError("too long")
    depth = 0
    for token in _TOKEN.finditer(text):
        mark = token[0]
        depth += (mark in "[{") - (mark in "]}") if len(mark) == 1 else 0
        if depth > DEEPEST:
            raise ValueError("nested too deeply")
