"""E-mail addresses in speech and writing: «petr собака example точка com», "rahul dot mehta at gmail dot com".

The domain has a table (ways to say it are few); the part before the sign is taken only where speech recognition wrote
it in Latin letters or digits. «Кристина собака…» may be spelled in many ways: such an address is masked, never used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from functions.analysis.contacts.email_local import local_part, local_start, restated
from functions.analysis.contacts.email_tokens import Token, is_dot, past_commas, spelled, tokens_of
from functions.analysis.contacts.email_words import AT, DOT, domain_words, transliterated

_WRITTEN = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}"
)
_ZONE = re.compile(r"[a-z]{2,24}|бел|рф")
_WORDS_OF_A_NAME = 3


@dataclass(frozen=True)
class SpokenEmail:
    """An address at a place in a text; `address` is None when it was said but cannot be written down for sure."""

    address: str | None
    start: int
    end: int
    as_latin: str = ""  # the whole of it, transliterated: to compare a read-back with


def spoken_emails(text: str) -> list[SpokenEmail]:
    """All addresses of a text, in order."""
    written = [
        SpokenEmail(valid_email(m.group()), m.start(), m.end(), m.group().lower()) for m in _WRITTEN.finditer(text)
    ]
    taken = [(found.start, found.end) for found in written]
    spoken = [
        found
        for found in _spoken(tokens_of(text), text)
        if not any(found.start < end and start < found.end for start, end in taken)
    ]
    return sorted((*written, *spoken), key=lambda found: found.start)


def valid_email(text: str) -> str | None:
    """The address in its normal form, or None. No look-up in the network; a Cyrillic local part is a hearing error."""
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 — only calls with an address pay for it

    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return found.normalized if found.normalized.isascii() else found.ascii_email


def _spoken(tokens: list[Token], text: str) -> Iterator[SpokenEmail]:
    for index, token in enumerate(tokens):
        if token.folded not in AT:
            continue
        domain, last = _domain(tokens, index + 1)
        first = local_start(tokens, index - 1)
        if domain is None or first == index:
            continue
        local = local_part(tokens[first:index], text)
        end = tokens[last - 1].end
        if local is None and (again := restated(tokens, last, text)) is not None:
            local, end = again
        as_latin = transliterated("".join(spelled(part) for part in tokens[first:index])) + f"@{domain}"
        address = None if local is None else valid_email(f"{local}@{domain}")
        yield SpokenEmail(address, tokens[first].start, end, address or as_latin)


def _domain(tokens: list[Token], index: int) -> tuple[str | None, int]:
    """Labels joined by dots after the sign; None when it was not a domain. The second value is where it ends."""
    labels: list[str] = []
    index = past_commas(tokens, index)
    while index < len(tokens) and (label := _label(tokens[index])) is not None:
        labels.append(label)
        index += 1
        dot = past_commas(tokens, index)
        if not labels[1:] and not _dot_at(tokens, dot):  # «топ медиа точка ру»: one name of several words
            dot = next((near for near in range(dot + 1, dot + _WORDS_OF_A_NAME) if _dot_at(tokens, near)), dot)
            labels[0] = f"{label} …" if _dot_at(tokens, dot) else label
        if not _dot_at(tokens, dot):
            break
        index = past_commas(tokens, dot + 1)
    is_domain = len(labels) > 1 and _ZONE.fullmatch(labels[-1])
    return (".".join(labels) if is_domain else None), index


def _dot_at(tokens: list[Token], index: int) -> bool:
    return index < len(tokens) and is_dot(tokens, index)


def _label(token: Token) -> str | None:
    word = domain_words().get(token.folded)
    if word is not None:
        return word
    return token.folded if token.text[0].isalnum() and token.folded not in DOT | AT else None
