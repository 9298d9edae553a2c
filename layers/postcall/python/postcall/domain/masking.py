"""Text that a person wrote, made fit for a log: without anything that could be a phone number or an e-mail address."""

from __future__ import annotations

import re

MASK = "…"
# Five digits and more, however they are grouped, or anything around an at sign.
_NUMBER = re.compile(r"\+?\d(?:[\s().\-–/]{0,3}\d){4,}")
_ADDRESS = re.compile(r"[^\s@]*@[^\s@]*")


def masked(text: str) -> str:
    """The text on one line, its numbers and addresses replaced."""
    line = "".join(character if character.isprintable() else " " for character in text)
    return _NUMBER.sub(MASK, _ADDRESS.sub(MASK, line))
