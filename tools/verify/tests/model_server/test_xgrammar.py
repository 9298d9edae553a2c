"""The answer's schema compiles in vLLM's grammar engine, which allows right answers and no other."""

from __future__ import annotations

import json
import subprocess

import pytest

from functions.analysis.model.schema import MOST_RECOMMENDATIONS, Schema
from tests.contract.analysis.test_grammars import SCHEMAS, in_order
from tests.unit.analysis.builders import answer_members
from tools.verify.model_server.running import PYTHON

SCRIPT = "tools/verify/model_server/xgrammar_engine.py"
NOBODY = dict.fromkeys(("full_name", "phone_ref", "email_ref"))
pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason="make verify-model installs the engine")


def allowed(schema: Schema, *answers: dict[str, object]) -> list[bool]:
    texts = [json.dumps(in_order(answer, schema), ensure_ascii=False) for answer in answers]
    asked = json.dumps({"schema": schema, "texts": texts})
    done = subprocess.run([str(PYTHON), SCRIPT], input=asked, capture_output=True, text=True, check=True)
    return [bool(one) for one in json.loads(done.stdout)]


@pytest.mark.parametrize("schema", SCHEMAS, ids=["for OpenAI", "with texts bounded"])
def test_it_allows_right_answers_and_no_other(schema: Schema) -> None:
    right = answer_members()
    assert allowed(schema, right, answer_members(contacts=NOBODY)) == [True, True]
    wrong = ({"topic": "houses"}, {"quality_score": 6}, {"recommendations": ["x"] * (MOST_RECOMMENDATIONS + 1)})
    assert allowed(schema, *(right | one for one in wrong)) == [False, False, False]


def test_it_bounds_texts() -> None:
    long = answer_members() | {"summary": "x" * 5_000}
    assert [allowed(schema, long) for schema in SCHEMAS] == [[True], [False]]
