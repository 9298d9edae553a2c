"""The words of a spoken e-mail address: tokens, the signs among them, and phrases that name one letter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from functions.analysis.contacts.email_words import COMMAS, heuristics, letters
from functions.analysis.contacts.number_words import fold
from functions.analysis.words import words

_TOKEN = re.compile(r"\b[Ee]-mail\b|[A-Za-z0-9]+(?:['’][a-z]{1,2}\b)?|[^\W\d_]+(?:['’ʼ][^\W\d_]+)*|\S")
_SENTENCE_ENDS = frozenset("!?…:\n")
_FEWEST_SPELLED = 3


@dataclass(frozen=True)
class Token:
    """A word or a sign at its place; `glued` when no space stands before it. `meant` is what it was said for."""

    text: str
    start: int
    end: int
    glued: bool
    meant: str = ""

    @cached_property
    def folded(self) -> str:
        """As the word tables know it."""
        return fold(self.meant or self.text)


def texts_of_tokens(text: str) -> list[str]:
    """The tokens of a text by their words alone, spelled letters not joined."""
    return _TOKEN.findall(text)


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, with spelled letters joined («p-e-t», «p as in Peter»)."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        glued = bool(tokens) and tokens[-1].end == match.start()
        tokens.append(Token(match.group(), match.start(), match.end(), glued))
    return _without_spelling(_with_lower_signs(_unhyphenated(tokens)))


def _unhyphenated(tokens: list[Token]) -> list[Token]:
    """«M-A-R-K-9-9» without its hyphens: they part letters, they are none of the address."""
    kept: list[Token] = []
    index = 0
    while index < len(tokens):
        last = index
        while (
            last + 2 < len(tokens) and _is_one(tokens[last]) and _hangs(tokens, last + 1) and _is_one(tokens[last + 2])
        ):
            last += 2
        if last - index >= 2 * (_FEWEST_SPELLED - 1):
            kept += tokens[index : last + 1 : 2]
        else:
            kept += tokens[index : last + 1]
        index = last + 1
    return kept


def _is_one(token: Token) -> bool:
    return len(token.text) == 1 and token.text.isalnum()


def _hangs(tokens: list[Token], index: int) -> bool:
    return tokens[index].text in {"-", "‐", "‑"} and tokens[index].glued and tokens[index + 1].glued


def _with_lower_signs(tokens: list[Token]) -> list[Token]:
    """«Нижнее подчёркивание», «нижнее тире»: one sign."""
    kept: list[Token] = []
    for token in tokens:
        is_sign = token.folded in words("emails", "underscore") or token.folded in words("emails", "lower_noun")
        if is_sign and kept and kept[-1].folded in words("emails", "lower"):
            kept[-1] = Token(token.text, kept[-1].start, token.end, kept[-1].glued, "_")
        else:
            kept.append(token)
    return kept


def _without_spelling(tokens: list[Token]) -> list[Token]:
    """«P as in Peter», «эм как Мария»: the letter alone."""
    kept: list[Token] = []
    index = 0
    while index < len(tokens):
        kept.append(tokens[index])
        index += 1
        if not is_letter(kept[-1]) or index >= len(tokens):
            continue
        if tokens[index].folded == "as" and index + 2 < len(tokens) and tokens[index + 1].folded == "in":
            index += 3
        elif tokens[index].folded in words("emails", "spelling") and index + 1 < len(tokens):
            index += 2
    return kept


def is_letter(token: Token) -> bool:
    """Whether the token is one letter, or the name of one."""
    return (len(token.text) == 1 and token.text.isascii() and token.text.isalpha()) or token.folded in letters()


def is_dot(tokens: list[Token], index: int) -> bool:
    """Whether a dot of an address stands there; a full stop ends a sentence unless the next word hangs on it."""
    if index >= len(tokens):
        return False
    if tokens[index].text == ".":
        return index + 1 < len(tokens) and tokens[index + 1].glued
    return heuristics().get(tokens[index].folded) == "."


def ends_sentence(tokens: list[Token], index: int) -> bool:
    """Whether a sentence ends with that token."""
    return tokens[index].text in _SENTENCE_ENDS or (tokens[index].text == "." and not is_dot(tokens, index))


def past_commas(tokens: list[Token], index: int) -> int:
    """The next place that is no pause."""
    while index < len(tokens) and (tokens[index].text in COMMAS or tokens[index].folded in words("emails", "skipped")):
        index += 1
    return index
