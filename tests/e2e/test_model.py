"""With a key, the calls are judged by an OpenAI-compatible server; when it fails, the lead goes out all the same."""

from __future__ import annotations

from contextlib import AbstractContextManager

import pytest

from tests.e2e.conftest import Stack
from tests.e2e.test_scenarios import new_id
from tools.simulators.model import MODEL, ModelStub

pytestmark = pytest.mark.e2e
# A first call on a busy machine takes longer than a demonstration waits for its model.
LONG_WAITS = {"ANALYSIS_MAX_WAIT_SECONDS": "50", "ANALYSIS_RETRY_CAP_SECONDS": "20"}


def with_model(stack: Stack, model: ModelStub) -> AbstractContextManager[None]:
    return stack.settings(
        OPENAI_API_KEY="sk-invented", OPENAI_BASE_URL=model.base_url, OPENAI_MODEL=MODEL, **LONG_WAITS
    )


def test_a_model_judges_the_call_and_its_labels_reach_the_crm(stack: Stack) -> None:
    with ModelStub() as model, with_model(stack, model):
        event_id = new_id("model")
        stack.analyze(event_id)
        record = stack.rests(event_id, "delivered")
    analysis = record["analysis"]
    assert (analysis["source"], analysis["model"]) == ("openai", MODEL)
    assert analysis["usage"]["input_tokens"] > 0
    fields = {pair["name"]: pair["value"] for pair in record["dispatches"][0]["payload"]["fields"]}
    assert fields["UsrQualificationTopic"]
    assert fields["UsrQualityScore"] in {"1", "2", "3", "4", "5"}
    assert not fields["Commentary"].startswith("[Без ИИ-анализа]")


@pytest.mark.long
def test_a_model_that_refuses_costs_no_lead(stack: Stack) -> None:
    with ModelStub("refusal") as model, with_model(stack, model):
        event_id = new_id("refusal")
        stack.analyze(event_id)
        record = stack.rests(event_id, "delivered")
    assert (record["analysis"]["source"], record["analysis"]["needs_review"]) == ("offline", True)
    fields = {pair["name"]: pair["value"] for pair in record["dispatches"][0]["payload"]["fields"]}
    assert fields["Commentary"].startswith("[Без ИИ-анализа]")
