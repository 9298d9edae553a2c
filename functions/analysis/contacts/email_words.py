"""How people say the signs and domains of an e-mail address, and how Cyrillic is written in Latin letters."""

from __future__ import annotations

from functools import cache

from functions.analysis.contacts.number_words import fold

AT = frozenset({"собака", "собачка", "собачку", "собаку", "сабака", "сабачка", "at", "эт", "@"})
DOT = frozenset({"точка", "точку", "кропка", "dot", "point", "."})
DASH = frozenset({"дефис", "тире", "минус", "злучок", "dash", "hyphen", "minus", "-"})
UNDERSCORE = frozenset({"подчеркивание", "подчерк", "андерскор", "падкрэсліванне", "underscore", "_"})
LOWER = frozenset({"нижнее", "нижний", "ніжняе"})  # «нижнее подчёркивание» is one sign
INTRODUCE = frozenset(  # words before an address that are no part of it
    {"email", "mail", "address", "is", "it", "my", "me", "at", "to", "on", "by"}
    | {"почта", "пошта", "имейл", "емейл", "мейл", "адрес", "моя", "мой", "на", "вот", "это"},
)
COMMAS = frozenset({",", "—", "–"})  # a pause, not a sign of the address
_DOMAIN_WORDS = {
    "gmail": "джимейл джимэйл джимайл гмейл гмэйл гмаил жмейл джи-мейл",
    "mail": "мейл мэйл маил майл мэил",
    "yandex": "яндекс яндэкс",
    "ya": "я",
    "tut": "тут",
    "rambler": "рамблер",
    "outlook": "аутлук",
    "hotmail": "хотмейл хотмэйл",
    "icloud": "айклауд",
    "inbox": "инбокс",
    "bk": "бк бэка",
    "list": "лист",
    "com": "ком",
    "ru": "ру",
    "by": "бай",
    "net": "нет",
    "org": "орг",
    "example": "экзампл",
}
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
def domain_words() -> dict[str, str]:
    """The label of a domain behind «джимейл» or «ком»."""
    return {fold(word): label for label, words in _DOMAIN_WORDS.items() for word in words.split()}


def transliterated(text: str) -> str:
    """Cyrillic letters in the usual Latin ones: to compare with, never to write down."""
    return "".join(_LETTERS.get(letter, letter) for letter in text.casefold())
