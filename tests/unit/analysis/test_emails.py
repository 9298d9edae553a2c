"""Addresses are heard where they are certain, and only masked where they are not."""

from __future__ import annotations

import pytest

from functions.analysis.contacts.emails import spoken_emails, valid_email


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Почта — petr собака example точка com.", "petr@example.com"),
        ("jose dot nunez at example dot com, and my number", "jose.nunez@example.com"),
        ("And email rahul dot mehta at gmail dot com.", "rahul.mehta@gmail.com"),
        ("пишите на ivan_petrov@mail.ru, пожалуйста", "ivan_petrov@mail.ru"),
        ("ivan нижнее подчёркивание 85 собака яндекс точка бай", "ivan_85@yandex.by"),
        ("ivan тире восемьдесят пять собака тут точка бай", "ivan-85@tut.by"),
        ("i v a n 1 2 at yandex dot ru", "ivan12@yandex.ru"),
        ("my email is ivan at gmail dot com", "ivan@gmail.com"),
        ("моя почта i v a n at gmail dot com", "ivan@gmail.com"),
        ("ivan 85 собака яндекс точка ру", "ivan85@yandex.ru"),
        ("пишите: info, собака, romashka, точка, бай", "info@romashka.by"),
        ("пошта anna кропка k сабака gmail кропка com", "anna.k@gmail.com"),
        (
            "а эн точка пе тэ эр оу вэ ноль пять собачка джимейл точка ком. То есть an, точка, petrov, ноль пять.",
            "an.petrov05@gmail.com",
        ),
    ],
)
def test_an_address_is_heard(text: str, address: str) -> None:
    assert [email.address for email in spoken_emails(text)] == [address]


@pytest.mark.parametrize(
    "text",
    [
        "кристина собака топ медиа точка ру",
        "иван точка петров собака мейл точка ру",
        "а эн точка пе тэ эр собака джимейл точка ком",
    ],
)
def test_an_address_in_russian_words_is_found_and_never_spelled(text: str) -> None:
    assert [email.address for email in spoken_emails(text)] == [None]


@pytest.mark.parametrize(
    "text", ["У меня есть собака.", "Встретимся at five.", "Точка.", "Моя собака любит точка зрения"]
)
def test_ordinary_words_are_no_address(text: str) -> None:
    assert spoken_emails(text) == []


def test_the_place_in_the_text_is_the_whole_address() -> None:
    text = "Почта petr собака example точка com, жду"
    email = spoken_emails(text)[0]
    assert text[email.start : email.end] == "petr собака example точка com"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("User@Example.COM", "User@example.com"),
        ("ИВАН@mail.ru", None),
        ("user@пример.бел", None),
        ("user@localhost", None),
        ("user@mail.test", None),
        ("no address", None),
    ],
)
def test_a_written_address_is_valid_or_nothing(text: str, address: str | None) -> None:
    assert valid_email(text) == address
