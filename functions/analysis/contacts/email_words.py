"""How people say the signs, letters and domains of an e-mail address: `words/emails.toml`, ready to look up."""

from __future__ import annotations

from functools import cache

from functions.analysis.contacts.number_words import HUNDRED_AFTER, TIMES, fold, number_words, plural_digits
from functions.analysis.words import table, words

COMMAS = frozenset({",", "—", "–", ";"})  # a pause, not a sign of the address
THOUSANDS = frozenset({"тысяча", "тысячи", "тысяч", "тысячу", "тысячаў", "thousand"})
_LETTERS = dict(zip("абвгдезийклмнопрстуфхыэіў", "abvgdeziyklmnoprstufhyeiu", strict=True)) | {
    "ж": "zh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sch",
    "ю": "yu",
    "я": "ya",
    "ь": "",
    "ъ": "",
    "ё": "e",
}


@cache
def heuristics() -> dict[str, str]:
    """The sign of an address behind each word for it."""
    by_sign = {".": "dot", "-": "dash", "_": "underscore"}
    return {word: sign for sign, name in by_sign.items() for word in words("emails", name)}


@cache
def _by_word(name: str) -> dict[str, str]:
    return {fold(word): meant for meant, said in table("emails")[name].items() for word in said.split()}


def domain_words() -> dict[str, str]:
    """The label of a domain behind «джимейл» or «ком»."""
    return _by_word("domain")


def letters() -> dict[str, str]:
    """The Latin letter behind «эм» or «джей»."""
    return _by_word("letters")


def known_words() -> dict[str, str]:
    """What is written in one way only though it was said in Russian."""
    return _by_word("words")


@cache
def zones() -> frozenset[str]:
    """Zones that addresses are in."""
    return frozenset(table("emails")["zones"]["known"].split())


@cache
def provider_zones() -> dict[str, frozenset[str]]:
    """The zones of each known provider."""
    return {label: frozenset(under.split()) for label, under in table("emails")["providers"].items()}


@cache
def counting() -> frozenset[str]:
    """Words that are digits, or say how many of them."""
    return frozenset({*number_words(), *plural_digits(), *TIMES, *HUNDRED_AFTER, *THOUSANDS})


def transliterated(text: str) -> str:
    """Cyrillic letters in the usual Latin ones: to compare with, never to write down."""
    return "".join(_LETTERS.get(letter, letter) for letter in text.casefold())
