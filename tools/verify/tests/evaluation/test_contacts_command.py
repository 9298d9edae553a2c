"""`make contacts`: a call a line in, the contact taken from it a line out, through the code that a real call takes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tools.verify.evaluation.contacts import main

DICTATED = [
    {"role": "agent", "message": "Оставьте, пожалуйста, ваш номер."},
    {"role": "user", "message": "8 029 123 45 67"},
]


def answers(folder: Path, *cases: Any, status: int = 0) -> list[dict[str, Any]]:
    """The answers to these lines; a text is written as it is."""
    lines = [case if isinstance(case, str) else json.dumps(case, ensure_ascii=False) for case in cases]
    (folder / "cases.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert main([str(folder / "cases.jsonl"), str(folder / "answers.jsonl")]) == status
    return [json.loads(line) for line in (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_dictated_number_is_answered_under_its_id(tmp_path: Path) -> None:
    (found,) = answers(tmp_path, {"id": "a1", "turns": DICTATED})
    assert found == {"id": "a1", "phone": "+375291234567", "email": None, "full_name": None, "flags": []}


def test_answers_keep_the_order_and_the_kind_of_the_ids(tmp_path: Path) -> None:
    assert [found["id"] for found in answers(tmp_path, {"id": 7}, "", {"id": "b"}, {"id": "a"})] == [7, "b", "a"]


def test_each_place_of_a_call_is_read(tmp_path: Path) -> None:
    network, collected, given = answers(
        tmp_path,
        {"id": 1, "turns": [{"role": "user", "message": "Хочу квартиру"}], "caller_id": "+375291234567"},
        {"id": 2, "collected": {"email": "anna@example.com"}},
        {"id": 3, "given": {"phone": "+375291234567", "full_name": "Анна Петрова"}, "caller_id": "+375447654321"},
    )
    assert network["phone"] == "+375291234567"
    assert collected["email"] == "anna@example.com"
    assert (given["phone"], given["full_name"]) == ("+375291234567", "Анна Петрова")


def test_the_agents_own_number_is_not_the_callers(tmp_path: Path) -> None:
    (found,) = answers(tmp_path, {"id": 1, "caller_id": "+375173001122", "agent_number": "+375173001122"})
    assert found["phone"] is None


def test_more_of_the_webhooks_metadata_is_read(tmp_path: Path) -> None:
    (found,) = answers(tmp_path, {"id": 1, "metadata": {"sms": {"sms_user_phone_number": "+375291234567"}}})
    assert found["phone"] == "+375291234567"


def test_flags_tell_doubts_about_contacts_only(tmp_path: Path) -> None:
    half, silent = answers(
        tmp_path,
        {"id": 1, "turns": [DICTATED[0], {"role": "user", "message": "8 029 123 45"}]},
        {"id": 2, "turns": [DICTATED[0]]},
    )
    assert half["flags"] == ["phone_incomplete"]
    assert silent["flags"] == []


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "line 2: it is not JSON."),
        ("[1]", "line 2: it is no JSON object."),
        ({"turns": DICTATED}, "line 2: id is missing: give a text or a whole number."),
        ({"id": 1, "turns": "text"}, "line 2: turns must be a list of objects with role and message."),
        ({"id": 1, "turns": [{"role": "bot", "message": "x"}]}, "line 2: turns[0].role must be agent or user."),
        ({"id": 1, "turns": [{"role": "user", "message": 5}]}, "line 2: turns[0].message must be a text."),
        ({"id": 1, "caller_id": 375291234567}, "line 2: caller_id must be a text."),
        ({"id": 1, "collected": []}, "line 2: collected must be an object."),
        ({"id": 1, "given": {"phone": 5}}, "line 2: contacts.phone must be a string."),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: Any, complaint: str
) -> None:
    found = answers(tmp_path, {"id": "before", "turns": DICTATED}, line, {"id": "after", "turns": DICTATED}, status=1)
    assert [(one["id"], one["phone"]) for one in found] == [("before", "+375291234567"), ("after", "+375291234567")]
    assert complaint in capsys.readouterr().err


def test_a_file_that_is_not_there_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.jsonl"), str(tmp_path / "answers.jsonl")]) == 1
    assert "No such file or directory" in capsys.readouterr().err
