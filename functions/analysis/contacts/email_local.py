"""The part of a spoken e-mail address before the sign: where it begins, and how it is written if that is certain."""

from __future__ import annotations

import re

from functions.analysis.contacts.email_tokens import Token, is_character, is_separator, separator
from functions.analysis.contacts.email_words import COMMAS, INTRODUCE, LOWER
from functions.analysis.contacts.number_words import number_words
from functions.analysis.contacts.spoken_numbers import spoken_numbers

_RESTATES = re.compile(r"\W*(?:то есть|значит|по буквам|that is|i mean|это значит|гэта значыць)\b", re.IGNORECASE)
_LONGEST_LOCAL = 64  # tokens, as the part before the sign has at most 64 characters
_LATIN = re.compile(r"[A-Za-z0-9]+")


def local_start(tokens: list[Token], index: int) -> int:
    """Where the part before the sign begins: one word, or what separators and single characters join to it."""
    first = index + 1
    lowest = max(0, index - _LONGEST_LOCAL)
    joins = True
    while index >= lowest:
        if tokens[index].text not in COMMAS:
            if not _belongs(tokens, index, joins=joins):
                break
            joins = is_separator(tokens[index]) or tokens[index].text.isdigit()
            first = index
        index -= 1
    while first < len(tokens) and is_separator(tokens[first]):
        first += 1
    return first


def _belongs(tokens: list[Token], index: int, *, joins: bool) -> bool:
    """Whether the token is still part of the address that what follows it belongs to."""
    token = tokens[index]
    if token.folded in INTRODUCE:
        return False
    if token.text == ".":
        return index + 1 < len(tokens) and tokens[index + 1].glued
    if is_separator(token) or is_character(token):
        return True
    follows_digits = index + 1 < len(tokens) and tokens[index + 1].text.isdigit()
    return joins and token.text[0].isalnum() and (token.text.isascii() or not follows_digits)


def local_part(tokens: list[Token], text: str) -> str | None:
    """The part before the sign, or None where a word of it is not Latin."""
    parts: list[str] = []
    words = [token for token in tokens if token.text not in COMMAS and token.folded not in LOWER]
    index = 0
    while index < len(words):
        token = words[index]
        if (sign := separator(token)) is not None:
            parts.append(sign)
        elif _LATIN.fullmatch(token.text) and token.folded not in number_words():
            parts.append(token.text.lower())
        elif token.folded in number_words():
            last = index
            while last + 1 < len(words) and words[last + 1].folded in number_words():
                last += 1
            said = spoken_numbers(text[token.start : words[last].end])
            parts.append("".join(number.digits for number in said))
            index = last
        else:
            return None
        index += 1
    return "".join(parts) or None


def restated(tokens: list[Token], index: int, text: str) -> tuple[str, int] | None:
    """«… То есть an, точка, petrov, цифры ноль пять»: the part before the sign again, now in Latin letters."""
    if index >= len(tokens):
        return None
    start = tokens[index - 1].end
    match = _RESTATES.match(text[start:])
    if match is None:
        return None
    rest = [token for token in tokens[index:] if token.start >= start + match.end()]
    kept: list[Token] = []
    for token in rest:
        if token.folded in {"цифры", "цифра", "digits", "лічбы"}:
            continue
        if token.text in ".!?" and not _is_inner_dot(rest, token):
            break
        kept.append(token)
    local = local_part(kept, text)
    return None if local is None or not kept else (local, kept[-1].end)


def _is_inner_dot(tokens: list[Token], token: Token) -> bool:
    return any(other.glued and other.start == token.end for other in tokens)
