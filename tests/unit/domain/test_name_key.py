"""A name is found in whatever spelling it is typed, and nothing of it can be read from the index."""

from __future__ import annotations

import pytest

from postcall.domain.name_key import WORDS_KEPT, name_keys, name_words

KEY = b"a key of the search"
SAME = [
    ("Юлия", "Yulia", "Yuliya", "Julia", "Iuliia"),
    ("Сергей", "Sergey", "Sergei", "Sergej", "СЕРГЕЙ"),
    ("Алексей", "Aleksei", "Alexey", "Alexei"),
    ("Ковалёв", "Ковалев", "Kovalev", "Kovalyov", "Kovaliov"),
    ("Щербаков", "Shcherbakov", "Scherbakov"),
    ("Дмитрий", "Dmitry", "Dmitriy", "Dmitrii"),
    ("Евгений", "Evgeny", "Yevgeniy", "Evgenii"),
    ("Татьяна", "Tatiana", "Tatyana"),
    ("Максим", "Maxim", "Maksim"),
    ("Хасан", "Khasan", "Hasan"),
    ("Цветков", "Tsvetkov", "Cvetkov"),
    ("Филипп", "Philip", "Filipp"),
    ("Владимир", "Wladimir", "Vladimir"),
    ("Анна", "Anna", "Ana"),
    ("Соловьёв", "Solovyov", "Soloviev", "Соловьев"),
]


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[1])
def test_every_spelling_of_a_name_is_one_word(spellings: tuple[str, ...]) -> None:
    assert len({name_words(spelling) for spelling in spellings}) == 1, [name_words(each) for each in spellings]


def test_different_names_stay_different() -> None:
    names = ("Юлия", "Сергей", "Мария", "Марина", "Иван", "Инна", "Олег", "Ольга", "Иванов", "Иванова")
    assert len({name_words(name) for name in names}) == len(names)


def test_order_initials_digits_and_marks_do_not_count() -> None:
    assert set(name_words("Иванов Иван И.")) == set(name_words("ivan   IVANOV, 2"))
    assert name_words(" . 12 — ") == ()


def test_only_keyed_hashes_are_kept_and_none_without_a_key() -> None:
    keys = name_keys("Юлия Ковалёва", KEY)
    assert keys == name_keys("Yulia Kovaleva", KEY)
    assert keys != name_keys("Yulia Kovaleva", b"another")
    assert not any(word in "".join(keys) for word in name_words("Юлия Ковалёва"))
    assert name_keys("Юлия", b"") == []


def test_a_name_without_end_costs_no_more_than_a_name() -> None:
    assert len(name_keys(" ".join(chr(0x430 + n % 32) * 3 for n in range(100_000)), KEY)) <= WORDS_KEPT
