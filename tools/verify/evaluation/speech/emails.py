"""E-mail addresses and the ways in which people spell them aloud.

A pattern asks for a kind: `word` (one word), `joined` (two words with a usual separator), `rare` (a separator in rarer
words), `number` (a word and spoken digits), `letters` (letter by letter), `cyrillic` (a provider in Cyrillic letters),
`gap` (two words and nothing between: nobody can know) and `russian` (a Russian word: many spellings are possible).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tools.verify.evaluation.speech.numerals import as_number, digit_by_digit

WORDS = (
    "petrov", "novik", "sidorova", "kristina", "marina", "kovalev", "zhuk", "alexei", "office", "shop", "build",
    "remont", "klimov", "yanchuk", "lebed", "orlova", "viktor", "zakaz", "garden", "stroy",
)  # fmt: skip
_PROVIDERS = ("gmail.com", "mail.ru", "yandex.ru", "tut.by", "bk.ru", "list.ru", "outlook.com", "icloud.com")
_AT = {"ru": "собака", "be": "сабака", "en": "at"}
_DOT = {"ru": "точка", "be": "кропка", "en": "dot"}
_USUAL = {
    "ru": ((".", "точка"), ("-", "дефис"), ("-", "тире"), ("_", "нижнее подчёркивание"), ("_", "подчеркивание")),
    "be": ((".", "кропка"), ("-", "дэфіс"), ("_", "ніжняе падкрэсліванне")),
    "en": ((".", "dot"), ("-", "dash"), ("-", "hyphen"), ("_", "underscore")),
}
_RARE = {
    "ru": (("-", "чёрточка"), ("-", "минус"), ("_", "нижний пробел"), ("_", "нижняя черта"), ("-", "через дефис")),
    "be": (("-", "рыска"), ("-", "працяжнік"), ("_", "ніжняя рыска")),
    "en": ((".", "period"), (".", "point"), ("-", "minus"), ("_", "low line")),
}
_CYRILLIC = {
    "gmail.com": ("гмейл точка ком", "джимейл точка ком", "джимэйл ком", "гмаил точка ком"),
    "mail.ru": ("мейл точка ру", "майл точка ру", "мэйл ру"),
    "yandex.ru": ("яндекс точка ру", "яндекс ру"),
    "tut.by": ("тут точка бай", "тут бай"),
    "rambler.ru": ("рамблер точка ру",),
}
_ZONES = {"com": "ком", "ru": "ру", "by": "бай"}
_NATO = {
    "a": "Adam", "b": "Boris", "d": "David", "e": "Eva", "g": "George", "h": "Henry", "k": "Kate", "l": "Lima",
    "m": "Mike", "n": "Nora", "o": "Oscar", "p": "Peter", "r": "Robert", "s": "Sam", "t": "Tom", "v": "Victor",
}  # fmt: skip
_RUSSIAN = ("кристина", "сидорчук", "щукин", "юлия", "жанна", "хмель")


@dataclass(frozen=True)
class Email:
    """An address, and both of its parts as said. `address` is None where nobody could write it down for sure."""

    address: str | None
    local: str
    domain: str
    language: str

    @property
    def spoken(self) -> str:
        """The whole address as said."""
        return f"{self.local} {_AT[self.language]} {self.domain}"


def email(kind: str, language: str, dice: random.Random) -> Email:
    """An address of this kind as somebody says it."""
    provider = dice.choice(tuple(_CYRILLIC) if kind == "cyrillic" else _PROVIDERS)
    domain = dice.choice(_CYRILLIC[provider]) if kind == "cyrillic" else spoken_domain(provider, language, dice)
    written, local = _LOCALS[kind](language, dice)
    return Email(written and f"{written}@{provider}", local, domain, language)


def other_provider(found: Email, dice: random.Random) -> Email:
    """The same person at another provider."""
    local, old = (found.address or "@").split("@")
    provider = dice.choice([one for one in _PROVIDERS if one.split(".")[0] != old.split(".")[0]])
    return Email(f"{local}@{provider}", found.local, spoken_domain(provider, found.language, dice), found.language)


def other_local(found: Email, dice: random.Random) -> Email:
    """Another name at the same provider."""
    local, provider = (found.address or "@").split("@")
    word = dice.choice([one for one in WORDS if one not in local and local not in one])
    return Email(f"{word}@{provider}", word, found.domain, found.language)


def spoken_domain(provider: str, language: str, dice: random.Random) -> str:
    """«gmail точка com», with the zone in Cyrillic now and then, or written as it is."""
    name, zone = provider.split(".")
    if language != "en" and dice.random() < 0.3:  # noqa: PLR2004 — now and then
        zone = _ZONES.get(zone, zone)
    return provider if dice.random() < 0.2 else f"{name} {_DOT[language]} {zone}"  # noqa: PLR2004


def _word(_language: str, dice: random.Random) -> tuple[str, str]:
    word = dice.choice(WORDS)
    return word, word


def _two(separators: dict[str, tuple[tuple[str, str], ...]]) -> Callable[[str, random.Random], tuple[str, str]]:
    def found(language: str, dice: random.Random) -> tuple[str, str]:
        (first, second), (sign, said) = dice.sample(WORDS, 2), dice.choice(separators[language])
        return f"{first}{sign}{second}", f"{first} {said} {second}"

    return found


def _number(language: str, dice: random.Random) -> tuple[str, str]:
    word = dice.choice(WORDS)
    digits = dice.choice(
        (f"{dice.randrange(10, 100)}", f"{dice.randrange(1, 10)}", f"19{dice.randrange(61, 99)}", "007")
    )
    ways = [digits, digit_by_digit(digits, language)]
    ways += [as_number(digits, language)] if len(digits) < 3 else []  # noqa: PLR2004 — years have many readings
    return f"{word}{digits}", f"{word} {dice.choice(ways)}"


def _letters(language: str, dice: random.Random) -> tuple[str, str]:
    word = dice.choice([one for one in WORDS if set(one) <= set(_NATO)])
    if language == "en" and dice.random() < 0.4:  # noqa: PLR2004 — some do
        return word, ", ".join(f"{letter} as in {_NATO[letter]}" for letter in word)
    joint = dice.choice((" ", ", ", "-"))
    return word, joint.join(dice.choice((word, word.upper())))


def _gap(_language: str, dice: random.Random) -> tuple[None, str]:
    return None, " ".join(dice.sample(WORDS, 2))


def _russian(_language: str, dice: random.Random) -> tuple[None, str]:
    return None, dice.choice(_RUSSIAN)


_LOCALS: dict[str, Callable[[str, random.Random], tuple[str | None, str]]] = {
    "word": _word,
    "cyrillic": _word,
    "joined": _two(_USUAL),
    "rare": _two(_RARE),
    "number": _number,
    "letters": _letters,
    "gap": _gap,
    "russian": _russian,
}
