"""The analyst over real sockets, against a server that does all a model's server may do."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest

from functions.analysis.collected import field_names
from functions.analysis.fallback_analyst import JudgementFailedError, ModelUnavailable
from functions.analysis.judgement import Judgement
from functions.analysis.model.breaker import Breaker
from functions.analysis.model.prompt import Prompt
from functions.analysis.openai_analyst import OpenAiAnalyst
from functions.analysis.preprocessing import PreparedCall, prepare
from functions.analysis.taxonomy import taxonomy
from postcall.domain.analysis import Analysis, AnalysisSource
from tests.unit.analysis.builders import answer_members, prepared_call, row
from tools.simulators.model import MODEL, SCENARIOS, ModelStub
from tools.simulators.model.answers import valid_answer
from tools.simulators.model.reply import Scenario, always, as_json, completion
from tools.simulators.model.scenarios import changed
from tools.simulators.model.strange import OVERFLOWS, STRANGE, UNREADABLE, UNUSABLE
from tools.verify.evaluation.analysts import settings_for

DEADLINE_SECONDS = 20


@contextmanager
def analyst_at(base_url: str, **variables: str) -> Iterator[OpenAiAnalyst]:
    """An analyst whose model answers at this address."""
    settings = settings_for(
        OPENAI_BASE_URL=base_url,
        **{"OPENAI_DEADLINE_SECONDS": str(DEADLINE_SECONDS), **variables},
    )
    yield OpenAiAnalyst(
        api_key="sk-invented",
        settings=settings,
        prompt=Prompt(taxonomy(), settings.openai_schema_mode),
        judgement=Judgement(taxonomy(), field_names()),
        breaker=Breaker(time.monotonic),
    )


def judged(stub: ModelStub, prepared: PreparedCall | None = None, **variables: str) -> Analysis:
    """One judgement by a fresh analyst."""
    with analyst_at(stub.base_url, **variables) as analyst:
        return analyst.judge(prepared or e01(), seconds_left=lambda: 60.0)


def e01() -> PreparedCall:
    return prepare(row("E01").call)


def test_a_good_answer_becomes_an_analysis_with_its_cost_and_origin() -> None:
    with ModelStub() as stub:
        analysis = judged(stub)
    assert analysis.source is AnalysisSource.OPENAI
    assert (analysis.model, analysis.request_id) == ("gpt-6-luna", "req_stub_1")
    assert analysis.details["exchange"]["server_model"] == MODEL
    assert analysis.prompt_version == Prompt(taxonomy()).version
    assert (analysis.usage.input_tokens, analysis.usage.cached_tokens, analysis.usage.output_tokens) == (
        3000,
        2000,
        400,
    )
    assert analysis.contact.phone is not None
    assert analysis.contact.phone.value == "+375291234567"
    assert analysis.details["exchange"]["tries"] == 1


def test_the_request_asks_for_a_strict_schema_and_to_store_nothing() -> None:
    with ModelStub() as stub:
        judged(stub)
    request, headers = stub.requests[0], stub.headers[0]
    assert request["model"] == "gpt-6-luna"
    assert request["store"] is False
    assert request["reasoning_effort"] == "none"
    assert request["max_completion_tokens"] == 1500
    assert request["response_format"]["json_schema"]["strict"] is True
    assert not {"temperature", "seed", "tools", "user", "metadata"} & set(request)
    assert headers["authorization"] == "Bearer sk-invented"
    assert headers["x-client-request-id"] == "conv_e01"


def test_a_compatible_server_is_asked_in_its_own_words() -> None:
    with ModelStub() as stub:
        judged(
            stub,
            OPENAI_SCHEMA_MODE="prompt",
            OPENAI_TOKEN_PARAM="max_tokens",
            OPENAI_REASONING_EFFORT="omit",
            OPENAI_MODEL="llama",
        )
        judged(stub, OPENAI_SCHEMA_MODE="json_object", OPENAI_REASONING_EFFORT="low")
    first, second = stub.requests
    assert (first["model"], first["max_tokens"]) == ("llama", 1500)
    assert not {"response_format", "max_completion_tokens", "reasoning_effort"} & set(first)
    assert "lead_status" in first["messages"][0]["content"]
    assert second["response_format"] == {"type": "json_object"}
    assert (second["reasoning_effort"], second["max_completion_tokens"]) == ("low", 4000)


@pytest.mark.parametrize("scenario", ["ok", "fenced", "sparse", *STRANGE])
def test_answers_that_differ_only_in_form_are_taken(scenario: str) -> None:
    with ModelStub(scenario) as stub:
        assert judged(stub).source is AnalysisSource.OPENAI
    assert len(stub.requests) == 1


@pytest.mark.parametrize(
    "scenario",
    [
        "rate_limit",
        "slow_down",
        "server_error",
        "bad_gateway",
        "gateway_timeout",
        "request_timeout",
        "conflict",
        "reset",
        "html",
        "broken_json",
        "other_json",
        "no_choices",
        *UNREADABLE,
    ],
)
def test_what_may_pass_goes_back_to_the_queue_after_one_request(scenario: str) -> None:
    with ModelStub(scenario) as stub, pytest.raises(ModelUnavailable) as caught:
        judged(stub)
    assert not caught.value.misconfigured
    assert len(stub.requests) == 1


@pytest.mark.parametrize(("scenario", "seconds"), [("rate_limit", 7), ("slow_down", 3)])
def test_the_servers_own_wait_is_passed_on(scenario: str, seconds: float) -> None:
    with ModelStub(scenario) as stub, pytest.raises(ModelUnavailable) as caught:
        judged(stub)
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize(
    "scenario",
    ["quota", "spend_limit", "wrong_key", "forbidden", "unknown_model", "unsupported_value"],
)
def test_what_a_person_must_settle_is_asked_once_and_then_held_back(scenario: str) -> None:
    with ModelStub(scenario) as stub, analyst_at(stub.base_url) as analyst:
        for _ in range(3):
            with pytest.raises(ModelUnavailable) as caught:
                analyst.judge(e01(), seconds_left=lambda: 60.0)
            assert caught.value.misconfigured
            assert (caught.value.retry_after or 0) > 200
    assert len(stub.requests) == 1


def test_a_second_reply_that_is_none_is_taken_for_a_wrong_address() -> None:
    with ModelStub("html") as stub, analyst_at(stub.base_url) as analyst:
        for misconfigured in (False, True):
            with pytest.raises(ModelUnavailable) as caught:
                analyst.judge(e01(), seconds_left=lambda: 60.0)
            assert caught.value.misconfigured is misconfigured


def test_nothing_listening_is_an_outage() -> None:
    with ModelStub() as stub:
        address = stub.base_url
    with analyst_at(address) as analyst, pytest.raises(ModelUnavailable) as caught:
        analyst.judge(e01(), seconds_left=lambda: 60.0)
    assert not caught.value.misconfigured


@pytest.mark.parametrize("scenario", ["trickle", "hang"])
def test_the_deadline_is_for_the_whole_answer(scenario: str) -> None:
    with ModelStub(scenario) as stub:
        started = time.monotonic()
        with pytest.raises(ModelUnavailable):
            judged(stub, OPENAI_DEADLINE_SECONDS="1")
        assert time.monotonic() - started < DEADLINE_SECONDS


def test_a_client_that_was_cut_off_still_works() -> None:
    with ModelStub("hang", "ok") as stub, analyst_at(stub.base_url, OPENAI_DEADLINE_SECONDS="1") as analyst:
        with pytest.raises(ModelUnavailable) as caught:
            analyst.judge(e01(), seconds_left=lambda: 60.0)
        assert caught.value.timed_out
        analyst.breaker.close()
        analyst.settings = replace(analyst.settings, openai_deadline_seconds=20)
        assert analyst.judge(e01(), seconds_left=lambda: 60.0).source is AnalysisSource.OPENAI


def test_without_time_in_the_invocation_nothing_is_asked() -> None:
    with ModelStub() as stub, analyst_at(stub.base_url) as analyst, pytest.raises(ModelUnavailable):
        analyst.judge(e01(), seconds_left=lambda: 5.0)
    assert stub.requests == []


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


def test_the_servers_type_is_told_where_its_code_is_a_number() -> None:
    with ModelStub("llama_cpp_wrong_key") as stub, pytest.raises(ModelUnavailable) as caught:
        judged(stub)
    assert str(caught.value) == "The model's server answered 401 (authentication_error)."
    assert (caught.value.misconfigured, caught.value.out_of_credit) == (True, False)


@pytest.mark.parametrize("scenario", ["quota", "spend_limit"])
def test_only_a_spent_budget_is_called_one(scenario: str) -> None:
    with ModelStub(scenario) as stub, pytest.raises(ModelUnavailable) as caught:
        judged(stub)
    assert caught.value.out_of_credit


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


@pytest.mark.parametrize("name", sorted(SCENARIOS.keys() - {"trickle", "hang", "reset"}))
def test_no_reply_breaks_the_step(name: str) -> None:
    with ModelStub(name) as stub, suppress(ModelUnavailable, JudgementFailedError):
        assert judged(stub).source is AnalysisSource.OPENAI


def test_an_answer_worth_keeping_survives_a_second_try_that_fails() -> None:
    with ModelStub("bad_quote", "server_error") as stub:
        analysis = judged(stub)
    assert "quote_not_found" in analysis.flags


def test_a_weak_answer_is_kept_with_its_flags() -> None:
    with ModelStub("english_summary") as stub:
        assert "summary_not_russian" in judged(stub).flags


def test_a_long_call_is_cut_before_it_is_sent() -> None:
    prepared = prepared_call(*(f"u: реплика {number}, хочу квартиру" for number in range(200)))
    with ModelStub() as stub:
        analysis = judged(stub, prepared, OPENAI_MAX_INPUT_CHARACTERS="1000")
    assert "call_was_cut" in analysis.flags
    assert "omitted_turns" in stub.requests[0]["messages"][1]["content"]


def test_a_model_that_obeys_the_caller_changes_nothing() -> None:
    members: dict[str, Any] = answer_members("E04") | {
        "quality_score": 5,
        "lead_status": "qualified",
        "topic": "apartment_purchase",
        "intent": "buy",
        "signals": dict.fromkeys(answer_members()["signals"], True),
        "summary": "Горячий клиент | IDs: event=forged",
    }
    obey: Scenario = changed(**members)
    with ModelStub(obey) as stub:
        analysis = judged(stub, prepare(row("E04").call))
    assert (analysis.quality_score, analysis.lead_status) == (1, "disqualified")
    assert analysis.contact.phone is None
    assert analysis.needs_review
    assert "|" not in analysis.summary
