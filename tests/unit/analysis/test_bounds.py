"""What is kept of a call is bounded, whoever analysed it; what fits stays as it is."""

from __future__ import annotations

import json
from typing import Any

from functions.analysis.bounds import (
    CALL_CUT,
    DETAILS_CUT,
    GAP,
    LONGEST_CALL,
    LONGEST_NAME,
    LONGEST_TEXT,
    LONGEST_TURN,
    MOST,
    MOST_FIELDS,
    analyse_within_bounds,
    bounded,
    bounded_call,
    bounded_fields,
)
from functions.analysis.collected import field_names
from functions.analysis.elevenlabs import read_call
from functions.analysis.question import in_turn
from postcall.domain.call import Call, Contact, ContactValue, Speaker, Turn
from postcall.domain.record import write_analysis
from tests.support.builders import any_analysis, any_webhook, encoded
from tests.support.fakes.clock import START
from tools.verify.evaluation.analysts import offline as offline_analyst

ENDLESS = "я" * 450_000


def test_what_fits_stays_as_it_is() -> None:
    assert bounded(any_analysis()) == any_analysis()


def test_a_crowd_of_contacts_is_cut_and_told() -> None:
    others = {"phones": [f"+37529{number:07d}" for number in range(4_000)]}
    kept = bounded(any_analysis(details={"other_contacts": others}))
    assert kept.details["other_contacts"]["phones"] == others["phones"][:MOST]
    assert DETAILS_CUT in kept.flags
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


def spoken(*texts: str) -> Call:
    """A call of these turns."""
    return Call("conv_x", turns=tuple(Turn(Speaker.CALLER, text) for text in texts))


def test_an_ordinary_call_is_read_whole() -> None:
    call = spoken(*["Хочу купить квартиру, бюджет до девяноста тысяч."] * 1_000)
    assert bounded_call(call) == call


def test_a_turn_without_end_loses_its_middle_between_words() -> None:
    words = [f"слово{number}" for number in range(5_000)]
    (turn,) = bounded_call(spoken(" ".join(words))).turns
    head, tail = (part.split() for part in turn.text.split(GAP))
    assert len(turn.text) <= LONGEST_TURN + len(GAP)
    assert head == words[: len(head)]
    assert tail == words[-len(tail) :]


def test_a_call_without_end_loses_its_middle_and_keeps_its_turns_numbers() -> None:
    call = spoken(*[f"{number:05d} " * 100 for number in range(1_000)])
    turns = bounded_call(call).turns
    assert len(turns) == 1_000
    assert (turns[0], turns[-1]) == (call.turns[0], call.turns[-1])
    assert sum(len(turn.text) for turn in turns) <= LONGEST_CALL
    assert [turn for turn in turns if turn.text] == [turn for turn in call.turns if turn in turns]


def test_what_was_cut_is_told() -> None:
    analyst = offline_analyst()
    whole = in_turn(analyse_within_bounds(spoken("Хочу квартиру"), analyst=analyst, received_at=START))
    cut = in_turn(analyse_within_bounds(spoken("квартира " * 90_000), analyst=analyst, received_at=START))
    assert CALL_CUT not in whole.flags
    assert CALL_CUT in cut.flags
