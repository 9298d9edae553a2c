"""Calls longer than a model takes: cut before it is asked, by what its server says, or not judged at all."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest

from functions.analysis.fallback_analyst import JudgementFailedError
from postcall.domain.analysis import AnalysisSource
from tests.contract.analysis.analyst import analyst_at, e01, judged
from tests.unit.analysis.builders import prepared_call
from tools.simulators.model import ModelStub
from tools.simulators.model.answers import valid_answer
from tools.simulators.model.reply import Scenario, always, as_json, completion
from tools.simulators.model.strange import OVERFLOWS


@pytest.mark.parametrize("scenario", ["too_long", *OVERFLOWS])
def test_a_call_that_no_cut_makes_fit_goes_out_and_the_others_are_judged(scenario: str) -> None:
    long = prepared_call(*(f"u: реплика {number}, хочу квартиру" for number in range(400)))
    with ModelStub(*[scenario] * 4, "ok") as stub, analyst_at(stub.base_url) as analyst:
        with pytest.raises(JudgementFailedError) as caught:
            analyst.judge(long, seconds_left=lambda: 60.0)
        assert caught.value.flag == "model_request_rejected"
        asked = len(stub.requests)
        for _ in range(5 - asked):
            with suppress(JudgementFailedError):
                analyst.judge(e01(), seconds_left=lambda: 60.0)
        assert analyst.judge(e01(), seconds_left=lambda: 60.0).source is AnalysisSource.OPENAI


def test_llama_cpps_own_sizes_say_how_much_of_the_call_fits() -> None:
    prepared = prepared_call(*(f"u: реплика {number}, хочу квартиру" for number in range(200)))
    sizes = {"type": "exceed_context_size_error", "code": 400, "n_prompt_tokens": 7_000, "n_ctx": 7_000}
    with ModelStub(always(as_json({"error": sizes}, 400)), "ok") as stub:
        analysis = judged(stub, prepared)
    first, second = (len(request["messages"][1]["content"]) for request in stub.requests)
    assert "call_was_cut" in analysis.flags
    assert first / 4 < second < first


def test_a_server_that_drops_what_does_not_fit_is_found_out_by_its_count() -> None:
    few: Scenario = lambda request: completion(  # noqa: E731 — one line of a scenario
        json.dumps(valid_answer(request)), usage={"prompt_tokens": 512, "completion_tokens": 300}
    )
    with ModelStub(few) as stub:
        assert "model_saw_only_a_part" in judged(stub).flags


def test_a_long_call_is_cut_before_it_is_sent() -> None:
    prepared = prepared_call(*(f"u: реплика {number}, хочу квартиру" for number in range(200)))
    with ModelStub() as stub:
        analysis = judged(stub, prepared, OPENAI_MAX_INPUT_CHARACTERS="1000")
    assert "call_was_cut" in analysis.flags
    assert "omitted_turns" in stub.requests[0]["messages"][1]["content"]
