"""A contact from each place it may come from reaches the CRM: said, network, collected, given, in spans."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.e2e.conftest import Stack
from tests.e2e.test_missed_calls import elevenlabs
from tests.support.builders import SAMPLES

pytestmark = pytest.mark.e2e

PHONE, EMAIL = "+375291234567", "petrov@gmail.com"
TALK = [{"role": "agent", "message": "Чем помочь?"}, {"role": "user", "message": "Хочу купить квартиру."}]
SAID = [
    {"role": "agent", "message": "Оставьте, пожалуйста, ваш номер."},
    {"role": "user", "message": "восемь ноль двадцать девять сто двадцать три сорок пять шестьдесят семь"},
    {"role": "agent", "message": "И вашу почту."},
    {"role": "user", "message": "petrov собака gmail точка com"},
]
NOBODY: dict[str, Any] = {"metadata": {}, "analysis": {}, "transcript": TALK}


def sent(stack: Stack, event_id: str) -> dict[str, str]:
    """The contact in the one lead that the CRM got."""
    (attempt,) = stack.rests(event_id, "delivered")["dispatches"]
    assert len(stack.leads(event_id)) == 1
    return {pair["name"]: pair["value"] for pair in attempt["payload"]["contactFields"]}


@pytest.mark.parametrize(
    ("members", "contact"),
    [
        ({"transcript": SAID}, {"Phone": PHONE, "Email": EMAIL}),
        ({"metadata": {"phone_call": {"direction": "inbound", "external_number": PHONE}}}, {"Phone": PHONE}),
        (
            {"analysis": {"data_collection_results": {"phone": {"value": PHONE}, "email": {"value": EMAIL}}}},
            {"Phone": PHONE, "Email": EMAIL},
        ),
    ],
    ids=["spoken", "network", "collected"],
)
def test_a_call_of_elevenlabs(stack: Stack, members: dict[str, Any], contact: dict[str, str]) -> None:
    event_id = f"conv_{uuid.uuid4().hex[:28]}"
    assert stack.webhook(conversation_id=event_id, **NOBODY | members).status_code == 200
    assert sent(stack, event_id) == contact


def test_a_call_of_our_own_system(stack: Stack) -> None:
    event_id = f"given-{uuid.uuid4().hex[:12]}"
    stack.analyze(event_id, contacts={"phone": PHONE, "email": EMAIL})
    assert sent(stack, event_id) == {"Phone": PHONE, "Email": EMAIL}


def test_spans_alone(stack: Stack) -> None:
    """ElevenLabs does not list it, so the spans are all there is."""
    event_id = f"conv_{uuid.uuid4().hex[:28]}"
    sample = (SAMPLES / "elevenlabs" / "18-otel-transcript.json").read_text("utf-8")
    body = sample.replace("conv_5000000000000000000000000018", event_id).encode()
    assert stack.webhook(body).status_code == 200
    assert sent(stack, event_id)["Phone"] == PHONE


def test_spans_of_a_conversation_that_elevenlabs_still_has(stack: Stack) -> None:
    elevenlabs(stack, "PUT", "/api/webhook", transcript_format="opentelemetry")
    try:
        event_id = str(elevenlabs(stack, "POST", "/api/conversations", deliver="normal")["conversation_id"])
    finally:
        elevenlabs(stack, "PUT", "/api/webhook", transcript_format="json")
    assert sent(stack, event_id)["Phone"] == PHONE
    assert stack.event(event_id)["analysis"]["language"] == "ru"  # which no span tells
