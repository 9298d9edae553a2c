"""The transcript's second form, over the handlers: one lead a call, of the whole conversation where there is a key."""

from __future__ import annotations

import json

import pytest

from tests.integration.calls import shown, webhook
from tests.integration.conftest import PipelineHarness
from tests.support.builders import SAMPLES, any_webhook, encoded

SPANS = (SAMPLES / "elevenlabs" / "18-otel-transcript.json").read_bytes()
CONVERSATION = "conv_5000000000000000000000000018"


@pytest.fixture
def spans(pipeline: PipelineHarness) -> PipelineHarness:
    """ElevenLabs sends spans."""
    pipeline.elevenlabs.point_to(transcript_format="opentelemetry")
    return pipeline


def test_spans_become_a_lead_under_the_conversations_id(pipeline: PipelineHarness) -> None:
    assert webhook(pipeline, SPANS) == (200, {"event_id": CONVERSATION, "status": "received"})
    pipeline.analyse()
    pipeline.dispatch()
    event = shown(pipeline, CONVERSATION)
    assert event["event"]["status"] == "delivered"
    assert event["analysis"]["contact"]["phone"]["value"] == "+375291234567"
    assert "купить" in event["analysis"]["summary"]


def test_with_a_key_the_whole_conversation_is_used(spans: PipelineHarness) -> None:
    conversation_id = spans.elevenlabs.call()
    spans.analyse()
    assert shown(spans, conversation_id)["analysis"]["language"] == "ru"  # which no span tells
    assert any(conversation_id in each for each in spans.elevenlabs.requests())


@pytest.mark.parametrize("fault", ["http_401", "http_503"])
def test_where_the_whole_is_not_to_be_had_the_spans_are_used(spans: PipelineHarness, fault: str) -> None:
    spans.elevenlabs.fail_next(fault, 9)
    conversation_id = spans.elevenlabs.call()
    spans.analyse()
    analysis = shown(spans, conversation_id)["analysis"]
    assert analysis["language"] is None
    assert analysis["contact"]["phone"]["value"] == "+375291234567"


def test_without_a_key_the_spans_are_used(spans: PipelineHarness) -> None:
    spans.set(ELEVENLABS_API_SECRET_ID="openai")  # whose key is empty
    conversation_id = spans.elevenlabs.call()
    spans.analyse()
    spans.dispatch()
    assert shown(spans, conversation_id)["event"]["status"] == "delivered"
    assert not spans.elevenlabs.requests()


def test_a_conversation_that_is_not_over_there_is_no_whole_one(spans: PipelineHarness) -> None:
    conversation_id = spans.elevenlabs.call()
    spans.elevenlabs.change(conversation_id, status="processing")
    spans.analyse()
    assert shown(spans, conversation_id)["analysis"]["language"] is None


def test_spans_without_content_and_without_a_key_become_a_lead_too(spans: PipelineHarness) -> None:
    spans.set(ELEVENLABS_API_SECRET_ID="openai")
    spans.elevenlabs.point_to(transcript_content=False)
    conversation_id = spans.elevenlabs.call()
    spans.analyse()
    spans.dispatch()
    assert shown(spans, conversation_id)["event"]["status"] == "delivered"


@pytest.mark.parametrize("order", [("json", "opentelemetry"), ("opentelemetry", "json")])
def test_both_forms_of_one_call_are_one_lead(pipeline: PipelineHarness, order: tuple[str, str]) -> None:
    conversation_id = pipeline.elevenlabs.add()
    for form in order:
        pipeline.elevenlabs.point_to(transcript_format=form)
        pipeline.elevenlabs.deliver(conversation_id)
        pipeline.analyse()
        pipeline.dispatch()
    event = shown(pipeline, conversation_id)["event"]
    assert (event["status"], event["duplicate_count"]) == ("delivered", 1)
    assert len(pipeline.crm.leads()) == 1


def test_spans_are_no_missed_call(spans: PipelineHarness) -> None:
    conversation_id = spans.elevenlabs.call(ago=3_600)
    assert conversation_id not in spans.reconciliation("reconcile", dry_run=True)["ids"]["missed"]


def test_an_unknown_form_is_kept_and_answered_with_200(
    pipeline: PipelineHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    body = encoded(any_webhook(CONVERSATION) | {"type": "post_call_transcription_v9"})
    assert webhook(pipeline, body) == (200, {"event_id": CONVERSATION, "status": "quarantined"})
    (entry,) = json.loads(pipeline.call_api("GET", "/api/quarantine")["body"])["entries"]
    assert (entry["kind"], entry["bytes"]) == ("unknown_type", len(body))
    assert "EventsOfUnknownType" in capsys.readouterr().out
    released = pipeline.call_api("POST", f"/api/quarantine/{entry['quarantine_id']}/release")
    assert released["statusCode"] == 409
    assert "unknown to this version" in released["body"]


def test_sound_is_none_of_ours_as_before(pipeline: PipelineHarness) -> None:
    body = (SAMPLES / "elevenlabs" / "07-post-call-audio.json").read_bytes()
    assert webhook(pipeline, body)[1]["status"] == "ignored"
    assert json.loads(pipeline.call_api("GET", "/api/quarantine")["body"])["entries"] == []
