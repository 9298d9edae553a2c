"""One call of each kind that contacts went wrong in: what is right comes, and what must never come does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.builders import SAMPLES
from tools.verify.evaluation.contact_case import answer, read_case

KINDS = [json.loads(line) for line in (SAMPLES / "contacts" / "kinds.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("case", KINDS, ids=lambda case: case["kind"])
def test_the_contact_is_the_callers_own_or_none(case: dict[str, Any]) -> None:
    found = answer(read_case(json.dumps(case)))
    taken = {"phone": found.phone, "email": found.email, "full_name": found.full_name}
    assert {name: taken[name] for name in case["want"]} == case["want"]
    assert not set(case.get("never", ())) & set(taken.values())
