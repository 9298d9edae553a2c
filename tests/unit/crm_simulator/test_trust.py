"""The Referer's normal form and the entries of the landing's address field."""

import pytest

from tools.simulators.crm.exchange import Unhandled
from tools.simulators.crm.trust import absolute, bare, entries, is_trusted_origin

OWN = "https://crm.by:6163/0/ServiceModel/X.svc/Save"


@pytest.mark.parametrize(
    ("referer", "expected"),
    [
        ("HTTPS://MIR.Utlik.pro", "https://mir.utlik.pro/"),
        ("https://mir.utlik.pro:443/A?b=c#d", "https://mir.utlik.pro/A?b=c#d"),
        ("https://mir.utlik.pro:8443/", "https://mir.utlik.pro:8443/"),
        ("https://user:secret@mir.utlik.pro/", "https://mir.utlik.pro/"),
        ("mir.utlik.pro/form", "https://crm.by:6163/0/ServiceModel/X.svc/mir.utlik.pro/form"),
        ("/form", "https://crm.by:6163/form"),
        ("//mir.utlik.pro/form", "https://mir.utlik.pro/form"),
    ],
)
def test_the_referer_is_read_as_an_absolute_address(referer: str, expected: str) -> None:
    assert absolute(referer, OWN) == expected


@pytest.mark.parametrize("referer", ["http://", "https://[::1/", "https://a.by:99999/"])
def test_a_malformed_address_is_an_exception(referer: str) -> None:
    with pytest.raises(Unhandled):
        absolute(referer, OWN)


def test_the_star_is_a_separator_and_empty_entries_vanish() -> None:
    assert entries("www.example*; https://b.by ,\r\n\thttps://c.by;;") == [
        "www.example",
        "https://b.by",
        "https://c.by",
    ]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://www.mir.by/", "mir.by/"),
        ("http://mir.by", "mir.by"),
        ("www.mir.by", "mir.by"),
        ("ftp://a.by", "ftp://a.by"),
    ],
)
def test_scheme_and_www_are_taken_off(address: str, expected: str) -> None:
    assert bare(address) == expected


@pytest.mark.parametrize(
    ("origin", "is_trusted"),
    [
        ("https://mir.utlik.pro", True),
        ("https://www.mir.utlik.pro", True),
        ("https://mir.utlik.pro/", True),
        ("mir.utlik.pro", False),
        ("https://mir.utlik.pro.evil.example", False),
        ("null", False),
        (None, False),
    ],
)
def test_the_letters_origin_must_be_a_listed_site(origin: str | None, *, is_trusted: bool) -> None:
    assert is_trusted_origin(origin, "https://mir.utlik.pro/form; https://b.by") is is_trusted
