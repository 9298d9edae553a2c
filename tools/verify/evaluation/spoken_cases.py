"""Phone numbers as people dictate them, generated: whole ones in many readings, and broken ones that must not be heard.

The words here are written down apart from the parser's tables, so that a slip in one is not a slip in both.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers

_WORDS = {
    "ru": (
        "ноль один два три четыре пять шесть семь восемь девять",
        (
            "десять одиннадцать двенадцать тринадцать четырнадцать "
            "пятнадцать шестнадцать семнадцать восемнадцать девятнадцать"
        ),
        "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто",
        "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот",
        "плюс",
    ),
    "be": (
        "нуль адзін два тры чатыры пяць шэсць сем восем дзевяць",
        (
            "дзесяць адзінаццаць дванаццаць трынаццаць чатырнаццаць "
            "пятнаццаць шаснаццаць семнаццаць васемнаццаць дзевятнаццаць"
        ),
        "дваццаць трыццаць сорак пяцьдзясят шэсцьдзясят семдзесят восемдзесят дзевяноста",
        "сто дзвесце трыста чатырыста пяцьсот шэсцьсот семсот восемсот дзевяцьсот",
        "плюс",
    ),
    "en": (
        "zero one two three four five six seven eight nine",
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
        "twenty thirty forty fifty sixty seventy eighty ninety",
        "",
        "plus",
    ),
}
_FRAMES = {
    "ru": ("Мой номер {}.", "Запишите: {}", "{}, звоните после шести", "Телефон {}. Спасибо!", "Ну {} это мой"),
    "be": ("Мой нумар {}.", "Запішыце: {}", "Тэлефон {}, калі ласка"),
    "en": ("My number is {}.", "Call me at {}, please.", "Sure, {}"),
}
_BELARUS, _RUSSIA, _POLAND = ("29", "33", "44", "25"), ("912", "926", "903", "981"), ("501", "602")


@dataclass(frozen=True)
class SpokenCase:
    """A sentence and the number in it; None when no whole number is said."""

    text: str
    number: str | None


def spoken_cases(count: int, *, seed: int = 1) -> Iterator[SpokenCase]:
    """`count` sentences; about one in six holds a broken number."""
    dice = random.Random(seed)  # noqa: S311 — test data
    for index in range(count):
        yield _broken(dice) if index % 6 == 5 else _whole(dice)  # noqa: PLR2004 — one in six


def _whole(dice: random.Random) -> SpokenCase:
    number, groups = _number(dice)
    language = _language(dice)
    said = _said(groups, language, dice)
    return SpokenCase(dice.choice(_FRAMES[language]).format(said), number)


def _broken(dice: random.Random) -> SpokenCase:
    """A number whose last group is missing, or noise instead of it."""
    groups = _number(dice)[1]
    language = _language(dice)
    said = _said(groups[: dice.choice((-1, -2))], language, dice)
    tail = dice.choice(("", "...", " !!", " ой, не помню", " потом скажу"))
    return SpokenCase(dice.choice(_FRAMES[language]).format(said + tail), None)


def _number(dice: random.Random) -> tuple[str, list[str]]:
    """A valid number in E.164 and its groups as somebody would say them."""
    while True:
        subscriber = f"{dice.randrange(10**7):07d}"
        parts = [subscriber[:3], subscriber[3:5], subscriber[5:]]
        code = dice.choice((*_BELARUS, *_RUSSIA, *_POLAND))
        if code in _BELARUS:
            number, prefix = (
                f"+375{code}{subscriber}",
                dice.choice((["+", "375", code], ["8", "0", code], ["8", f"0{code}"])),
            )
        elif code in _RUSSIA:
            number, prefix = f"+7{code}{subscriber}", dice.choice((["+", "7", code], ["8", code]))
        else:
            number, prefix = f"+48{code}{subscriber[1:]}", ["+", "48", code]
            parts = [subscriber[1:4], subscriber[4:]]
        if phonenumbers.is_valid_number(phonenumbers.parse(number)):
            return number, [*prefix, *parts]


def _language(dice: random.Random) -> str:
    return dice.choice(("ru", "ru", "be", "en"))


def _said(groups: list[str], language: str, dice: random.Random) -> str:
    """The groups in words (or, now and then, in digits), joined as speech recognition joins them."""
    style = dice.choice(("compound", "compound", "digits", "mixed", "figures"))
    said = []
    for group in groups:
        if group == "+":
            said.append(_WORDS[language][4])
        elif style == "figures":
            said.append(group)
        elif style == "digits" or (style == "mixed" and dice.choice((True, False))):
            said.append(_digit_by_digit(group, language))
        else:
            said.append(_compound(group, language))
    joint = dice.choice((" ", " ", ", ", " - "))
    return said[0] + " " + joint.join(said[1:]) if groups[0] == "+" else joint.join(said)


def _compound(group: str, language: str) -> str:
    """«сто двадцать три», «сорок пять», «ноль семь»; four digits as two pairs; digit by digit where no words are."""
    ones, teens, tens, hundreds, _plus = (words.split() for words in _WORDS[language])
    if len(group) == 4:  # noqa: PLR2004 — two pairs
        return f"{_compound(group[:2], language)} {_compound(group[2:], language)}"
    if group.startswith("0") or len(group) == 1 or (len(group) > 2 and not hundreds):  # noqa: PLR2004 — three digits
        return _digit_by_digit(group, language)
    value, spoken = int(group), []
    if value >= 100:  # noqa: PLR2004 — arithmetic of number words, here and below
        spoken.append(hundreds[value // 100 - 1])
        value %= 100
    if value >= 20:  # noqa: PLR2004
        spoken.append(tens[value // 10 - 2])
        value %= 10
    if value >= 10:  # noqa: PLR2004
        spoken.append(teens[value - 10])
    elif value:
        spoken.append(ones[value])
    return " ".join(spoken)


def _digit_by_digit(group: str, language: str) -> str:
    ones = _WORDS[language][0].split()
    return " ".join(ones[int(digit)] for digit in group)
