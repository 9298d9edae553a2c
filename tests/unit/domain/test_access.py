"""Tokens: whose they are, what they may do, until when; and a secret that is not well-formed lets nobody in."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from postcall.domain.access import Right, Token, find_token, read_tokens, token_hash, write_token
from postcall.domain.errors import Unavailable
from postcall.domain.masking import masked

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ANNA: dict[str, Any] = {"name": "anna", "sha256": token_hash("one")}
BORIS: dict[str, Any] = {"name": "boris", "sha256": token_hash("two").upper(), "may": ["look", "act"]}


def secret(*rows: dict[str, Any]) -> str:
    return json.dumps({"tokens": rows})


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Bearer one", "anna"),
        ("bearer two", "boris"),
        ("Bearer  one ", "anna"),
        ("Bearer three", None),
        ("Basic one", None),
        ("one", None),
        ("Bearer", None),
        ("Bearer ", None),
        ("", None),
        (None, None),
        ("Bearer онe", None),
        ("Bearer \ud800", None),
    ],
)
def test_a_token_tells_who_asks(header: str | None, name: str | None) -> None:
    found = find_token(header, read_tokens(secret(ANNA, BORIS)))
    assert (found.name if found else None) == name


def test_a_token_without_rights_may_do_nothing_and_one_with_rights_no_more_than_them() -> None:
    anna, boris = read_tokens(secret(ANNA, BORIS))
    assert (anna.may, boris.may) == (frozenset[Right](), frozenset({Right.LOOK, Right.ACT}))


def test_a_token_ends_at_its_moment_and_not_before() -> None:
    (token,) = read_tokens(secret(ANNA | {"until": "2026-11-24T15:00:00+03:00"}))
    assert not token.is_over(NOON - timedelta(seconds=1))
    assert token.is_over(NOON)
    assert not read_tokens(secret(ANNA))[0].is_over(NOON)


def test_a_row_is_read_as_it_was_written() -> None:
    token = Token(
        "crm-bridge", token_hash("x"), frozenset({Right.BRING}), NOON, {Right.BRING: 500}, reason_optional=True
    )
    assert read_tokens(secret(write_token(token))) == (token,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"tokens": 5}',
        '{"tokens": [5]}',
        '{"tokens": [{"name": "a"}]}',
        secret(ANNA | {"sha256": ""}),
        secret(ANNA | {"sha256": token_hash("")}),
        secret(ANNA | {"sha256": token_hash("one")[:63]}),
        secret(ANNA | {"sha256": "…the second line…"}),
        secret(ANNA | {"sha256": 5}),
        secret(ANNA | {"name": ""}),
        secret(ANNA | {"name": "two\nlines"}),
        secret(ANNA, ANNA | {"sha256": token_hash("other")}),
        secret(ANNA, ANNA | {"name": "other"}),
        secret(ANNA | {"may": "look"}),
        secret(ANNA | {"may": ["everything"]}),
        secret(ANNA | {"may": [["look"]]}),
        secret(ANNA | {"until": "tomorrow"}),
        secret(ANNA | {"until": 5}),
        secret(ANNA | {"per_day": {"look": 0}}),
        secret(ANNA | {"per_day": {"look": True}}),
        secret(ANNA | {"per_day": {"sleep": 5}}),
        secret(ANNA | {"per_day": 5}),
        secret(ANNA | {"reason_optional": "yes"}),
        secret(ANNA | {"mey": ["look"]}),
    ],
)
def test_a_secret_that_is_not_well_formed_lets_nobody_in_and_is_not_repeated(text: str) -> None:
    with pytest.raises(Unavailable) as refusal:
        read_tokens(text)
    assert token_hash("one")[:63] not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Запрос от +375 (29) 123-45-67, письмо", "Запрос от …, письмо"),
        ("user@example.com asked", "… asked"),
        ("8029.123.45.67", "…"),
        ("Ticket 4711 of 2026", "Ticket 4711 of 2026"),
        ("two\nlines\x1b[31m", "two lines [31m"),
    ],
)
def test_a_reason_reaches_a_log_without_numbers_and_addresses(text: str, left: str) -> None:
    assert masked(text) == left
