"""What may stand in a text that leaves this step: one line of plain words, whatever the caller or a model put into it.

The CRM's comment joins its parts with ` | ` and ends in `IDs: …`; a forged part, a link, markup or a formula must not
get there, nor into a spreadsheet that somebody exports.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,200}>")
_URL = re.compile(r"(?:\b(?:https?|ftp|javascript|data|file)\s?:\s?/{0,2}\S+|\bwww\.\S+)", re.IGNORECASE)
_IDS = re.compile(r"\bIDs?\s*[:=]\s*(?=event|agent|conv)", re.IGNORECASE)
_FORMULA = re.compile(r"^[=+\-@\s]+(?=\S)")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
LONGEST_NOTE = 200  # characters
LINK = "[ссылка]"


def printable(text: str) -> str:
    """Without control, bidirectional and zero-width characters; line breaks become spaces."""
    if text.isprintable():  # nearly every text: none of its characters is looked up
        return " ".join(text.split())
    kept = "".join(
        " " if character in "\n\r\t\v\f\u2028\u2029\x85" else character
        for character in text
        if character in "\n\r\t\v\f\u2028\u2029\x85"
        or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return " ".join(kept.split())


def clean(text: str, limit: int) -> str:
    """A text for people: printable, without markup, links, separators or a forged `IDs:`, within `limit` characters."""
    plain = printable(unicodedata.normalize("NFC", text))
    plain = _URL.sub(LINK, plain)
    while (stripped := _TAG.sub(" ", plain)) != plain:  # a tag may hide inside a tag
        plain = stripped
    plain = _IDS.sub("ID ", plain)
    plain = " ".join(plain.replace("|", "/").replace("<", "‹").replace(">", "›").split())
    return _cut(_FORMULA.sub("", plain), limit)


def with_notes(comment: str, notes: Sequence[str]) -> str:
    """A comment with what a manager should read beside it; the notes are never cut for the comment's sake."""
    added = [clean(note, LONGEST_NOTE) for note in notes]
    return " ".join((comment, *(f"{note[:1].upper()}{note[1:]}." for note in added))).strip()


def clean_name(text: str) -> str | None:
    """A person's name: letters of one to six words, at most 100 characters; None for anything else."""
    plain = _cut(clean(text, 200).strip(' .,;:!?"«»'), 200)
    words = plain.split()
    shape = re.fullmatch(r"[^\W\d_][^\d_;:=/\\{}\[\]()@#%*+~^$€]{0,99}", plain)
    return plain if shape and 1 <= len(words) <= 6 else None  # noqa: PLR2004 — as long as names get


def given_name(text: str) -> str:
    """A name as our own system gave it, on one line, without what a CRM column or a spreadsheet would take for more."""
    return _cut(clean(text, 1_000).strip(), 250)


def is_mostly_cyrillic(text: str, share: float = 0.6) -> bool:
    """Whether at least this share of a text's letters is Cyrillic."""
    letters = "".join(filter(str.isalpha, text))
    return bool(letters) and len(_CYRILLIC.findall(letters)) >= share * len(letters)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"
