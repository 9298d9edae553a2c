"""The way of a call through all handlers: from the signed bytes to the lead, and back on the record."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from postcall.aws import clients
from postcall.settings import SettingError
from tests.integration.calls import analyze, shown, webhook
from tests.integration.conftest import TOKEN, PipelineHarness, forget_handlers
from tests.support.builders import CONVERSATION, SAMPLES, any_webhook, encoded, signature


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


@pytest.mark.parametrize("name", ["wire-ru-ascii-escaped.raw", "wire-ru-utf8.raw", "wire-ru-compact-utf8.raw"])
@pytest.mark.parametrize("as_base64", [False, True])
def test_the_signature_is_over_the_bytes_however_they_travel(
    pipeline: PipelineHarness, name: str, *, as_base64: bool
) -> None:
    status, answer = webhook(pipeline, (SAMPLES / "elevenlabs" / name).read_bytes(), as_base64=as_base64)
    assert (status, answer["status"]) == (200, "received")


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


def test_the_body_of_the_vendors_other_products_is_acknowledged_and_ignored(pipeline: PipelineHarness) -> None:
    body = encoded({"type": "voice_removed", "data": {"voice_id": "v"}})
    assert webhook(pipeline, body) == (200, {"event_id": None, "status": "ignored"})
    assert pipeline.aws.messages(pipeline.aws.analysis_queue) == []


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("", "The ElevenLabs-Signature header is missing."),
        ("t=1,v0=00", "The signature does not match the body."),
        ("nonsense", "The ElevenLabs-Signature header is not of the form t=<unix seconds>,v0=<hex>."),
    ],
)
def test_without_a_right_signature_nothing_is_stored(pipeline: PipelineHarness, header: str, sentence: str) -> None:
    status, answer = webhook(pipeline, header=header)
    assert (status, answer["detail"]) == (401, sentence)
    assert pipeline.call_api("GET", f"/api/events/{CONVERSATION}")["statusCode"] == 404


def test_a_stale_signature_is_refused(pipeline: PipelineHarness) -> None:
    body = encoded(any_webhook())
    assert webhook(pipeline, body, header=signature(body, at=time.time() - 3_700))[0] == 401


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "The body is not valid JSON."),
        (b"{}", "type is missing."),
        (encoded({"type": "post_call_transcription", "data": {}}), "data.conversation_id is missing."),
        (encoded({"type": 5}), "type must be a string."),
    ],
)
def test_a_signed_body_without_what_we_need_is_refused_with_its_reason(
    pipeline: PipelineHarness, body: bytes, sentence: str
) -> None:
    status, answer = webhook(pipeline, body)
    assert (status, answer["detail"], answer["status"]) == (400, sentence, 400)


def test_a_body_over_the_limit_is_refused(pipeline: PipelineHarness) -> None:
    pipeline.set(INTAKE_MAX_BODY_BYTES="2000")
    status, answer = webhook(pipeline, b"x" * 2_001)
    assert (status, answer["detail"]) == (413, "The body has 2001 bytes; at most 2000 are taken.")


def test_a_secret_that_was_just_rotated_is_read_again(pipeline: PipelineHarness) -> None:
    assert webhook(pipeline)[0] == 200
    rotated = json.dumps({"current": "wsec_the_new_secret", "previous": "wsec_the_old_secret"})
    clients.secrets_manager().put_secret_value(SecretId="webhook", SecretString=rotated)
    for number, secret in enumerate(("wsec_the_new_secret", "wsec_the_old_secret")):
        body = encoded(any_webhook(f"conv_{number}"))
        assert webhook(pipeline, body, header=signature(body, secret=secret, at=time.time()))[0] == 200


def test_a_call_of_our_own_systems_becomes_a_lead(pipeline: PipelineHarness) -> None:
    assert analyze(pipeline) == (202, {"event_id": "123", "status": "received"})
    assert analyze(pipeline) == (200, {"event_id": "123", "status": "duplicate"})
    pipeline.analyse()
    pipeline.dispatch()
    (lead,) = pipeline.crm.leads()
    text = json.dumps(lead, ensure_ascii=False)
    for value in ("Иван Иванов", "+375291234567", "user@example.com", "A1", "C1"):
        assert value in text


def test_an_analyze_request_needs_a_token_and_a_right_body(pipeline: PipelineHarness) -> None:
    assert analyze(pipeline, {})[0] == 401
    assert analyze(pipeline, {"Authorization": "Bearer wrong"})[0] == 401
    status, answer = analyze(pipeline, transcript=5)
    assert (status, answer["title"]) == (400, "Bad Request")
    assert answer["detail"].startswith("transcript is missing")


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


def test_a_refusing_crm_is_an_error_on_the_record_in_the_dead_letters_and_blocks_nobody(
    pipeline: PipelineHarness,
) -> None:
    pipeline.crm.fail_next("landing_off")
    analyze(pipeline)
    pipeline.analyse()
    pipeline.dispatch()
    analyze(pipeline, event_id="124")
    pipeline.analyse()
    pipeline.dispatch()
    record = shown(pipeline, "123")
    assert (record["event"]["status"], record["dispatches"][0]["status"]) == ("rejected", "error")
    assert "resultCode:-1" in record["dispatches"][0]["answer"]
    assert pipeline.aws.messages(pipeline.aws.dispatch_dead_letters) == [{"event_id": "api/123"}]
    assert shown(pipeline, "124")["event"]["status"] == "delivered"


def test_an_unavailable_crm_leaves_the_message_in_the_queue(pipeline: PipelineHarness) -> None:
    pipeline.crm.fail_next("http_503")
    analyze(pipeline)
    pipeline.analyse()
    assert len(pipeline.dispatch()["batchItemFailures"]) == 1
    record = shown(pipeline, "123")
    assert (record["event"]["status"], record["dispatches"][0]["status"]) == ("retrying", "error")
    assert record["dispatches"][0]["crm_was_asked"]


def test_what_is_retrying_says_when_next_and_how_often_still(pipeline: PipelineHarness) -> None:
    queue = pipeline.aws.dispatch_queue
    dead = clients.sqs().get_queue_attributes(QueueUrl=pipeline.aws.dispatch_dead_letters, AttributeNames=["QueueArn"])
    policy = {"deadLetterTargetArn": dead["Attributes"]["QueueArn"], "maxReceiveCount": 12}
    clients.sqs().set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": json.dumps(policy)})
    pipeline.crm.fail_next("http_503")
    analyze(pipeline)
    pipeline.analyse()
    before = datetime.now(UTC)
    pipeline.dispatch()
    retry = shown(pipeline, "123")["event"]["retry"]
    assert retry["left"] == 11
    assert before < datetime.fromisoformat(retry["at"]) < before + timedelta(hours=1)
    clients.sqs().send_message(QueueUrl=queue, MessageBody='{"event_id": "api/123"}')
    pipeline.dispatch()
    event = shown(pipeline, "123")["event"]
    assert (event["status"], event["retry"]) == ("delivered", None)


def test_an_unknown_outcome_is_held_until_a_person_resolves_it(pipeline: PipelineHarness) -> None:
    pipeline.crm.fail_next("close_before_commit")
    analyze(pipeline)
    pipeline.analyse()
    pipeline.dispatch()
    record = shown(pipeline, "123")
    assert (record["event"]["status"], record["dispatches"][0]["status"]) == ("unknown", "unknown")
    assert pipeline.aws.messages(pipeline.aws.dispatch_dead_letters) == [{"event_id": "api/123"}]
    clients.sqs().send_message(QueueUrl=pipeline.aws.dispatch_queue, MessageBody='{"event_id": "api/123"}')
    pipeline.dispatch()  # a redrive does not send it either
    assert pipeline.crm.leads() == []
    for body, status in ((b"{}", 400), (b"[]", 400), (b"{", 400), (b'{"outcome": "delivered"}', 400)):
        assert pipeline.call_api("POST", "/api/events/123/resolve", body=body)["statusCode"] == status
    found = json.dumps({"outcome": "not_delivered", "reason": "В CRM лида нет."}).encode()
    assert pipeline.call_api("POST", "/api/events/123/resolve", body=found)["statusCode"] == 200
    assert pipeline.call_api("POST", "/api/events/123/resolve", body=found)["statusCode"] == 409
    assert pipeline.call_api("POST", "/api/events/nobody/resolve", body=found)["statusCode"] == 404
    assert pipeline.call_api("POST", "/api/events/123/resend-crm")["statusCode"] == 202
    pipeline.dispatch()
    record = shown(pipeline, "123")
    assert record["event"]["status"] == "delivered"
    assert record["dispatches"][0]["resolution"] == {
        "delivered": False,
        "resolved_by": "anna",
        "reason": "В CRM лида нет.",
    }
    assert len(pipeline.crm.leads()) == 1


def test_while_the_crm_is_down_nobody_knocks_and_it_goes_on_by_itself(pipeline: PipelineHarness) -> None:
    pipeline.set(DISPATCH_RETRY_BASE_SECONDS="3600", DISPATCH_RETRY_CAP_SECONDS="43200")  # none comes back by itself
    pipeline.crm.fail_next("http_503", count=3)
    for number in range(5):
        analyze(pipeline, event_id=f"e{number}")
        pipeline.analyse()
        pipeline.dispatch()
    assert len(pipeline.crm.requests()) == 3
    assert [shown(pipeline, f"e{number}")["event"]["status"] for number in range(5)] == ["retrying"] * 3 + [
        "analyzed"
    ] * 2
    clients.dynamodb().update_item(  # a minute later
        TableName="circuits",
        Key={"id": {"S": "crm"}},
        UpdateExpression="SET opened_at = opened_at - :minute",
        ExpressionAttributeValues={":minute": {"N": "61"}},
    )
    forget_handlers()
    for number in range(5):
        clients.sqs().send_message(QueueUrl=pipeline.aws.dispatch_queue, MessageBody=f'{{"event_id": "api/e{number}"}}')
        pipeline.dispatch()
    assert len(pipeline.crm.leads()) == 5


def test_a_dry_run_neither_opens_nor_closes_the_circuit(pipeline: PipelineHarness) -> None:
    pipeline.set(EXTERNAL_CRM_DRY_RUN="true")
    for number in range(5):
        analyze(pipeline, event_id=f"e{number}")
        pipeline.analyse()
        pipeline.dispatch()
    assert {shown(pipeline, f"e{number}")["event"]["status"] for number in range(5)} == {"dry_run"}


def test_a_message_that_is_none_is_put_aside(pipeline: PipelineHarness) -> None:
    clients.sqs().send_message(QueueUrl=pipeline.aws.dispatch_queue, MessageBody="not a message")
    clients.sqs().send_message(QueueUrl=pipeline.aws.dispatch_queue, MessageBody='{"event_id": "nobody"}')
    assert pipeline.dispatch()["batchItemFailures"] == []
    dead = clients.sqs().receive_message(QueueUrl=pipeline.aws.dispatch_dead_letters, MaxNumberOfMessages=10)
    assert {message["Body"] for message in dead["Messages"]} == {"not a message", '{"event_id": "nobody"}'}


def test_a_wrong_setting_of_ours_is_never_the_senders_fault(pipeline: PipelineHarness) -> None:
    pipeline.set(INTAKE_SIGNATURE_TOLERANCE_SECONDS="soon")
    with pytest.raises(SettingError):  # API Gateway answers 500, and ElevenLabs may try again
        webhook(pipeline)


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
