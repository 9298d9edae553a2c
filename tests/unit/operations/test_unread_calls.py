"""A person's calls that wait for their analysis are looked into, and what could not be looked into is said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from functions.operations.usecases.unread_calls import UnreadCall, UnreadCalls, unread_calls_of
from postcall.domain.errors import Unavailable
from postcall.domain.parties import Party, Role
from tests.support.builders import any_event, any_webhook, encoded

PERSON, ADDRESS = Party("phone", "375291112233"), Party("email", "1234567@example.com")
ERASED = datetime(2026, 11, 1, tzinfo=UTC)


def body(number: str, said: str = "") -> bytes:
    line = {"phone_call": {"direction": "inbound", "external_number": number}}
    return encoded(any_webhook("conv_1", metadata=line, transcript=[{"role": "agent", "message": said}]))


BODIES = {
    "own": body("+375291112233"),
    "own_again": body("+375291112233", "80291112233"),
    "other": body("+375177770000"),
    "mentions": body("+375177770000", "Его номер 8 029 111-22-33."),
    "address_375": body("+375177770000", "Пишите на 375ivan@a.by"),
    "address": body("+375177770000", "Пишите на 1234567@example.com"),
}


def look(ids: tuple[str, ...], *, at_once: int = 100, party: Party = PERSON) -> UnreadCalls:
    """What has no body cannot be read."""
    events = (any_event(each, erased_at=ERASED if each == "erased" else None) for each in ids)

    def payload(event_id: str) -> bytes:
        if event_id not in BODIES:
            raise Unavailable("Not to be had.")
        return BODIES[event_id]

    return unread_calls_of(party, waiting=events, payload=payload, at_once=at_once)


def test_calls_are_found_in_their_role_however_the_number_is_written() -> None:
    found = look(("other", "own", "mentions", "own_again"))
    assert found.all_read
    assert found.found == [
        UnreadCall("own", Role.OWN),
        UnreadCall("mentions", Role.MENTIONED),
        UnreadCall("own_again", Role.OWN),
    ]


def test_calls_are_found_by_an_address() -> None:
    assert look(("other", "address"), party=ADDRESS).found == [UnreadCall("address", Role.MENTIONED)]


def test_an_address_is_written_in_one_way_alone() -> None:
    assert look(("address_375",), party=Party("email", "80ivan@a.by")).found == []


def test_more_than_can_be_looked_into_is_said() -> None:
    found = look(("other", "other", "own"), at_once=2)
    assert (found.found, found.all_read) == ([], False)
    assert look(("other", "own"), at_once=2).all_read


@pytest.mark.parametrize(("there", "all_read"), [("lost", False), ("erased", True)])
def test_a_body_that_is_not_to_be_had_is_said_and_an_erased_one_is_none(there: str, *, all_read: bool) -> None:
    found = look((there, "own"))
    assert (found.found, found.all_read) == ([UnreadCall("own", Role.OWN)], all_read)
