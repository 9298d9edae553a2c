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


def found(store: MemoryStore, query: str, *, key: bytes = KEY, limit: int = 10) -> list[str]:
    events = search(
        query,
        events=store,
        contacts=MemoryContacts(store, KEY),
        lists=MemoryLists(store, KEY),
        key=lambda: key,
        now=START,
        limit=limit,
    )
    return [event.event_id for event in events]


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
