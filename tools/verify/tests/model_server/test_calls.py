"""The run over a real server's answers takes calls to the CRM, and each thing that may not be turns it red."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from postcall.domain.analysis import Analysis, AnalysisSource
from postcall.domain.call import ContactValue
from tests.unit.analysis.builders import offline, row
from tools.simulators.model import ModelStub
from tools.verify.model_server.calls import SET, Lead, faults, judged_by, written

AT_MOST = 60.0
ROW = row("E01")
GOOD = Lead(ROW, offline(ROW.call), 3.0, is_at_the_crm=True)


def with_analysis(change: Callable[[Analysis], Analysis]) -> Lead:
    return replace(GOOD, analysis=change(GOOD.analysis))


def verdict(analysis: Analysis) -> Analysis:
    """A wrong one without a doubt."""
    labels: dict[str, Any] = {"topic": "job", "intent": "job_search", "lead_status": "disqualified", "quality_score": 1}
    return replace(analysis, source=AnalysisSource.OPENAI, flags=(), needs_review=False, **labels)


def another_phone(analysis: Analysis) -> Analysis:
    return replace(analysis, contact=replace(analysis.contact, phone=ContactValue("+375291112233", "spoken")))


PLANTED: dict[str, Lead] = {
    "late": replace(GOOD, seconds=AT_MOST + 1),
    "no lead": replace(GOOD, is_at_the_crm=False),
    "a wrong phone": with_analysis(another_phone),
    "a lost contact": with_analysis(lambda one: replace(one, contact=replace(one.contact, phone=None))),
    "a wrong verdict without a flag": with_analysis(verdict),
    "no judgement, and no word of it": with_analysis(lambda one: replace(one, flags=("phone_unclear",))),
}


def test_a_lead_by_the_rules_has_no_fault() -> None:
    assert list(faults(GOOD, AT_MOST)) == []


@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(fault: str) -> None:
    assert fault in list(faults(PLANTED[fault], AT_MOST))


@pytest.mark.parametrize("batch", [1, 10])
@pytest.mark.parametrize(("scenario", "source"), [("capable", AnalysisSource.OPENAI), ("llama_cpp_wrong_key", None)])
def test_calls_reach_the_crm_with_and_without_a_judgement(
    tmp_path: Path, scenario: str, source: AnalysisSource | None, batch: int
) -> None:
    some = tmp_path / "some.jsonl"
    some.write_text("\n".join(SET.read_text("utf-8").splitlines()[:2]), encoding="utf-8")
    with ModelStub(scenario) as stub:
        leads = judged_by(stub.base_url, some, max_wait=20 if source else 2, deadline=10, batch=batch)
    assert all(lead.is_at_the_crm for lead in leads)
    assert {lead.analysis.source for lead in leads} == {source or AnalysisSource.OFFLINE}
    assert "2 calls" in written(leads, 600)[0]


@pytest.mark.parametrize(
    ("change", "is_well"), [({}, True), ({"seconds": AT_MOST + 0.9}, True), ({"seconds": AT_MOST + 1.1}, False)]
)
def test_a_second_of_our_own_is_all_that_a_call_waits_longer_whatever_the_queue(
    change: dict[str, Any], *, is_well: bool
) -> None:
    leads = [GOOD] * 19 + [replace(GOOD, **change)]
    assert written(leads, int(AT_MOST))[1] is is_well


def test_a_run_in_which_no_verdict_came_in_time_has_shown_nothing() -> None:
    report, is_well = written([GOOD], int(AT_MOST), least_judged=1)
    assert not is_well
    assert "1 verdicts in time were wanted" in report
