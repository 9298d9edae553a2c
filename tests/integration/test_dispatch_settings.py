"""Each of dispatch's settings reaches the place where it matters: a wire left loose would show here."""

from __future__ import annotations

import json
from typing import Any

import pytest

from postcall.aws import clients
from tests.integration.conftest import TOKEN, PipelineHarness

CALL = {"event_id": "123", "transcript": "Клиент: Хочу купить квартиру.", "agent_id": "A1"}


def served(pipeline: PipelineHarness, **members: Any) -> Any:
    """The record of a call after one pass of the queues."""
    body = json.dumps(CALL | members).encode()
    pipeline.post("/api/analyze", body, {"Authorization": f"Bearer {TOKEN}"})
    pipeline.analyse()
    pipeline.dispatch()
    return json.loads(pipeline.call_api("GET", "/api/events/123")["body"])


def test_the_contact_that_the_crm_needs(pipeline: PipelineHarness) -> None:
    pipeline.set(CRM_REQUIRE_CONTACT="phone")
    record = served(pipeline, contacts={"email": "user@example.com"})
    assert (record["event"]["status"], pipeline.crm.requests()) == ("rejected", [])
    assert "CRM_REQUIRE_CONTACT=phone" in record["event"]["status_reason"]
    assert (record["dispatches"][0]["crm_was_asked"], record["event"]["lead_url"]) == (False, None)


def test_the_limit_of_the_body(pipeline: PipelineHarness) -> None:
    pipeline.set(CRM_MAX_BODY_BYTES="2000")
    served(pipeline, transcript="Клиент: " + "Хочу купить квартиру. " * 400)
    assert len(pipeline.crm.requests()[0]["body"].encode()) <= 2_000


def test_the_deadline(pipeline: PipelineHarness) -> None:
    pipeline.set(CRM_TIMEOUT_SECONDS="0.2")
    pipeline.crm.fail_next("delay_before_commit", number=1)
    record = served(pipeline)
    assert record["event"]["status"] == "unknown"
    assert record["dispatches"][0]["duration_ms"] < 900


def test_a_repeat_is_safe_where_the_leads_id_is_ours(pipeline: PipelineHarness) -> None:
    pipeline.crm.configure(profile="after-columns-added")
    pipeline.set(CRM_WIRE_FORMAT="web_form", CRM_FIELD_MAP="stock", CRM_DEDUPLICATION="lead_id")
    pipeline.crm.fail_next("close_after_commit")
    assert served(pipeline)["event"]["status"] == "unknown"
    clients.sqs().send_message(QueueUrl=pipeline.aws.dispatch_queue, MessageBody='{"event_id": "api/123"}')
    pipeline.dispatch()
    event = json.loads(pipeline.call_api("GET", "/api/events/123")["body"])["event"]
    assert event["status"] == "delivered"
    (lead,) = pipeline.crm.leads()
    assert event["lead_url"].endswith(f"/Nui/ViewModule.aspx#CardModuleV2/LeadPageV2/edit/{lead['id']}")


@pytest.mark.parametrize(("name", "value"), [("CRM_REFERER", "https://mir.utlik.pro/landing"), ("CRM_REFERER", "")])
def test_the_referer(pipeline: PipelineHarness, name: str, value: str) -> None:
    pipeline.set(**{name: value})
    served(pipeline)
    headers = {key.lower(): text for key, text in dict(pipeline.crm.requests()[0]["headers"]).items()}
    assert headers["referer"] == (value or "https://mir.utlik.pro/")


@pytest.mark.parametrize("header", [None, "900"])
def test_when_an_unavailable_crm_is_asked_again(
    pipeline: PipelineHarness, header: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown_again: list[int] = []
    monkeypatch.setattr(
        "functions.dispatch.handler.postpone", lambda _client, **given: shown_again.append(given["seconds"])
    )
    pipeline.crm.fail_next("http_503", number=None if header is None else float(header))
    served(pipeline)
    (seconds,) = shown_again
    assert seconds >= 900 if header else 1 <= seconds <= 3
