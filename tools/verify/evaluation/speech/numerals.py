"""Digits in words, as people say them: one by one or as numbers, so that only one reading is possible.

The words are written down apart from the parser's tables, so that a slip in one is not a slip in both.
"""

from __future__ import annotations

from collections.abc import Sequence

_ONES = {
    "ru": "ноль один два три четыре пять шесть семь восемь девять",
    "be": "нуль адзін два тры чатыры пяць шэсць сем восем дзевяць",
    "en": "zero one two three four five six seven eight nine",
}
_TEENS = {
    "ru": "десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать "
    "девятнадцать",
    "be": "дзесяць адзінаццаць дванаццаць трынаццаць чатырнаццаць пятнаццаць шаснаццаць семнаццаць васемнаццаць "
    "дзевятнаццаць",
    "en": "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
}
_TENS = {
    "ru": "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто",
    "be": "дваццаць трыццаць сорак пяцьдзясят шэсцьдзясят семдзесят восемдзесят дзевяноста",
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
}
_HUNDREDS = {
    "ru": "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот",
    "be": "сто дзвесце трыста чатырыста пяцьсот шэсцьсот семсот восемсот дзевяцьсот",
    "en": "",
}
PLUS = {"ru": "плюс", "be": "плюс", "en": "plus"}
_PAIR, _TRIPLE = 2, 3


def digit_by_digit(digits: str, language: str) -> str:
    """«ноль семь»."""
    ones = _ONES[language].split()
    return " ".join(ones[int(digit)] for digit in digits)


def as_number(digits: str, language: str) -> str:
    """«сто двадцать три», «сорок пять»; digit by digit where the language or a leading zero leaves no other way."""
    if digits.startswith("0") or len(digits) == 1 or len(digits) > _TRIPLE:
        return digit_by_digit(digits, language)
    if len(digits) == _TRIPLE and not _HUNDREDS[language]:
        return digit_by_digit(digits, language)
    value, words = int(digits), []
    if value >= 100:  # noqa: PLR2004 — arithmetic of number words, here and below
        words.append(_HUNDREDS[language].split()[value // 100 - 1])
        value %= 100
    if value >= 20:  # noqa: PLR2004
        words.append(_TENS[language].split()[value // 10 - 2])
        value %= 10
    if value >= 10:  # noqa: PLR2004
        words.append(_TEENS[language].split()[value - 10])
    elif value:
        words.append(_ONES[language].split()[value])
    return " ".join(words)


def is_open(digits: str) -> bool:
    """Whether a number said so could swallow the next one: «двадцать» and «пять» are also «двадцать пять»."""
    return len(digits) in (_PAIR, _TRIPLE) and digits.endswith("0") and not digits.startswith("0")


def as_numbers(groups: Sequence[str], language: str) -> list[str]:
    """Each group as a number, but digit by digit where a listener could take two groups for one number."""
    return [
        digit_by_digit(group, language) if is_open(group) and position + 1 < len(groups) else as_number(group, language)
        for position, group in enumerate(groups)
    ]
