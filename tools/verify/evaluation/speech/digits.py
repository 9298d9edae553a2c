"""Digits that are no phone: documents that look like one, amounts, dates, cards, extensions."""

from __future__ import annotations

import random

from tools.verify.evaluation.speech.numerals import as_number

_THOUSANDS = {"ru": "тысяч", "be": "тысяч", "en": "thousand"}
_MILLIONS = {"ru": "миллионов", "be": "мільёнаў", "en": "million"}


def texts(dice: random.Random) -> dict[str, str]:
    """Whatever a pattern may name, as figures."""
    day, month, year = dice.randrange(1, 29), dice.randrange(1, 13), dice.randrange(1950, 2004)
    joint = dice.choice((" ", "."))
    return {
        "document": document(dice),
        "date": joint.join((f"{day:02d}", f"{month:02d}", str(year))),
        "card": " ".join(("4" + _digits(3, dice), *(_digits(4, dice) for _ in range(3)))),
        "extension": f"{dice.randrange(200, 9999)}",
        "five": _digits(5, dice),
        "six": _digits(6, dice),
        "seven": "1" + _digits(6, dice),
        "doubtful": "12" + _digits(6, dice),
    }


def document(dice: random.Random) -> str:
    """A number of a contract or an order that would pass for a phone."""
    mobile = dice.choice(("29", "33", "44")) + str(dice.randrange(1, 10)) + _digits(6, dice)
    return dice.choice((mobile, f"80{mobile}", f"9{dice.choice('0126')}{_digits(8, dice)}", f"375{mobile}"))


def grouped(number: str, way: int) -> list[str]:
    """Figures in threes or in twos, as a person reads a long number out."""
    size = 3 if way == 1 else 2
    return [number[at : at + size] for at in range(0, len(number), size)]


def amount(language: str, dice: random.Random) -> str:
    """A sum: figures in thousands or glued together, or in words."""
    way = dice.choice(("figures", "glued", "thousands", "millions"))
    if way in ("thousands", "millions"):
        unit = _THOUSANDS if way == "thousands" else _MILLIONS
        return f"{as_number(str(dice.randrange(21, 99)), language)} {unit[language]}"
    value = dice.choice((f"{dice.randrange(291, 299)}{_digits(3, dice)}500", f"{dice.randrange(15, 99)}0000000"))
    return value if way == "glued" else " ".join(_thousands(value))


def _thousands(value: str) -> list[str]:
    head = len(value) % 3 or 3
    return [value[:head], *(value[at : at + 3] for at in range(head, len(value), 3))]


def _digits(count: int, dice: random.Random) -> str:
    return f"{dice.randrange(10**count):0{count}d}"
