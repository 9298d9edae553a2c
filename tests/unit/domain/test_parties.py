"""Everybody in a body, with their role, however their number was written and whatever the body is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from postcall.domain.parties import Party, Role, conversations_of, parties_of, spellings
from tests.support.builders import SAMPLES, any_webhook, encoded

OTHER = Party("phone", "375291234567")


def found(document: Any) -> dict[Party, Role]:
    return parties_of(json.dumps(document, ensure_ascii=False).encode())


def test_the_other_partys_number_is_their_own_and_ours_is_nobodys() -> None:
    call = any_webhook(metadata={"phone_call": {"external_number": "+375291234567", "agent_number": "+375175550000"}})
    call["data"]["transcript"] = [{"role": "agent", "message": "Наш номер +375 17 555 00 00."}]
    assert found(call) == {OTHER: Role.OWN}


def test_what_was_only_said_is_mentioned_and_what_is_both_is_their_own() -> None:
    call = any_webhook(transcript=[{"role": "user", "message": "Звоните +375 (44) 765-43-21 или a.b@Example.com."}])
    assert found(call) == {
        OTHER: Role.OWN,
        Party("phone", "375447654321"): Role.MENTIONED,
        Party("email", "a.b@example.com"): Role.MENTIONED,
    }
    call["data"]["transcript"].append({"role": "user", "message": "Это +375291234567"})
    assert found(call)[OTHER] is Role.OWN


@pytest.mark.parametrize(
    "place",
    [
        {"conversation_initiation_client_data": {"dynamic_variables": {"system__caller_id": "+375291234567"}}},
        {"analysis": {"data_collection_results": {"phone": {"value": "8 029 123-45-67"}}}},
        {"metadata": {"whatsapp": {"whatsapp_user_id": "375291234567"}}},
        {"metadata": {"body": {"To": "sip:+375291234567@x.example"}}},
    ],
)
def test_every_place_that_names_the_other_party_counts(place: dict[str, Any]) -> None:
    roles = found(any_webhook(**({"metadata": {}} | place)))
    assert any(Role.OWN is role and party.value in spellings(OTHER.value) for party, role in roles.items())


def test_a_call_of_our_own_systems_and_a_body_that_is_no_json_are_searched_too() -> None:
    assert found({"event_id": "e", "contacts": {"email": "User@Example.com"}, "transcript": "Клиент: 80291234567"}) == {
        Party("email", "user@example.com"): Role.OWN,
        Party("phone", "80291234567"): Role.MENTIONED,
    }
    assert set(parties_of(b'{"broken": "+375291234567')) == {OTHER}


@pytest.mark.parametrize("path", sorted((SAMPLES / "elevenlabs").glob("*.json")), ids=lambda path: path.stem)
def test_no_sample_is_too_odd(path: Any) -> None:
    parties = parties_of(path.read_bytes())
    assert all(party.kind in {"phone", "email"} and party.value for party in parties)


def test_ids_times_and_dates_are_no_numbers() -> None:
    call = {"id": "conv_0123456789", "at": "2026-11-24T10:00:00Z", "day": "2026-11-24 10:00", "unix": 1793000066}
    assert found(call) == {}


def test_a_number_is_found_by_all_its_spellings() -> None:
    for one in ("375291234567", "80291234567", "00375291234567", "291234567"):
        assert {"375291234567"} & spellings(one) or one == "291234567"
        assert one in spellings("375291234567")
    assert {"89161234567", "9161234567"} <= spellings("79161234567")


def test_a_refused_body_names_its_conversation_even_when_it_is_cut() -> None:
    assert conversations_of(encoded(any_webhook("conv_1"))[:200] + b"\xff") == {Party("conversation", "conv_1")}
