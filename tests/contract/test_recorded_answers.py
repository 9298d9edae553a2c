"""The same cases against recorded answers and against the simulator: both are read the same way."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.dispatch.answer import Result, read_answer
from functions.dispatch.bpmsoft import BpmsoftCrm, Endpoint
from functions.dispatch.classify import Exchange, Terms, TransportResult, classify
from functions.dispatch.field_map import field_map, read_field_map
from functions.dispatch.settings import WireFormat
from functions.dispatch.wire import Wire, compose
from postcall.domain.deduplication import Deduplication
from postcall.domain.outcome import Outcome, Verdict
from tests.support.builders import SAMPLES, any_analysis, any_event
from tools.local.paths import ROOT
from tools.simulators.crm.simulator import CrmSimulator

RECORDED: dict[str, Any] = json.loads((SAMPLES / "bpmsoft/answers.json").read_text(encoding="utf-8"))
ORIGIN = "https://mir.utlik.pro"
STOCK = Wire("cd8c698b-4b42-4a47-aaf4-7a9e72a0344b", field_map("stock"), WireFormat.WEB_FORM)
TERMS = Terms(WireFormat.WEB_FORM)
BAD_INTEGER = read_field_map('[[field]]\nname = "UsrQualityScore"\nconstant = "four"', where="test.toml")


def send(crm: CrmSimulator, payload: str, *, referer: str = f"{ORIGIN}/") -> Verdict:
    return BpmsoftCrm(Endpoint(crm.service_url, ORIGIN, referer, 5), TERMS).send(payload)


def body(wire: Wire = STOCK) -> str:
    return compose(any_event(), any_analysis(), wire=wire).payload


def with_fault(name: str) -> Callable[[CrmSimulator], Verdict]:
    def provoke(crm: CrmSimulator) -> Verdict:
        crm.fail_next(name)
        return send(crm, body())

    return provoke


PROVOKED: dict[str, Callable[[CrmSimulator], Verdict]] = {
    "saved": lambda crm: send(crm, body()),
    "not_understood": lambda crm: send(crm, body(replace(STOCK, wire_format=WireFormat.LETTER))),
    "not_trusted": lambda crm: send(crm, body(), referer="https://somebody.else.example/"),
    "unknown_landing": lambda crm: send(crm, body(replace(STOCK, landing_id="00000000-0000-0000-0000-000000000001"))),
    "landing_off": with_fault("landing_off"),
    "preprocess_error": with_fault("preprocess_error"),
    "post_handler_error": with_fault("post_handler_error"),
    "bad_value": lambda crm: send(crm, body(replace(STOCK, rows=BAD_INTEGER))),
    "request_error": lambda crm: send(crm, '{"formData": {"formFieldsData": 5}}'),
    "too_large": lambda crm: send(crm, json.dumps({"formData": "x" * 70_000})),
}


def recorded(case: str) -> Verdict:
    answer = RECORDED[case]
    return classify(Exchange(TransportResult.ANSWERED, status=answer["status"], text=answer["body"]), TERMS)


@pytest.mark.parametrize("case", RECORDED)
def test_a_recorded_answer_is_taken_for_what_it_is(case: str) -> None:
    assert recorded(case).outcome is Outcome(RECORDED[case]["outcome"])


@pytest.mark.parametrize("case", RECORDED)
def test_the_simulator_answers_as_recorded(case: str) -> None:
    with CrmSimulator(profile="after-columns-added") as crm:
        verdict = PROVOKED[case](crm)
    expected = recorded(case)
    assert (verdict.outcome, verdict.http_status) == (expected.outcome, expected.http_status)
    simulated, known = read_answer(verdict.answer or ""), read_answer(RECORDED[case]["body"])
    assert type(simulated) is type(known)
    if isinstance(simulated, Result) and isinstance(known, Result):
        assert (simulated.code, simulated.message.rstrip(".")) == (known.code, known.message.rstrip("."))


def test_every_row_of_the_document_names_a_test_that_exists_and_every_outcome_has_a_row() -> None:
    document = (ROOT / "docs/contracts/bpmsoft.md").read_text(encoding="utf-8")
    rows = [line for line in document.splitlines() if re.match(r"\| \d+a? \|", line)]
    tests = "".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "tests/unit/dispatch/test_classify.py", ROOT / "tests/contract/test_bpmsoft.py")
    )
    assert len(rows) == 23
    for row in rows:
        names = re.findall(r"`(test_\w+?)_?…`", row)
        assert names, row
        assert all(f"def {name}" in tests for name in names), row
    sent = set(Outcome) - {Outcome.DRY_RUN, Outcome.DISABLED}
    assert all(f"`{outcome}`" in "".join(rows) for outcome in sent)


def test_the_deduplication_modes_are_all_in_the_document() -> None:
    document = Path(ROOT / "docs/contracts/bpmsoft.md").read_text(encoding="utf-8")
    assert all(f"`{mode}`" in document for mode in Deduplication)
