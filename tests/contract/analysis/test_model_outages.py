"""What goes back to the queue, and what a person must settle: a server that refuses, stalls or is not there."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from functions.analysis.fallback_analyst import ModelUnavailable
from postcall.domain.analysis import AnalysisSource
from tests.contract.analysis.analyst import DEADLINE_SECONDS, analyst_at, e01, judged
from tools.simulators.model import ModelStub
from tools.simulators.model.strange import UNREADABLE


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
