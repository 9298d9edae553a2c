"""Invented callers' names, with the case that «меня … звать» asks for."""

from __future__ import annotations

import random
from dataclasses import dataclass

_FIRST = {
    "ru": (
        ("Татьяна", "Татьяной"),
        ("Игорь", "Игорем"),
        ("Марина", "Мариной"),
        ("Сергей", "Сергеем"),
        ("Олег", "Олегом"),
    ),
    "be": (("Алена", "Аленай"), ("Янка", "Янкам"), ("Зміцер", "Змітром"), ("Наталля", "Наталляй")),
    "en": (("Helen", "Helen"), ("Martin", "Martin"), ("George", "George"), ("Alice", "Alice")),
}
_LAST = {
    "ru": ("Сидорчук", "Шевченко", "Гринюк", "Коваль", "Ткачук"),
    "be": ("Шыманюк", "Кавалюк", "Грынюк"),
    "en": ("Barker", "Stone", "Miller", "Hughes"),
}
AGENTS = {"ru": ("Анна", "Светлана"), "be": ("Вольга", "Святлана"), "en": ("Emma", "Laura")}


@dataclass(frozen=True)
class Name:
    """A first name, its instrumental, and a last name that has the same form for everybody."""

    first: str
    instrumental: str
    last: str

    @property
    def full(self) -> str:
        """Both, as written in a form."""
        return f"{self.first} {self.last}"


def name(language: str, dice: random.Random) -> Name:
    """Somebody."""
    first, instrumental = dice.choice(_FIRST[language])
    return Name(first, instrumental, dice.choice(_LAST[language]))
