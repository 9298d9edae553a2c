"""What a model may answer, and what an answer that goes in circles looks like."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.analysis.model.output import LOOP_TAIL, InvalidAnswerError, is_looping, read_answer
from functions.analysis.model.prompt import CANARY
from tests.unit.analysis.builders import PROMPT, ROWS, answer_members


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"topic": "houses"}, "topic"),
        ({"quality_score": 7}, "quality_score"),
        ({"quality_score": True}, "quality_score"),
        ({"caller_is_minor": "no"}, "caller_is_minor"),
        ({"signals": {}}, "signals.real_conversation"),
        ({"evidence": [{"signal": "hope", "turn": 1, "quote": "x"}]}, "evidence[0].signal"),
        ({"contacts": {"full_name": None, "phone_ref": "PHONE_9", "email_ref": None}}, "contacts.phone_ref"),
        ({"contacts": {"full_name": None, "phone_ref": None, "email_ref": "a@b.com"}}, "contacts.email_ref"),
        ({"summary": f"The mark is {CANARY}"}, "the answer repeats the rules"),
    ],
)
def test_an_answer_that_does_not_fit_is_named_by_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidAnswerError) as caught:
        read_answer(json.dumps(answer_members(**change)), PROMPT.schema, {"PHONE_1"}, 10)
    assert field in caught.value.fields


@pytest.mark.parametrize(
    "text",
    ["", "Конечно!", "{", "[]", "null", "{} {}", "[" * 100_000],
    ids=["empty", "a word", "cut off", "a list", "null", "two", "too deep"],
)
def test_an_answer_that_is_no_object_is_invalid(text: str) -> None:
    with pytest.raises(InvalidAnswerError):
        read_answer(text, PROMPT.schema, set(), 1)


def test_fences_unknown_members_and_bracketed_references_are_tolerated() -> None:
    members = answer_members(contacts={"full_name": None, "phone_ref": "[PHONE_1]", "email_ref": "null"}, more=1)
    answer = read_answer(f"```json\n{json.dumps(members)}\n```", PROMPT.schema, {"PHONE_1"}, 10)
    assert (answer.phone_ref, answer.email_ref) == ("PHONE_1", None)


@pytest.mark.parametrize(
    "content",
    [
        '{"recommendations": [' + '"Перезвонить клиенту завтра.", ' * 80,
        '{"evidence": [' + '{"signal": "need_stated", "turn": 0, "quote": "да"}, ' * 60,
        '{"summary": "' + "да " * 1_000,
        '{"turn": ' + "1" * 2_000,
        '{"topic": "other",' + " \n" * 1_500,
    ],
    ids=["a list", "objects", "a text", "a number", "spaces"],
)
def test_an_answer_that_goes_in_circles_is_known_by_its_end(content: str) -> None:
    assert is_looping(content)
    assert is_looping(json.dumps(answer_members(), ensure_ascii=False) + content)


def test_an_answer_that_only_ended_too_soon_is_no_loop() -> None:
    for row_ in ROWS:
        answer = json.dumps(answer_members(row_.id), ensure_ascii=False)
        assert not any(is_looping(answer[:end]) for end in range(0, len(answer), 100))
    assert not is_looping("да " * (LOOP_TAIL // 12))
