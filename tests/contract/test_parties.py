"""Everybody in a call is written in batches: all of them in the end, or it is said that some are not."""

from __future__ import annotations

from typing import Any

import pytest

from postcall.aws import clients
from postcall.aws.batch_write import AT_ONCE
from postcall.aws.party_index import PartyIndex
from postcall.aws.unprocessed import TRIES
from postcall.domain.errors import Unavailable
from postcall.domain.parties import Party, Role
from tests.contract.stored import items
from tests.support.aws import EVENTS
from tests.support.builders import any_webhook, encoded
from tests.support.fakes.clock import START
from tests.support.fakes.dynamodb import MemoryDynamoDb

KEY = b"invented-search-key"
MANY = 2 * AT_ONCE + 3


def numbers(many: int) -> list[str]:
    return [str(375291000000 + number) for number in range(many)]


def body_of(found: list[str]) -> bytes:
    said = [{"role": "user", "message": f"+{number}"} for number in found]
    return encoded(any_webhook("conv", metadata={}, transcript=said))


def index(client: Any) -> PartyIndex:
    return PartyIndex(client, EVENTS, key=lambda: KEY, ttl_days=90)


@pytest.fixture(params=["memory", "dynamodb"])
def client(request: pytest.FixtureRequest) -> Any:
    if request.param == "memory":
        return MemoryDynamoDb()
    request.getfixturevalue("aws")
    return clients.dynamodb()


def keys_in(client: Any) -> set[str]:
    return set(client.items) if isinstance(client, MemoryDynamoDb) else set(items(EVENTS))


def test_everybody_in_a_call_is_indexed_however_many_and_again(client: Any) -> None:
    parties, body = index(client), body_of(numbers(MANY))
    parties.add("conv", body, now=START)
    written = keys_in(client)
    assert written == set(parties.items_of("conv", [body]))
    assert len(written) == MANY
    parties.add("conv", body, now=START)
    assert keys_in(client) == written
    parties.remove(parties.items_of("conv", [body]))
    assert keys_in(client) == set()


@pytest.mark.usefixtures("aws")
def test_each_of_them_leads_to_the_call() -> None:
    parties = index(clients.dynamodb())
    parties.add("conv", body_of(numbers(MANY)), now=START)
    for number in numbers(MANY):
        (found,) = parties.find(Party("phone", number))
        assert (found.id, found.role) == ("conv", Role.MENTIONED)


def test_what_a_busy_table_leaves_out_is_put_again() -> None:
    busy = MemoryDynamoDb(takes=1)
    parties, body = index(busy), body_of(numbers(TRIES))
    parties.add("conv", body, now=START)
    assert set(busy.items) == set(parties.items_of("conv", [body]))
    assert busy.asked == TRIES


def test_it_is_not_put_again_without_end_and_what_is_there_stays() -> None:
    busy = MemoryDynamoDb(takes=1)
    with pytest.raises(Unavailable, match="busy"):
        index(busy).add("conv", body_of(numbers(TRIES + 1)), now=START)
    assert (len(busy.items), busy.asked) == (TRIES, TRIES)


def test_it_is_not_put_again_for_longer_than_one_call_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    busy, moments = MemoryDynamoDb(takes=1), iter(range(0, 1_000, 5))
    monkeypatch.setattr("postcall.aws.unprocessed.time.monotonic", lambda: next(moments))
    with pytest.raises(Unavailable, match="busy"):
        index(busy).add("conv", body_of(numbers(TRIES)), now=START)
    assert busy.asked == 2


@pytest.mark.usefixtures("aws")
def test_a_table_that_is_not_there_is_unavailable() -> None:
    parties = PartyIndex(clients.dynamodb(), "missing", key=lambda: KEY, ttl_days=90)
    with pytest.raises(Unavailable):
        parties.add("conv", body_of(numbers(1)), now=START)


def test_nobody_is_written_in_no_request() -> None:
    busy = MemoryDynamoDb()
    index(busy).add("conv", body_of([]), now=START)
    assert busy.asked == 0
