"""What is asked for once more: answers of no use, repairs, and servers that refuse one."""

from __future__ import annotations

import pytest

from functions.analysis.fallback_analyst import JudgementFailedError, ModelUnavailable
from postcall.domain.analysis import AnalysisSource
from tests.contract.analysis.analyst import analyst_at, e01, judged
from tools.simulators.model import ModelStub
from tools.simulators.model.strange import UNUSABLE


@pytest.mark.parametrize(
    ("scenario", "flag", "requests"),
    [
        ("refusal", "model_refused", 2),
        ("content_filter", "model_refused", 1),
        ("policy", "model_refused", 1),
        ("cut_off", "model_answer_cut_off", 2),
        ("cut_off_empty", "model_answer_cut_off", 2),
        ("llama_cpp_cut_form", "model_answer_cut_off", 2),
        ("prose", "model_answer_invalid", 2),
        ("empty", "model_answer_invalid", 2),
        ("wrong_enum", "model_answer_invalid", 2),
        ("wrong_type", "model_answer_invalid", 2),
        ("wrong_range", "model_answer_invalid", 2),
        ("missing_member", "model_answer_invalid", 2),
        ("unknown_reference", "model_answer_invalid", 2),
        ("written_digits", "model_answer_invalid", 2),
        ("repeats_rules", "model_answer_invalid", 2),
        ("too_long", "model_request_rejected", 2),
        *((name, "model_answer_invalid", 2) for name in UNUSABLE),
        ("unprocessable", "model_request_rejected", 1),
    ],
)
def test_an_answer_of_no_use_is_asked_for_once_more_at_most(scenario: str, flag: str, requests: int) -> None:
    with ModelStub(scenario) as stub, pytest.raises(JudgementFailedError) as caught:
        judged(stub)
    assert caught.value.flag == flag
    assert len(stub.requests) == requests


@pytest.mark.parametrize(
    "scenario",
    ["refusal", "cut_off", "wrong_enum", "missing_member", "prose", "too_long", "bad_quote", "vllm_overflow"],
)
def test_one_repair_is_enough(scenario: str) -> None:
    with ModelStub(scenario, "ok") as stub:
        analysis = judged(stub)
    assert analysis.source is AnalysisSource.OPENAI
    assert len(stub.requests) == 2
    assert analysis.flags == (("call_was_cut",) if scenario in {"too_long", "vllm_overflow"} else ())


def test_a_repair_names_the_field_and_doubles_the_room_where_that_is_the_trouble() -> None:
    with ModelStub("wrong_enum", "ok") as stub:
        judged(stub)
    assert "topic" in stub.requests[1]["messages"][-1]["content"]
    with ModelStub("cut_off", "ok") as stub:
        judged(stub)
    assert stub.requests[1]["max_completion_tokens"] == 2 * stub.requests[0]["max_completion_tokens"]


@pytest.mark.parametrize("mode", ["json_schema", "json_object", "prompt"])
def test_a_repair_takes_turns_and_carries_the_schema_and_the_failed_quote(mode: str) -> None:
    with ModelStub("bad_quote", "ok") as stub:
        judged(stub, OPENAI_SCHEMA_MODE=mode)
    messages = stub.requests[1]["messages"]
    assert [message["role"] for message in messages] == ["system", "user", "assistant", "user"]
    assert messages[:2] == stub.requests[0]["messages"]
    assert "Покупаю весь дом" in messages[2]["content"]
    assert "evidence[0] (need_stated)" in messages[3]["content"]
    assert '"lead_status"' in messages[0]["content"] + messages[3]["content"]


def test_a_server_that_refuses_a_repair_costs_one_call_its_judgement_and_no_other() -> None:
    with ModelStub("prose", "template", "ok") as stub, analyst_at(stub.base_url) as analyst:
        with pytest.raises(JudgementFailedError) as caught:
            analyst.judge(e01(), seconds_left=lambda: 60.0)
        assert caught.value.flag == "model_answer_invalid"
        assert analyst.judge(e01(), seconds_left=lambda: 60.0).source is AnalysisSource.OPENAI


def test_a_refusal_whose_like_was_taken_is_that_calls_own_until_it_is_everybodys() -> None:
    with ModelStub("ok", "template", "template", "ok", "template") as stub, analyst_at(stub.base_url) as analyst:
        analyst.judge(e01(), seconds_left=lambda: 60.0)
        for _ in range(2):
            with pytest.raises(JudgementFailedError):
                analyst.judge(e01(), seconds_left=lambda: 60.0)
        analyst.judge(e01(), seconds_left=lambda: 60.0)
        for expected in (JudgementFailedError, JudgementFailedError, ModelUnavailable, ModelUnavailable):
            with pytest.raises(expected):
                analyst.judge(e01(), seconds_left=lambda: 60.0)
    assert len(stub.requests) == 7


def test_an_answer_worth_keeping_survives_a_second_try_that_fails() -> None:
    with ModelStub("bad_quote", "server_error") as stub:
        analysis = judged(stub)
    assert "quote_not_found" in analysis.flags
