"""What the analyst asks of a model's server and takes from it, over real sockets."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from functions.analysis.fallback_analyst import JudgementFailedError, ModelUnavailable
from functions.analysis.model.prompt import Prompt
from functions.analysis.preprocessing import prepare
from functions.analysis.taxonomy import taxonomy
from postcall.domain.analysis import AnalysisSource
from tests.contract.analysis.analyst import judged
from tests.unit.analysis.builders import answer_members, row
from tools.simulators.model import MODEL, SCENARIOS, ModelStub
from tools.simulators.model.reply import Scenario
from tools.simulators.model.scenarios import changed
from tools.simulators.model.strange import STRANGE


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


@pytest.mark.parametrize("name", sorted(SCENARIOS.keys() - {"trickle", "hang", "reset"}))
def test_no_reply_breaks_the_step(name: str) -> None:
    with ModelStub(name) as stub, suppress(ModelUnavailable, JudgementFailedError):
        assert judged(stub).source is AnalysisSource.OPENAI


def test_a_weak_answer_is_kept_with_its_flags() -> None:
    with ModelStub("english_summary") as stub:
        assert "summary_not_russian" in judged(stub).flags


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
