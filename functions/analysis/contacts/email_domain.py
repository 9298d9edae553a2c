"""The part of a spoken e-mail address after the sign: a provider or a name in Latin letters, under a zone that exists.

A name of a provider under a zone that it does not have, a Cyrillic name under a Latin zone, or a capitalised name that
a recogniser put together was misheard: such a domain is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from functions.analysis.contacts.email_tokens import Token, ends_sentence, is_dot, past_commas
from functions.analysis.contacts.email_words import domain_words, heuristics, known_words, provider_zones, zones

_LABEL = re.compile(r"[a-z0-9]+")
_LONGEST = 12  # tokens of a label
_WORDS_TO_A_DOT = 4


@dataclass(frozen=True)
class Domain:
    """What was said after the sign, up to `end`. `text` is None where it was a domain, but nobody knows which."""

    text: str | None
    end: int


def domain_after(tokens: list[Token], index: int) -> Domain | None:
    """The domain that begins there; None when what follows is no domain at all."""
    labels: list[str | None] = []
    index = past_commas(tokens, index)
    first = index
    while True:
        label, after = _label(tokens, index)
        if after == index:
            break
        labels.append(label)
        index = after
        dot = past_commas(tokens, index)
        if not is_dot(tokens, dot) and not (len(labels) == 1 and _is_zone_of(label, tokens, dot)):
            break
        index = past_commas(tokens, dot + 1) if is_dot(tokens, dot) else dot
    if len(labels) < 2:  # noqa: PLR2004 — a name and a zone
        return _unclear(tokens, first)
    is_named = labels[-1] in zones() or labels[0] in provider_zones()
    if not is_named:
        return _unclear(tokens, first)
    text = _written(labels)
    capital = len(labels) == 2 and tokens[first].text[0].isupper() and tokens[first + 1].glued  # noqa: PLR2004
    is_guess = capital and labels[0] not in provider_zones()
    return Domain(None if is_guess else text, index)


def _label(tokens: list[Token], index: int) -> tuple[str | None, int]:
    """A label and where it ends; its text is None where a word of it is not understood."""
    parts: list[str | None] = []
    start = index
    while index < len(tokens) and index - start < _LONGEST:
        token = tokens[index]
        if parts and heuristics().get(token.folded) == "-" and index + 1 < len(tokens):
            follows = _part(tokens[index + 1])
            if follows is _NOTHING:
                break
            parts += ["-", follows]
            index += 2
        elif not parts and (part := _part(token)) is not _NOTHING:
            parts.append(part)
            index += 1
        else:
            break
    whole = [part for part in parts if part is not None]
    return ("".join(whole) if len(whole) == len(parts) else None), index


_NOTHING = ""


def _part(token: Token) -> str | None:
    """A word of a label; None where it is a word that nobody can write down, `_NOTHING` where it is no word."""
    if not token.text[0].isalnum() or token.folded in heuristics():
        return _NOTHING
    known = domain_words().get(token.folded) or known_words().get(token.folded)
    if known is not None:
        return known
    return token.folded if _LABEL.fullmatch(token.folded) else None


def _is_zone(tokens: list[Token], index: int) -> bool:
    word = tokens[index].folded if index < len(tokens) else ""
    return domain_words().get(word, word) in zones()


def _is_zone_of(label: str | None, tokens: list[Token], index: int) -> bool:
    """«Собака мейл ру»: the dot between a provider and its zone is often left out."""
    if label is None or index >= len(tokens):
        return False
    word = tokens[index].folded
    return domain_words().get(word, word) in provider_zones().get(label, ())


def _written(labels: list[str | None]) -> str | None:
    known = [label for label in labels if label is not None]
    if len(known) != len(labels) or known[-1] not in zones():
        return None
    provider, zone = known[-2], known[-1]
    if len(known) == 2 and provider in provider_zones() and zone not in provider_zones()[provider]:  # noqa: PLR2004
        return None
    return ".".join(known)


def _unclear(tokens: list[Token], first: int) -> Domain | None:
    """Several words and then a dot, or a provider's name alone: an address was meant."""
    for index in range(first, min(first + _WORDS_TO_A_DOT, len(tokens))):
        if is_dot(tokens, index) and index > first and _is_zone(tokens, past_commas(tokens, index + 1)):
            return Domain(None, min(index + 2, len(tokens)))
        if ends_sentence(tokens, index):
            break
    is_provider = first < len(tokens) and domain_words().get(tokens[first].folded) in provider_zones()
    return Domain(None, first + 1) if is_provider else None
