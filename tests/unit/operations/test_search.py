"""The search: by what a person has in hand, newest first, and never by a value that is stored for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from functions.operations.usecases.search import of_person, require_contact, search
from postcall.domain.errors import Rejected, Unavailable
from tests.support.builders import any_event
from tests.support.fakes.clock import START
from tests.support.fakes.personal import MemoryContacts, MemoryLists
from tests.support.fakes.store import MemoryStore

KEY = b"invented"
IVAN = {"full_name": "Иван", "phone": "+375291234567", "email": "ivan@example.com"}


def found(
    store: MemoryStore,
    query: str,
    *,
    key: bytes = KEY,
    limit: int = 10,
    looks_at: int = 1_000,
    cursor: str | None = None,
) -> list[str]:
    events, further = search(
        query,
        events=store,
        contacts=MemoryContacts(store, KEY),
        lists=MemoryLists(store, KEY, looks_at=looks_at),
        key=lambda: key,
        now=START,
        limit=limit,
        cursor=cursor,
    )
    return [event.event_id for event in events] + ([f"further {further}"] if further else [])


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    for number, contact in enumerate((IVAN, IVAN, {"phone": "+375447654321"}, {})):
        event = any_event(f"e{number}", contact=contact, received_at=START + timedelta(minutes=number))
        store.events[event.event_id] = event
    return store


@pytest.mark.parametrize("query", ["+375 29 123-45-67", "8 029 123 45 67", "375291234567", "IVAN@example.com "])
def test_a_person_is_found_however_the_contact_is_typed(store: MemoryStore, query: str) -> None:
    assert found(store, query) == ["e1", "e0"]


def test_an_id_is_found_even_where_the_search_by_contact_is_off(store: MemoryStore) -> None:
    assert found(store, "e2", key=b"") == ["e2"]


def test_an_id_that_looks_like_a_number_is_an_id_first(store: MemoryStore) -> None:
    store.events["375291234567"] = any_event("375291234567")
    assert found(store, "375291234567") == ["375291234567"]


@pytest.mark.parametrize("query", ["29 123-45-67", "291234567"])
def test_a_national_number_is_enough(store: MemoryStore, query: str) -> None:
    assert found(store, query) == ["e1", "e0"]


@pytest.mark.parametrize("query", ["Иван", "ivan", "  IVAN "])
def test_a_person_is_found_by_name_in_any_spelling(store: MemoryStore, query: str) -> None:
    assert found(store, query) == ["e1", "e0"]


def test_a_call_is_found_by_the_start_of_its_id(store: MemoryStore) -> None:
    for event_id in ("conv_01jx_a", "conv_01jx_b", "conv_02"):
        store.events[event_id] = any_event(event_id)
    assert set(found(store, "conv_01jx")) == {"conv_01jx_a", "conv_01jx_b"}


def test_who_is_not_among_the_newest_is_found_further_back(store: MemoryStore) -> None:
    assert found(store, "Иван", looks_at=3) == ["e1", "further 3"]
    assert found(store, "Иван", looks_at=3, cursor="3") == ["e0"]


@pytest.mark.parametrize("query", ["nobody_2@example.com", "+375290000000"])
def test_an_address_and_a_number_are_looked_for_in_their_index_alone(store: MemoryStore, query: str) -> None:
    assert found(store, query, looks_at=1) == []


def test_the_start_of_an_id_is_looked_for_once_and_not_as_a_name(store: MemoryStore) -> None:
    store.events["e9"] = any_event("e9", contact={"full_name": "Conv"}, received_at=START)
    assert found(store, "conv_9") == []


def test_words_that_are_nothing_find_nothing(store: MemoryStore) -> None:
    assert found(store, "— . —") == []


def test_without_its_key_the_search_by_name_says_that_it_is_off(store: MemoryStore) -> None:
    with pytest.raises(Unavailable, match="search key"):
        found(store, "Иван", key=b"")


def test_a_page_is_bounded(store: MemoryStore) -> None:
    assert found(store, "+375291234567", limit=1) == ["e1"]


def test_without_its_key_the_search_by_contact_says_that_it_is_off(store: MemoryStore) -> None:
    with pytest.raises(Unavailable, match="search key"):
        of_person("+375291234567", contacts=MemoryContacts(store, KEY), key=bytes, limit=10)


def test_nobody_is_erased_by_words_that_are_no_contact() -> None:
    require_contact("user@example.com")
    with pytest.raises(Rejected, match="neither a phone number"):
        require_contact("Иван Иванов")
