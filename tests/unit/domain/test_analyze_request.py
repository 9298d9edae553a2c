"""The body of `POST /api/analyze`: turns or text, contacts, and one sentence for each mistake."""

from __future__ import annotations

import json
from typing import Any

import pytest

from postcall.domain.analyze_request import AnalyzeRequest, read_analyze_request
from postcall.domain.call import Contact, ContactValue, Speaker, Turn
from postcall.domain.errors import Rejected

TURNS = [{"role": "agent", "message": "Добрый день."}, {"role": "user", "message": "Хочу купить квартиру."}]

IDS = "event_id must be 1 to 128 characters, not dots alone: letters, digits and . _ : @ # + = ~ -"


def read(**members: Any) -> AnalyzeRequest:
    return read_analyze_request(json.dumps({"event_id": "123", "transcript": TURNS} | members).encode())


def test_a_transcript_as_turns() -> None:
    assert read().turns == (Turn(Speaker.AGENT, "Добрый день."), Turn(Speaker.CALLER, "Хочу купить квартиру."))


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("Agent: Hello.\nUser: Hi.", [("agent", "Hello."), ("user", "Hi.")]),
        ("Агент: Добрый день.\n\nКлиент: Хочу\nкупить.", [("agent", "Добрый день."), ("user", "Хочу купить.")]),
        ("Хочу купить квартиру.", [("user", "Хочу купить квартиру.")]),
        ("Цена: 5000", [("user", "Цена: 5000")]),
    ],
)
def test_a_transcript_as_text(text: str, turns: list[tuple[str, str]]) -> None:
    assert [(turn.speaker, turn.text) for turn in read(transcript=text).turns] == turns


def test_contacts_are_taken_as_given() -> None:
    asked = read(contacts={"full_name": "Иван Иванов", "phone": " +375291234567 ", "email": None}, agent_id="A1")
    assert asked.contact == Contact(
        full_name=ContactValue("Иван Иванов", source="given"),
        phone=ContactValue("+375291234567", source="given"),
    )
    assert asked.call().agent_id == "A1"


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"event_id": None}, "event_id is missing."),
        ({"event_id": "  "}, "event_id is missing."),
        ({"event_id": 5}, "event_id must be a string."),
        ({"event_id": "a b"}, IDS),
        ({"event_id": "a|b"}, IDS),
        ({"event_id": ".."}, IDS),
        ({"event_id": "x" * 129}, IDS),
        ({"transcript": None}, "transcript is missing: give a list of turns (role, message) or a text."),
        ({"transcript": []}, "transcript is missing: give a list of turns (role, message) or a text."),
        ({"transcript": " "}, "transcript is missing: give a list of turns (role, message) or a text."),
        ({"transcript": 5}, "transcript is missing: give a list of turns (role, message) or a text."),
        ({"transcript": ["x"]}, "transcript[0] must be an object with role and message."),
        ({"transcript": [{"role": "cat", "message": "x"}]}, "transcript[0].role must be agent or user."),
        ({"transcript": [*TURNS, {"message": "x"}]}, "transcript[2].role must be agent or user."),
        ({"transcript": [{"role": "user", "message": 5}]}, "transcript[0].message must be a string."),
        ({"transcript": TURNS * 3000}, "transcript has more than 5000 turns."),
        ({"contacts": "x"}, "contacts must be an object with full_name, phone and email."),
        ({"contacts": {"phone": 375}}, "contacts.phone must be a string."),
        ({"contacts": {"email": "x" * 1001}}, "contacts.email is longer than 1000 characters."),
        ({"agent_id": []}, "agent_id must be a string."),
        ({"conversation_id": {}}, "conversation_id must be a string."),
    ],
)
def test_a_mistake_is_named_and_its_value_not_repeated(members: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Rejected) as refused:
        read(**members)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "The body is not valid JSON."),
        (b"[" * 100_000, "The body is not valid JSON."),
        (b"\xff", "The body is not valid JSON."),
        (b"[]", "The body must be a JSON object."),
    ],
)
def test_what_is_no_object_is_refused(body: bytes, sentence: str) -> None:
    with pytest.raises(Rejected) as refused:
        read_analyze_request(body)
    assert str(refused.value) == sentence
