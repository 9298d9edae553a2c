"""The keys of the search: the same person however the number is typed, and nothing to guess without the secret."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postcall.domain.contact_key import address_of, contact_keys, digits_of, email_key, numbers_meant, phone_key

KEY = b"invented"


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("+375 29 123-45-67", "375291234567"),
        ("375(29)1234567", "375291234567"),
        ("8 029 123 45 67", "80291234567"),
        ("١٢٣٤٥٦٧", None),
        ("1234", None),
        ("conv_0123456789", None),
        ("", None),
        ("user@example.com", None),
        ("1" * 18, None),
    ],
)
def test_a_number_is_its_digits(text: str, digits: str | None) -> None:
    assert digits_of(text) == digits


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("8 029 123-45-67", ("80291234567", "375291234567", "70291234567")),
        ("8 916 123-45-67", ("89161234567", "79161234567")),
        ("00375291234567", ("00375291234567", "375291234567")),
        ("+375291234567", ("375291234567",)),
        ("nobody", ()),
    ],
)
def test_a_number_may_be_typed_as_it_is_dialled_at_home(text: str, meant: tuple[str, ...]) -> None:
    assert numbers_meant(text) == meant


@pytest.mark.parametrize(
    ("text", "address"), [(" User@Example.COM ", "user@example.com"), ("no address", None), ("a@b@c", None)]
)
def test_an_address_is_compared_without_case(text: str, address: str | None) -> None:
    assert address_of(text) == address


def test_a_contact_has_a_key_for_each_way_to_reach_it() -> None:
    keys = contact_keys({"full_name": "Иван", "phone": "+375 29 1234567", "email": "User@example.com"}, KEY)
    assert keys == {"phone_key": phone_key("375291234567", KEY), "email_key": email_key("user@example.com", KEY)}
    assert contact_keys({"full_name": "Иван"}, KEY) == {}
    assert contact_keys({"phone": "extension 12"}, KEY) == {}


def test_without_a_secret_nothing_is_indexed() -> None:
    assert contact_keys({"phone": "+375291234567"}, b"") == {}


@given(st.text("0123456789", min_size=5, max_size=15))
def test_a_key_tells_nothing_without_the_secret(digits: str) -> None:
    assert phone_key(digits, KEY) != phone_key(digits, b"another")
    assert phone_key(digits, KEY) != email_key(digits, KEY)
    assert digits not in phone_key(digits, KEY) or len(digits) < 8
