"""The vendor's payload becomes a call, whatever is missing, null or new in it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.analysis.collected import FieldNames, field_names
from functions.analysis.elevenlabs import read_call, translate
from postcall.domain.call import Call, ContactValue, Speaker, Turn
from postcall.domain.errors import Rejected
from postcall.domain.event import Source
from tests.support.builders import SAMPLES, any_event, any_webhook, encoded

PAYLOADS = sorted((SAMPLES / "elevenlabs").glob("[0-9]*.json"))


def read(**data: Any) -> Call:
    """A call from a small webhook with these members of `data`."""
    return read_call("conv_x", encoded(any_webhook(**data)), field_names())


@pytest.mark.parametrize("path", PAYLOADS, ids=lambda path: path.stem)
def test_every_sample_becomes_a_call(path: Any) -> None:
    call = translate(any_event(), path.read_bytes())
    assert call.event_id == any_event().event_id
    assert all(turn.text for turn in call.turns)


def test_the_russian_sample_is_read_whole() -> None:
    call = translate(any_event(), (SAMPLES / "elevenlabs" / "01-ru-inbound-twilio-data-collection.json").read_bytes())
    assert len(call.turns) == 10
    assert call.turns[0].speaker is Speaker.AGENT
    assert call.caller_id == "+79990000001"
    assert call.contact.phone == ContactValue("+79990000001", "telephony")
    assert call.contact.full_name == ContactValue("Пётр Щёголев", "collected")
    assert call.contact.email == ContactValue("petr@example.com", "collected")
    assert call.duration_seconds == 61
    assert call.language == "ru"
    assert call.vendor.successful == "success"
    assert call.vendor.criteria["upsell"] == "unknown"
    assert call.vendor.collected["windows_count"] == 3
    assert call.vendor.summary is not None
    assert not call.vendor.summary.endswith("\n")


@pytest.mark.parametrize("name", ["wire-ru-utf8.raw", "wire-ru-ascii-escaped.raw", "wire-ru-compact-utf8.raw"])
def test_the_bytes_encoding_does_not_matter(name: str) -> None:
    sample = (SAMPLES / "elevenlabs" / "01-ru-inbound-twilio-data-collection.json").read_bytes()
    assert translate(any_event(), (SAMPLES / "elevenlabs" / name).read_bytes()) == translate(any_event(), sample)


def test_what_the_application_put_in_is_no_speech() -> None:
    item = {"role": "user", "message": "Телефон офиса 8 017 300 11 22", "contextual_update_info": {"event_id": 1}}
    said = {"role": "user", "message": "Хочу квартиру", "contextual_update_info": None}
    assert [turn.text for turn in read(transcript=[item, said]).turns] == ["Хочу квартиру"]


def test_spans_are_read_where_the_whole_conversation_is_not_to_be_had() -> None:
    spans = (SAMPLES / "elevenlabs" / "18-otel-transcript.json").read_bytes()
    event = any_event(type="post_call_transcription_otel")
    call = translate(event, spans, fetch=lambda _conversation_id: None)
    assert (len(call.turns), call.caller_id, call.duration_seconds) == (2, "+375291234567", 60)
    assert call.vendor.summary == "Клиент хочет купить квартиру."


def test_the_whole_conversation_goes_before_the_spans() -> None:
    asked: list[str] = []

    def fetch(conversation_id: str) -> bytes:
        asked.append(conversation_id)
        return encoded(any_webhook())

    spans = (SAMPLES / "elevenlabs" / "18-otel-transcript.json").read_bytes()
    event = any_event(type="post_call_transcription_otel")
    assert translate(event, spans, fetch=fetch) == translate(any_event(), encoded(any_webhook()))
    assert asked == [event.conversation_id]


def test_nothing_is_fetched_for_a_call_in_the_first_form() -> None:
    def fetch(_conversation_id: str) -> bytes:
        raise AssertionError

    assert translate(any_event(), encoded(any_webhook()), fetch=fetch).turns


def test_reconciliation_brings_the_same_envelope() -> None:
    body = encoded(any_webhook())
    assert translate(any_event(source=Source.RECONCILIATION), body) == translate(any_event(), body)


def test_our_own_systems_bring_turns_and_contacts() -> None:
    body = {"event_id": "e1", "transcript": "Клиент: Хочу квартиру", "contacts": {"phone": "+375291234567"}}
    call = translate(any_event("e1", source=Source.API), json.dumps(body).encode())
    assert call.turns == (Turn(Speaker.CALLER, "Хочу квартиру"),)
    assert call.contact.phone == ContactValue("+375291234567", "given")


@pytest.mark.parametrize("payload", [b"\x00", b"[" * 100_000], ids=["no json", "too deep"])
def test_bytes_that_are_no_json_are_rejected(payload: bytes) -> None:
    with pytest.raises(Rejected):
        translate(any_event(), payload)


def test_what_tools_sent_and_received_is_not_read() -> None:
    secret = {"tool_calls": [{"tool_details": {"headers": {"Authorization": "Bearer 1"}}}], "tool_results": ["secret"]}
    call = read(transcript=[{"role": "agent", "message": None, **secret}, {"role": "user", "message": "Да", **secret}])
    assert call.turns == (Turn(Speaker.CALLER, "Да"),)
    assert "Bearer" not in repr(call)


def test_several_voices_and_interrupted_turns_are_read() -> None:
    call = read(
        transcript=[
            {
                "role": "agent",
                "message": None,
                "multivoice_message": {"parts": [{"text": "Добрый"}, {"text": "день"}, None]},
            },
            {"role": "agent", "message": "Мы пред", "original_message": "Мы предлагаем рассрочку"},
            {"role": "agent", "message": None, "original_message": "До свидания"},
            {"role": "user", "message": "  "},
            None,
        ],
    )
    assert [turn.text for turn in call.turns] == ["Добрый день", "Мы пред", "До свидания"]


@pytest.mark.parametrize(
    ("metadata", "number"),
    [
        ({"phone_call": {"external_number": "+375291234567", "agent_number": "+375170000000"}}, "+375291234567"),
        ({"phone_call": {"external_number": "anonymous"}}, None),
        ({"phone_call": {"external_number": "+375170000000", "agent_number": "+375170000000"}}, None),
        ({"phone_call": {"external_number": "sip:442079460101@203.0.113.1"}}, "442079460101"),
        ({"phone_call": None, "sms": {"sms_user_phone_number": "+375291234567"}}, "+375291234567"),
        ({"whatsapp": {"whatsapp_user_id": "375291234567"}}, "+375291234567"),
        ({"whatsapp": {"recipient": {"phone": "+375 29 123 45 67"}}}, "+375291234567"),
        ({"phone_call": "+375291234567"}, None),
    ],
)
def test_the_networks_number_is_found_where_the_channel_keeps_it(metadata: dict[str, Any], number: str | None) -> None:
    assert read(metadata=metadata).caller_id == number


@pytest.mark.parametrize(("direction", "number"), [("inbound", "+375291234567"), ("outbound", "+375447152276")])
def test_a_dynamic_variable_stands_in_by_direction(direction: str, number: str) -> None:
    variables = {"system__caller_id": "+375291234567", "system__called_number": "+375447152276"}
    call = read(
        metadata={"phone_call": {"direction": direction}},
        conversation_initiation_client_data={"dynamic_variables": variables},
    )
    assert call.caller_id == number


def test_custom_variables_come_after_collected_data_and_missing_words_are_no_values() -> None:
    call = read(
        metadata={},
        analysis={"data_collection_results": {"Name": {"value": "N/A"}, "email": {"value": None}, "phone": "unknown"}},
        conversation_initiation_client_data={
            "dynamic_variables": {"customer_name": "Olivia Example", "customer_email": "olivia@example.org"},
        },
        agent_name="Анна",
    )
    assert call.contact.full_name == ContactValue("Olivia Example", "variable")
    assert call.contact.email == ContactValue("olivia@example.org", "variable")
    assert call.contact.phone is None


def test_collected_data_may_come_as_a_list() -> None:
    rows = [{"data_collection_id": "phone", "value": "375291234567"}, {"value": "nameless"}, None]
    call = read(metadata={}, analysis={"data_collection_results_list": rows})
    assert call.contact.phone == ContactValue("375291234567", "collected")


def test_an_agents_own_field_names_are_configuration() -> None:
    names = FieldNames(contact={"phone": ("tel_klienta",)}, labels={})
    webhook = any_webhook(metadata={}, analysis={"data_collection_results": {"Tel_Klienta": {"value": 375291234567}}})
    call = read_call("conv_x", encoded(webhook), names)
    assert call.contact.phone == ContactValue("375291234567", "collected")


def test_a_name_may_come_in_two_fields() -> None:
    fields = {"first_name": {"value": "Анна"}, "last_name": {"value": "Бондарь"}}
    call = read(metadata={}, analysis={"data_collection_results": fields})
    assert call.contact.full_name == ContactValue("Анна Бондарь", "collected")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from(["transcript", "metadata", "analysis", "agent_id", "conversation_initiation_client_data"]), JSON
    )
)
def test_no_json_breaks_the_reading(data: dict[str, Any]) -> None:
    read_call("conv_x", json.dumps({"data": data}).encode(), field_names())


@given(
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={"role": JSON, "message": JSON, "multivoice_message": JSON, "time_in_call_secs": JSON},
        ),
        max_size=3,
    ),
    st.fixed_dictionaries({}, optional={"phone_call": JSON, "whatsapp": JSON, "sms": JSON, "call_duration_secs": JSON}),
    st.fixed_dictionaries({}, optional={"data_collection_results": JSON, "evaluation_criteria_results": JSON}),
)
def test_no_value_inside_breaks_the_reading(
    turns: list[Any], metadata: dict[str, Any], analysis: dict[str, Any]
) -> None:
    data = {"transcript": turns, "metadata": metadata, "analysis": analysis}
    read_call("conv_x", json.dumps({"data": data}).encode(), field_names())
