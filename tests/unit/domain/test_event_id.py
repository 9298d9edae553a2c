"""How events are named, and what of a name may stand in a log."""

from __future__ import annotations

import pytest

from postcall.domain.event_id import api_event_id, body_id, failure_id, is_a_contact, loggable, public_id

CONTACTS = ("+375291234567", "tel:80291234567", "TEL:+12345", "8 (029) 123-45-67".replace(" ", "_"), "ivan@example.com")
IDS = ("conv_1", "1234567", "+1234", "api/order-375291234567", "a@b", "12345678901234567890")


def test_each_kind_of_event_has_its_namespace_and_a_person_sees_the_id_alone() -> None:
    assert (api_event_id("e1"), body_id("e1"), failure_id("c1")) == ("api/e1", "body/e1", "c1:call_initiation_failure")
    assert [public_id(each) for each in ("api/e1", "c1")] == ["e1", "c1"]


@pytest.mark.parametrize("given", CONTACTS)
def test_a_number_and_an_address_are_no_names_for_a_log(given: str) -> None:
    assert is_a_contact(given)
    assert loggable(given) == "no id"


@pytest.mark.parametrize("given", IDS)
def test_an_id_stands_in_a_log_as_it_was_given(given: str) -> None:
    assert not is_a_contact(given)
    assert loggable(given) == given


@pytest.mark.parametrize("given", ["Anna Petrova", "", "x" * 257, "Анна"])
def test_what_is_no_one_word_is_no_id(given: str) -> None:
    assert loggable(given) == "no id"
