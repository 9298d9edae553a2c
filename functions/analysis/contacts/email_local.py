"""The part of a spoken e-mail address before the sign: whole and certain, or not at all.

Every word back to where the address was introduced must be understood: as a word in Latin letters, a number, a letter,
a separator. Two words side by side are two ways to write it, so they are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from functions.analysis.contacts.email_tokens import Token, ends_sentence, is_letter, past_commas
from functions.analysis.contacts.email_words import COMMAS, THOUSANDS, counting, heuristics, known_words
from functions.analysis.contacts.number_words import OH
from functions.analysis.contacts.spoken_numbers import spoken_numbers
from functions.analysis.words import words

_RESTATES = re.compile(
    r"\W*(?:то есть|значит|по буквам|повторяю|that is|i mean|это значит|гэта значыць)\b", re.IGNORECASE
)
_LONGEST_LOCAL = 64  # tokens, as the part before the sign has at most 64 characters
_WORD = re.compile(r"[A-Za-z0-9]*[A-Za-z][A-Za-z0-9]*")
_WORDS_OF_A_CLAUSE = 3
_THOUSAND = 1000


@dataclass(frozen=True)
class Local:
    """The part before the sign: where it begins and how it is written; None where that is not certain."""

    first: int
    text: str | None


def local_before(tokens: list[Token], at: int, text: str) -> Local:
    """The part before the sign at `at`."""
    first = _begins(tokens, at)
    inside = tokens[first:at]
    if not _is_bounded(tokens, first):
        return Local(first, None)
    return Local(first, written(inside, text))


def _begins(tokens: list[Token], at: int) -> int:
    """Where the address begins: after an introduction, a sentence, or a clause of ordinary words."""
    first = at
    while first > max(0, at - _LONGEST_LOCAL):
        token = tokens[first - 1]
        if ends_sentence(tokens, first - 1) or (first < at and _introduces(tokens, first - 1)):
            break
        if token.text in COMMAS and first < at and _is_ordinary_clause(tokens, first - 1):
            break
        first -= 1
    while first < at and tokens[first].text in COMMAS | {"-", ".", '"', "«", "“", "("}:
        first += 1
    return first


def _introduces(tokens: list[Token], index: int) -> bool:
    """Whether the token leads up to an address; «а» and "i" among other letters are letters."""
    token, follows = tokens[index], tokens[past_commas(tokens, index + 1)]
    is_spelled = is_letter(token) and (is_letter(follows) or follows.folded in heuristics())
    return token.folded in introductions() and token.folded not in counting() and not is_spelled


def _is_ordinary_clause(tokens: list[Token], comma: int) -> bool:
    """«Меня зовут Иван Петров, …»: several words, none of which could belong to an address."""
    clause: list[Token] = []
    for index in range(comma - 1, max(-1, comma - _LONGEST_LOCAL), -1):
        if ends_sentence(tokens, index) or tokens[index].text in COMMAS:
            break
        clause.append(tokens[index])
    plain = [one for one in clause if one.text[0].isalpha() and not _may_belong(one)]
    return len(plain) == len(clause) >= _WORDS_OF_A_CLAUSE and any(one.folded in introductions() for one in plain)


def _may_belong(token: Token) -> bool:
    is_part = token.folded in heuristics() or token.folded in counting() or token.folded in known_words()
    return is_part or (is_letter(token) and token.folded not in introductions())


def _is_bounded(tokens: list[Token], first: int) -> bool:
    """Whether what stands before is known: in Latin letters each word back to the sentence's beginning."""
    for index in range(first - 1, max(-1, first - 1 - _LONGEST_LOCAL), -1):
        token = tokens[index]
        if ends_sentence(tokens, index) or token.text in COMMAS:
            return True
        if token.text[0].isascii() and token.text[0].isalpha() and token.folded not in introductions():
            return False
    return True


def written(tokens: list[Token], text: str) -> str | None:
    """How the tokens are written in an address, or None where one is not understood or two do not join."""
    joined = any(token.folded in words("emails", "together") for token in tokens)
    parts: list[str] = []
    kinds: list[str] = []
    kept = [token for token in tokens if not _is_skipped(token)]
    index = 0
    while index < len(kept):
        kind, part, length = _atom(kept, index, text)
        if part is None or (kinds and not _joins(kinds[-1], kind, together=joined)):
            return None
        parts.append(part)
        kinds.append(kind)
        index += length
    is_whole = bool(parts) and kinds[0] != "sign" and kinds[-1] != "sign"
    return "".join(parts) if is_whole else None


def _is_skipped(token: Token) -> bool:
    folded = token.folded
    is_noise = token.text in COMMAS | {'"', "«", "»", "“", "”"}
    return is_noise or folded in words("emails", "skipped") or folded in words("emails", "together")


def _atom(tokens: list[Token], index: int, text: str) -> tuple[str, str | None, int]:
    """The kind of the piece that begins there, how it is written, and how many tokens it takes."""
    token = tokens[index]
    if (sign := heuristics().get(token.folded)) is not None:
        return "sign", sign, 1
    if token.text.isdigit() or token.folded in counting() or _is_oh(tokens, index):
        return _number(tokens, index, text)
    if is_letter(token):
        return "letter", token.text.lower() if token.text.isascii() else None, 1  # «пе тэ эр»: with its «е» or not?
    if _WORD.fullmatch(token.text):
        return "word", token.text.lower(), 1
    known = known_words().get(token.folded)
    return "word", known, 1


def _is_oh(tokens: list[Token], index: int) -> bool:
    follows = tokens[index + 1] if index + 1 < len(tokens) else None
    is_number = follows is not None and (follows.text.isdigit() or follows.folded in counting())
    return tokens[index].folded in OH and is_number


def _number(tokens: list[Token], index: int, text: str) -> tuple[str, str | None, int]:
    last = index
    while last + 1 < len(tokens) and (tokens[last + 1].text.isdigit() or tokens[last + 1].folded in counting() | OH):
        last += 1
    part = tokens[index : last + 1]
    zero = "0" if part[0].folded in OH else ""
    thousands = [at for at, token in enumerate(part) if token.folded in THOUSANDS]
    if thousands:
        return "number", _year(part, thousands, text), len(part)
    said = spoken_numbers(text[part[len(zero)].start : part[-1].end])
    return "number", zero + "".join(number.digits for number in said) or None, len(part)


def _year(part: list[Token], thousands: list[int], text: str) -> str | None:
    """«Тысяча девятьсот восемьдесят пять», "two thousand ten": one number of four digits."""
    at = thousands[0]
    count = spoken_numbers(text[part[0].start : part[at].start]) if at else []
    rest = spoken_numbers(text[part[at].end : part[-1].end]) if at + 1 < len(part) else []
    digits = [number.digits for number in (*count, *rest)]
    too_many = len(thousands) > 1 or len(count) > 1 or len(rest) > 1
    if too_many or any(len(one) > 3 for one in digits):  # noqa: PLR2004 — below a thousand
        return None
    value = (int(count[0].digits) if count else 1) * _THOUSAND + (int(rest[0].digits) if rest else 0)
    return str(value)


def _joins(before: str, after: str, *, together: bool) -> bool:
    """Whether two pieces side by side are written without a sign between them."""
    if "sign" in {before, after}:
        return before != after
    if "word" in {before, after}:
        return together or (before, after) == ("word", "number")
    return True


def restated(tokens: list[Token], index: int, text: str) -> tuple[str, int] | None:
    """«… То есть an, точка, petrov, цифры ноль пять»: the part before the sign again, now in Latin letters."""
    if index >= len(tokens):
        return None
    start = tokens[index - 1].end
    match = _RESTATES.match(text, start)
    if match is None:
        return None
    kept: list[Token] = []
    for at in range(index, len(tokens)):
        if tokens[at].start < match.end():
            continue
        if ends_sentence(tokens, at):
            break
        kept.append(tokens[at])
    local = written(kept, text)
    return None if local is None or not kept else (local, kept[-1].end)


def introductions() -> frozenset[str]:
    """Words that lead up to an address and are no part of it."""
    return words("emails", "introduce")
