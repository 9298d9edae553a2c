"""Masks: a text without its phones, addresses and long numbers, with references where they stood.

A model sees the reference and never a digit. A run of digits that is no phone is masked as a whole, whatever stands
between its pieces, since half a phone is still somebody's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from functions.analysis.contacts.emails import SpokenEmail
from functions.analysis.contacts.heard import MASKED_FROM, HeardNumber

MASKED_NUMBER, MASKED_EMAIL = "[NUMBER]", "[EMAIL]"

Reference = Callable[[str], str | None]


def masked(text: str, numbers: Sequence[HeardNumber], emails: Sequence[SpokenEmail], reference: Reference) -> str:
    """The text with marks instead of contacts; of two that overlap the first counts."""
    marks = [(one.start, one.end, _mark(one.address, reference, MASKED_EMAIL)) for one in emails]
    phones = [one for one in numbers if one.value is not None]
    marks += [(one.number.start, one.number.end, _mark(one.value, reference, MASKED_NUMBER)) for one in phones]
    with_phones = {one.masks for one in phones}
    for one in numbers:
        start, end = one.masks or (one.number.start, one.number.end)
        if one.value is None and (start, end) in with_phones:
            start, end = one.number.start, one.number.end
        long = sum(map(str.isdigit, text[start:end])) >= MASKED_FROM or len(one.number.digits) >= MASKED_FROM
        if one.value is None and long and not one.number.is_amount:
            marks.append((start, end, MASKED_NUMBER))
    return _with_marks(text, marks)


def _mark(value: str | None, reference: Reference, otherwise: str) -> str:
    ref = None if value is None else reference(value)
    return otherwise if ref is None else f"[{ref}]"


def _with_marks(text: str, marks: list[tuple[int, int, str]]) -> str:
    parts: list[str] = []
    at = 0
    for start, end, mark in sorted(marks):
        if start >= at:
            parts += [text[at:start], mark]
            at = end
    return "".join((*parts, text[at:]))
