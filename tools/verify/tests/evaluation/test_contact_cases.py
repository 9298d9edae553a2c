"""Every line of the contact cases holds: what is right is taken, and what must never come does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.builders import SAMPLES
from tools.verify.evaluation.contact_case import ContactAnswer, answer, read_case

LINES = (SAMPLES / "evaluation" / "contacts.jsonl").read_text("utf-8").splitlines()
CASES: list[dict[str, Any]] = [json.loads(line) for line in LINES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']}: {case['kind']}")
def test_every_line_of_the_contact_cases_holds(case: dict[str, Any]) -> None:
    found = answer(read_case(json.dumps(case)))
    assert {name: getattr(found, name) for name in case["want"]} == case["want"]
    assert not set(case.get("never", [])) & set(_values(found))


def _values(found: ContactAnswer) -> tuple[str | None, ...]:
    return found.phone, found.email, found.full_name
