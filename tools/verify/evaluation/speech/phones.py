"""Phones that callers may have, each dictated the way its owner groups it, in figures or in words."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import phonenumbers

from tools.verify.evaluation.speech.numerals import PLUS, as_numbers, digit_by_digit

_MOBILE = {"BY": ("29", "33", "44", "25"), "RU": ("912", "926", "903", "981", "950")}
_FOREIGN = (("48", "501"), ("370", "612"), ("380", "671"), ("49", "1512"))
FIGURES = ("spaces", "hyphens", "glued", "spaces")
WORDS = ("numbers", "numbers", "digits", "mixed")


@dataclass(frozen=True)
class Phone:
    """A valid number and its groups as dictated; `+` is a group of its own."""

    e164: str
    groups: tuple[str, ...]

    @property
    def digits(self) -> str:
        """The digits as dictated, for a keypad."""
        return "".join(self.groups).replace("+", "")


def domestic(dice: random.Random) -> Phone:
    """A mobile number of Belarus or Russia."""
    while True:
        code = dice.choice(_MOBILE[dice.choice(("BY", "BY", "BY", "RU", "RU"))])
        prefixes: tuple[tuple[str, ...], ...] = (("+", "375", code), ("8", "0", code), ("8", f"0{code}"))
        if code in _MOBILE["RU"]:
            prefixes = (("+", "7", code), ("8", code))
        found = _from_groups((*dice.choice(prefixes), *_thirds(f"{dice.randrange(10**7):07d}")))
        if found is not None:
            return found


def anywhere(dice: random.Random) -> Phone:
    """Mostly a domestic number, sometimes a foreign one with its plus."""
    if dice.random() < 0.9:  # noqa: PLR2004 — most callers
        return domestic(dice)
    while True:
        country, code = dice.choice(_FOREIGN)
        rest = f"{dice.randrange(10**6):06d}"[: 7 if country == "49" else 6]
        rest = {"370": rest[:5], "380": rest + "7", "49": rest + "9"}.get(country, rest)
        number = f"+{country}{code}{rest}"
        if phonenumbers.is_valid_number(phonenumbers.parse(number)):
            return Phone(number, ("+", country, code, rest[:3], rest[3:]))


def landline(dice: random.Random) -> Phone:
    """An office's number in Minsk or Moscow."""
    prefixes = (("8", "017"), ("+", "375", "17"), ("8", "495"), ("+", "7", "495"))
    while True:
        rest = f"{dice.choice('23')}{dice.randrange(10**6):06d}"
        found = _from_groups((*dice.choice(prefixes), *_thirds(rest)))
        if found is not None:
            return found


def misheard(phone: Phone, part: str, dice: random.Random) -> Phone:
    """The same number with another `tail` (last two digits), `last` digit, `middle` group or operator's `code`."""
    groups = list(phone.groups)
    position = {"tail": -1, "last": -1, "middle": -3, "code": -4}[part]
    while True:
        groups[position] = _other(groups[position], part, dice)
        found = _from_groups(groups)
        if found is not None and found.e164 != phone.e164 and found.groups[position] != phone.groups[position]:
            return found


def dictated(groups: Sequence[str], style: str, language: str, dice: random.Random) -> str:
    """Groups as somebody says them, or as a recogniser writes them."""
    plus, rest = groups[0] == "+", [group for group in groups if group != "+"]
    if style in FIGURES:
        joint = {"spaces": " ", "hyphens": "-", "glued": ""}[style]
        return ("+" if plus else "") + joint.join(rest)
    said = [digit_by_digit(group, language) for group in rest] if style == "digits" else as_numbers(rest, language)
    if style == "mixed":
        said = [dice.choice((digit_by_digit(group, language), word)) for group, word in zip(rest, said, strict=True)]
    joint = dice.choice((" ", " ", ", "))
    return joint.join([*([f"{PLUS[language]} {said[0]}"] if plus else said[:1]), *said[1:]])


def _thirds(rest: str) -> tuple[str, str, str]:
    return rest[:3], rest[3:5], rest[5:]


def _other(group: str, part: str, dice: random.Random) -> str:
    if part == "last":
        return group[:-1] + dice.choice([digit for digit in "0123456789" if digit != group[-1]])
    if part == "code":
        zero = "0" if group.startswith("0") else ""
        return zero + dice.choice(_MOBILE["RU" if len(group) - len(zero) > 2 else "BY"])  # noqa: PLR2004 — a BY code
    return "".join(dice.choice([digit for digit in "0123456789" if digit != old]) for old in group)


def _from_groups(groups: Sequence[str]) -> Phone | None:
    text = "".join(groups)
    region = "BY" if text.startswith(("80", "+375")) else "RU"
    parsed = phonenumbers.parse(text, region)
    if not phonenumbers.is_valid_number(parsed):
        return None
    return Phone(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), tuple(groups))
