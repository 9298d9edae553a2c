"""The one gate that every value passes on its way to the CRM: what a caller said stays text there, whatever it holds.

One line of printable characters; nothing that a spreadsheet would take for a formula; a phone and an e-mail only in
their own shape.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

REPLACEMENT = "\ufffd"
_FORMULA_SIGNS = frozenset("=+-@＝＋－＠")
_PHONE = re.compile(r"\+?\d{2,20}", re.ASCII)
_EMAIL = re.compile(
    r"[^\s@,;:<>()\[\]\\\"=+-][^\s@,;:<>()\[\]\\\"]*@[^\s@,;:<>()\[\]\\\"]+\.[^\s@,;:<>()\[\]\\\".]{2,}"
)


class Kind(StrEnum):
    """What a value is, which decides on its shape."""

    TEXT = "text"
    PHONE = "phone"
    EMAIL = "email"
    OWN = "own"  # from the field map: whoever wrote it may begin it as they like


def gated(value: str, kind: Kind) -> str:
    """The value as it may be sent; empty when it has not the shape of its kind."""
    line = one_line(value)
    match kind:
        case Kind.PHONE:
            digits = re.sub(r"[ ().-]", "", line)
            return digits if _PHONE.fullmatch(digits) else ""
        case Kind.EMAIL:
            return line if _EMAIL.fullmatch(line) else ""
        case Kind.TEXT if line[:1] in _FORMULA_SIGNS:
            return f"'{line}"
        case _:
            return line


def one_line(text: str) -> str:
    """The text as one line of printable characters, without invisible or direction-changing ones."""
    return re.sub(r"\s+", " ", text if text.isprintable() else "".join(map(_printable, text))).strip()


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    match unicodedata.category(character):
        case "Cf":
            return ""
        case "Cc" | "Zs" | "Zl" | "Zp":
            return " "
        case _:  # lone surrogates, private use, and what is no character at all (U+FFFE, U+FFFF)
            return REPLACEMENT
