"""What a real recogniser wrote of dictated contacts: its gates, counted on the sentences that chose no threshold.

A line is one recognition of a sentence: `heard`, and the `phone` or `email` that was dictated, or neither. The
likeness a read-back needs was chosen on the sentences with an even number; these gates hold on the odd ones.
"""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest

from functions.analysis.contacts.heard import MASKED_FROM
from postcall.domain.analysis import Analysis
from tests.support.builders import SAMPLES
from tests.unit.analysis.builders import call_of, offline, prepared_call

_QUESTIONS = {"phone": "a: Ваш номер телефона?", "email": "a: Ваша почта?", "": "a: Что вас интересует?"}
_RUN = re.compile(r"[\d\W]+")


def _kind(row: dict[str, Any]) -> str:
    return next((name for name in ("phone", "email") if name in row), "")


@cache
def _rows() -> tuple[dict[str, Any], ...]:
    path = SAMPLES / "contacts" / "recognised.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return tuple(row for row in rows if int(re.sub(r"\D", "", row["sentence"])) % 2)


@cache
def _heard() -> tuple[tuple[dict[str, Any], Analysis], ...]:
    return tuple((row, offline(call_of(_QUESTIONS[_kind(row)], f"u: {row['heard']}"))) for row in _rows())


def _taken(analysis: Analysis, kind: str) -> str | None:
    found = getattr(analysis.contact, kind)
    return None if found is None else str(found.value)


def test_no_address_is_written_down_wrongly() -> None:
    wrong = [row["heard"] for row, found in _heard() if _taken(found, "email") not in {None, row.get("email")}]
    assert wrong == []


def test_no_other_digits_are_taken_for_a_phone() -> None:
    assert [row["heard"] for row, found in _heard() if _kind(row) != "phone" and found.contact.phone] == []


def test_few_phones_are_wrong() -> None:
    phones = [(row, found) for row, found in _heard() if _kind(row) == "phone"]
    wrong = [row for row, found in phones if _taken(found, "phone") not in {None, row["phone"]}]
    assert len(wrong) / len(phones) <= 32 / 624  # the share of valid numbers that the recogniser itself writes wrongly


@pytest.mark.parametrize("kind", ["phone", "email"])
def test_what_was_attempted_and_missed_is_flagged(kind: str) -> None:
    missed = [(row, found) for row, found in _heard() if _kind(row) == kind and _taken(found, kind) is None]
    silent = [row["heard"] for row, found in missed if not any(flag.startswith(kind) for flag in found.flags)]
    noise = [row["heard"] for row, _found in missed if row["language"] == "be"]  # Belarusian that it does not know
    assert [heard for heard in silent if heard not in noise] == []


def test_long_runs_of_digits_are_masked() -> None:
    shown = [prepared_call(f"u: {row['heard']}").shown[0].text for row in _rows() if "рублей" not in row["heard"]]
    assert [
        text for text in shown if any(sum(map(str.isdigit, run)) >= MASKED_FROM for run in _RUN.findall(text))
    ] == []


def _confirmed(row: dict[str, Any]) -> Analysis:
    kind = _kind(row)
    return offline(
        call_of(_QUESTIONS[kind], f"u: {row['heard']}", f"a: Повторю: {row[kind]}, верно?", "u: Да, верно."),
    )


def test_confirmed_read_backs_are_accepted_though_the_digits_were_mangled() -> None:
    rows = [row for row in _rows() if _kind(row) == "phone" and row["language"] != "be"]
    accepted = [row for row in rows if _taken(_confirmed(row), "phone") == row["phone"]]
    assert len(accepted) / len(rows) >= 0.9


def test_an_address_that_the_agent_spelled_out_is_accepted_after_one_was_dictated() -> None:
    rows = [row for row in _rows() if _kind(row) == "email"]
    accepted = [row for row in rows if _taken(_confirmed(row), "email") == row["email"]]
    assert len(accepted) / len(rows) >= 0.85
