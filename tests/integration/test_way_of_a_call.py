"""The way of a call through all handlers: from the signed bytes to the lead, and back on the record."""

from __future__ import annotations

import json

import pytest

from postcall.aws import clients
from tests.integration.calls import analyze, shown, webhook
from tests.integration.conftest import TOKEN, PipelineHarness
from tests.support.builders import CONVERSATION, SAMPLES


def test_a_signed_call_becomes_one_lead(pipeline: PipelineHarness) -> None:
    assert webhook(pipeline) == (200, {"event_id": CONVERSATION, "status": "received"})
    pipeline.analyse()
    pipeline.dispatch()
    record = shown(pipeline, CONVERSATION)
    assert record["event"]["status"] == "delivered"
    assert record["analysis"]["source"] == "offline"
    (attempt,) = record["dispatches"]
    assert (attempt["status"], attempt["http_status"], attempt["forced"]) == ("success", 200, False)
    (lead,) = pipeline.crm.leads()
    assert CONVERSATION in json.dumps(lead)
    assert attempt["payload"] == json.loads(pipeline.crm.requests()[0]["body"])


def test_the_same_call_again_is_a_duplicate_and_no_second_lead(pipeline: PipelineHarness) -> None:
    for expected in ("received", "duplicate", "duplicate"):
        assert webhook(pipeline)[1]["status"] == expected
        pipeline.analyse()
        pipeline.dispatch()
    assert len(pipeline.crm.leads()) == 1


def test_a_long_call_is_kept_whole_and_still_becomes_a_lead(pipeline: PipelineHarness) -> None:
    body = (SAMPLES / "elevenlabs/09-long-transcript-tool-calls.json").read_bytes()
    _, answer = webhook(pipeline, body)
    pipeline.analyse()
    pipeline.dispatch()
    assert shown(pipeline, answer["event_id"])["event"]["status"] == "delivered"
    assert pipeline.aws.events.payload(answer["event_id"]) == body


def test_every_sample_that_is_a_call_becomes_a_lead(pipeline: PipelineHarness) -> None:
    taken = []
    for path in sorted((SAMPLES / "elevenlabs").glob("[01]*.json")):
        status, answer = webhook(pipeline, path.read_bytes())
        assert status == 200, path.name
        taken.append(answer["status"])
        pipeline.analyse()
        pipeline.dispatch()
    assert taken.count("ignored") == 2
    assert len(pipeline.crm.leads()) == 9


def test_a_call_of_our_own_systems_becomes_a_lead(pipeline: PipelineHarness) -> None:
    assert analyze(pipeline) == (202, {"event_id": "123", "status": "received"})
    assert analyze(pipeline) == (200, {"event_id": "123", "status": "duplicate"})
    pipeline.analyse()
    pipeline.dispatch()
    (lead,) = pipeline.crm.leads()
    text = json.dumps(lead, ensure_ascii=False)
    for value in ("Иван Иванов", "+375291234567", "user@example.com", "A1", "C1"):
        assert value in text


def test_a_dry_run_records_the_payload_and_sends_nothing(pipeline: PipelineHarness) -> None:
    pipeline.set(EXTERNAL_CRM_DRY_RUN="true")
    analyze(pipeline)
    pipeline.analyse()
    pipeline.dispatch()
    assert pipeline.crm.requests() == []
    record = shown(pipeline, "123")
    assert (record["event"]["status"], record["dispatches"][0]["status"]) == ("dry_run", "dry_run")
    assert record["dispatches"][0]["payload"]["landingId"] == "cd8c698b-4b42-4a47-aaf4-7a9e72a0344b"


def test_switched_off_says_so_and_a_resend_sends_once_it_is_on(pipeline: PipelineHarness) -> None:
    pipeline.set(EXTERNAL_CRM_ENABLED="false")
    analyze(pipeline)
    pipeline.analyse()
    pipeline.dispatch()
    assert shown(pipeline, "123")["event"]["status"] == "disabled"
    pipeline.set(EXTERNAL_CRM_ENABLED="true")
    assert pipeline.call_api("POST", "/api/events/123/resend-crm")["statusCode"] == 202
    pipeline.dispatch()
    assert [row["status"] for row in shown(pipeline, "123")["dispatches"]] == ["skipped", "success"]


def test_a_lead_that_arrived_is_resent_by_force_only_and_it_stands_on_the_record(pipeline: PipelineHarness) -> None:
    analyze(pipeline)
    pipeline.analyse()
    pipeline.dispatch()
    refused = pipeline.call_api("POST", "/api/events/123/resend-crm")
    assert refused["statusCode"] == 409
    assert "arrived in the CRM already" in json.loads(refused["body"])["detail"]
    forced = pipeline.call_api("POST", "/api/events/123/resend-crm", {"force": "true"})
    assert (forced["statusCode"], json.loads(forced["body"])["requested_by"]) == (202, "anna")
    pipeline.dispatch()
    second = shown(pipeline, "123")["dispatches"][1]
    assert (second["status"], second["forced"], second["requested_by"]) == ("success", True, "anna")
    assert len(pipeline.crm.leads()) == 2


def test_a_message_that_is_none_becomes_a_dead_letter(pipeline: PipelineHarness) -> None:
    clients.sqs().send_message(QueueUrl=pipeline.aws.dispatch_queue, MessageBody="not a message")
    clients.sqs().send_message(QueueUrl=pipeline.aws.dispatch_queue, MessageBody='{"event_id": "nobody"}')
    assert pipeline.dispatch()["batchItemFailures"] == []
    dead = clients.sqs().receive_message(QueueUrl=pipeline.aws.dispatch_dead_letters, MaxNumberOfMessages=10)
    assert {message["Body"] for message in dead["Messages"]} == {"not a message", '{"event_id": "nobody"}'}


def test_a_bug_is_logged_without_its_text_and_its_message_comes_back(
    capsys: pytest.CaptureFixture[str], pipeline: PipelineHarness
) -> None:
    pipeline.set(POWERTOOLS_SERVICE_NAME="bug-test", CRM_LANDING_ID="no-guid-but-a-private-word")
    analyze(pipeline)
    pipeline.analyse()
    assert len(pipeline.dispatch()["batchItemFailures"]) == 1
    logged = capsys.readouterr().out
    assert '"batch.failed"' in logged
    assert any('"batch.failed"' in line and '"event_id":"api/123"' in line for line in logged.splitlines())
    assert '"SettingError"' in logged
    assert '"RecordsFailed"' in logged
    assert "private-word" not in logged


def test_the_log_of_a_whole_call_holds_nothing_personal(
    capsys: pytest.CaptureFixture[str], pipeline: PipelineHarness
) -> None:
    pipeline.set(POWERTOOLS_SERVICE_NAME="log-test")  # a logger of its own, which writes to the captured output
    webhook(pipeline, (SAMPLES / "elevenlabs/01-ru-inbound-twilio-data-collection.json").read_bytes())
    pipeline.analyse()
    pipeline.crm.fail_next("deadlock_before_commit")
    pipeline.dispatch()
    webhook(pipeline, header="t=1,v0=00")
    analyze(pipeline, {"Authorization": "Bearer wrong-token-text"})
    logged = capsys.readouterr()
    text = logged.out + logged.err
    payload = json.dumps(pipeline.crm.requests()[0], ensure_ascii=False)
    assert "dispatch.attempted" in text
    assert "Щёголе" in payload
    for personal in ("Щёголе", "Пётр", "+375", "example.com", "окон", "wsec_", "wrong-token-text", TOKEN):
        assert personal not in text, personal
