"""The words of a spoken e-mail address: tokens, the signs among them, what is a single character."""

from __future__ import annotations

import re
from dataclasses import dataclass

from functions.analysis.contacts.email_words import COMMAS, DASH, DOT, LOWER, UNDERSCORE
from functions.analysis.contacts.number_words import fold, number_words

_TOKEN = re.compile(r"[A-Za-z0-9]+|[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*|\S")
_LETTER_NAME = 2  # letters


@dataclass(frozen=True)
class Token:
    """A word or a sign at its place; `glued` when no space stands before it."""

    text: str
    start: int
    end: int
    glued: bool

    @property
    def folded(self) -> str:
        """As the word tables know it."""
        return fold(self.text)


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        glued = bool(tokens) and tokens[-1].end == match.start()
        tokens.append(Token(match.group(), match.start(), match.end(), glued))
    return tokens


def is_dot(tokens: list[Token], index: int) -> bool:
    """Whether a dot of an address stands there; a full stop ends a sentence unless the next word hangs on it."""
    token = tokens[index]
    if token.text == ".":
        return index + 1 < len(tokens) and tokens[index + 1].glued
    return token.folded in DOT


def past_commas(tokens: list[Token], index: int) -> int:
    """The next place that is no pause."""
    while index < len(tokens) and tokens[index].text in COMMAS:
        index += 1
    return index


def is_separator(token: Token) -> bool:
    """Whether the token is (part of) a dot, a dash or an underscore."""
    return separator(token) is not None or token.folded in LOWER


def is_character(token: Token) -> bool:
    """A letter, a digit, or a word that names one («эн», «тэ»): these run on without a separator."""
    return (len(token.text) <= _LETTER_NAME and token.text[0].isalnum()) or token.folded in number_words()


def separator(token: Token) -> str | None:
    """The sign a token stands for."""
    for sign, words in ((".", DOT), ("-", DASH), ("_", UNDERSCORE)):
        if token.folded in words:
            return sign
    return None


def spelled(token: Token) -> str:
    """The token in an address, digits as digits."""
    if token.text in COMMAS or token.folded in LOWER:
        return ""
    number = number_words().get(token.folded)
    return separator(token) or (token.folded if number is None else str(number.value))
