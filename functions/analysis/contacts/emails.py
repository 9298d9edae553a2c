"""E-mail addresses in speech and writing: «petr собака example точка com», "rahul dot mehta at gmail dot com".

An address is whole or absent: what is not understood on either side of the sign makes it none, and it is only masked.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from functions.analysis.contacts.email_domain import domain_after
from functions.analysis.contacts.email_local import local_before, restated
from functions.analysis.contacts.email_tokens import Token, texts_of_tokens, tokens_of
from functions.analysis.contacts.email_words import heuristics, transliterated
from functions.analysis.contacts.number_words import fold
from functions.analysis.words import words

_WRITTEN = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}"
)
_PART_OF_A_WORD = re.compile(r"[\w.%+'’-]$")
MOST_EMAILS = 50  # of one turn: more are no contacts


@dataclass(frozen=True)
class SpokenEmail:
    """An address at a place in a text; `address` is None when it was said but cannot be written down for sure."""

    address: str | None
    start: int
    end: int
    as_latin: str = ""  # the whole of it, transliterated: to compare a read-back with


def spoken_emails(text: str, *, known: int = 0) -> list[SpokenEmail]:
    """All addresses of a text, in order; with many known already the others are masked and no contacts."""
    written = [_as_written(match, text, number) for number, match in enumerate(_WRITTEN.finditer(text), start=known)]
    starts, ends = [found.start for found in written], [found.end for found in written]
    spoken = [
        found
        for found in (_spoken(tokens_of(text), text, starts, ends) if _may_hold(text) else ())
        if not _overlaps(found.start, found.end, starts, ends)
    ]
    return sorted((*written, *spoken), key=lambda found: found.start)


def _overlaps(start: int, end: int, starts: list[int], ends: list[int]) -> bool:
    """Whether a place meets one of those in order."""
    first = bisect_right(ends, start)
    return first < len(starts) and starts[first] < end


def _may_hold(text: str) -> bool:
    """A cheap look before a long one: whether any word for the sign is there, and not only within another."""
    lower, signs = text.casefold(), words("emails", "at")
    return any(sign in lower for sign in signs) and not signs.isdisjoint(map(fold, texts_of_tokens(text)))


def _as_written(match: re.Match[str], text: str, number: int) -> SpokenEmail:
    """An address that hangs on something before it («ё@…», «иван.petrov@…») is a piece, and none."""
    before = text[match.start() - 1 : match.start()]
    is_piece = number >= MOST_EMAILS or _PART_OF_A_WORD.search(before) is not None
    address = None if is_piece else valid_email(match.group())
    return SpokenEmail(address, match.start(), match.end(), match.group().lower())


@lru_cache(maxsize=256)  # an address is met several times in a call: heard, collected, given
def valid_email(text: str) -> str | None:
    """The address in its normal form, or None. No look-up in the network; nothing but ASCII, no punycode."""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 — only calls with an address pay for it

    if not text.strip().isascii():
        return None
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return found.normalized


def _spoken(tokens: list[Token], text: str, starts: list[int], ends: list[int]) -> Iterator[SpokenEmail]:
    found = 0
    for index, token in enumerate(tokens):
        if token.folded not in words("emails", "at") or _overlaps(token.start, token.end, starts, ends):
            continue
        found += 1
        domain = domain_after(tokens, index + 1)
        if domain is None:
            continue
        local = local_before(tokens, index, text)
        if local.first == index and token.folded in {"at", "эт"}:
            continue
        part, end = local.text, tokens[domain.end - 1].end
        if part is None and (again := restated(tokens, domain.end, text)) is not None:
            part, end = again
        is_unclear = part is None or domain.text is None or found > MOST_EMAILS
        address = None if is_unclear else valid_email(f"{part}@{domain.text}")
        yield SpokenEmail(address, tokens[local.first].start, end, address or _latin(tokens[local.first : domain.end]))


def _latin(tokens: list[Token]) -> str:
    """The sound of it in Latin letters."""
    said = ("@" if one.folded in words("emails", "at") else heuristics().get(one.folded, one.folded) for one in tokens)
    return transliterated("".join(said))
