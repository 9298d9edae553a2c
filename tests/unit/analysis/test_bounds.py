"""What is kept of a call is bounded, whoever analysed it; what fits stays as it is."""

from __future__ import annotations

import json
from typing import Any

from functions.analysis.bounds import FLAG, LONGEST_NAME, LONGEST_TEXT, MOST, MOST_FIELDS, bounded, bounded_fields
from functions.analysis.collected import field_names
from functions.analysis.elevenlabs import read_call
from postcall.domain.call import Contact, ContactValue
from postcall.domain.record import write_analysis
from tests.builders import any_analysis, any_webhook, encoded

ENDLESS = "я" * 450_000


def test_what_fits_stays_as_it_is() -> None:
    assert bounded(any_analysis()) == any_analysis()


def test_a_crowd_of_contacts_is_cut_and_told() -> None:
    others = {"phones": [f"+37529{number:07d}" for number in range(4_000)]}
    kept = bounded(any_analysis(details={"other_contacts": others}))
    assert kept.details["other_contacts"]["phones"] == others["phones"][:MOST]
    assert FLAG in kept.flags
    assert kept.needs_review


def test_a_piece_of_a_phone_or_an_address_is_never_kept() -> None:
    endless = ContactValue(ENDLESS, "collected")
    kept = bounded(any_analysis(contact=Contact(full_name=endless, phone=endless, email=endless))).contact
    assert kept == Contact(full_name=ContactValue("я" * LONGEST_NAME, "collected"))


def test_no_text_of_an_analysis_is_endless() -> None:
    texts = dict.fromkeys(("language", "summary", "model", "topic", "request_id"), ENDLESS)
    kept = bounded(any_analysis(**texts, flags=(ENDLESS,) * 500, details={"a": {"b": [ENDLESS] * 500}}))
    assert len(json.dumps(write_analysis(kept), ensure_ascii=False).encode()) < 400_000


def test_small_fields_stay_as_they_are() -> None:
    values = {"phone": 80291234567.0, "agreed": True, "name": "Анна", "none": None, "rooms": [1, 2], "map": {"a": "b"}}
    assert bounded_fields(values) == values


def test_a_vendors_fields_are_cut_in_number_and_size() -> None:
    kept = bounded_fields({f"field {number}": ENDLESS for number in range(1_000)} | {"first": [ENDLESS]})
    assert len(kept) == MOST_FIELDS
    assert {len(value) for value in kept.values()} == {LONGEST_TEXT}
    assert bounded_fields({"many": [1] * 450_000}) == {"many": None}


def test_a_call_is_read_within_these_bounds() -> None:
    results = {"notes": {"value": ENDLESS}}
    data: dict[str, Any] = {
        "analysis": {"data_collection_results": results, "evaluation_criteria_results": {"x": {"result": ENDLESS}}},
        "conversation_initiation_client_data": {"dynamic_variables": {"full_name": ENDLESS}},
    }
    call = read_call("conv_x", encoded(any_webhook(**data)), field_names())
    assert len(call.vendor.collected["notes"]) == LONGEST_TEXT
    assert len(call.vendor.criteria["x"]) == LONGEST_TEXT
    assert call.contact.full_name is None or len(call.contact.full_name.value) <= LONGEST_TEXT
