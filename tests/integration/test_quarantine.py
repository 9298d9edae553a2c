"""Refused webhooks at the handler: the answer, what is kept, what a flood costs, and commands that only we may give."""

from __future__ import annotations

import base64
import json
import time
import zlib
from collections import Counter
from typing import Any

import pytest

import functions.intake.handler
from postcall.aws import clients
from tests.integration.conftest import PipelineHarness, forget_handlers, http_event
from tests.support.aws import QUARANTINE
from tests.support.builders import CONVERSATION, SECRET, any_webhook, encoded, signature

CALL = encoded(any_webhook())


def refuse(pipeline: PipelineHarness, body: bytes = CALL, header: str | None = "t=1,v0=00") -> int:
    headers = {} if header is None else {"ElevenLabs-Signature": header}
    return int(pipeline.post("/webhooks/elevenlabs", body, headers)["statusCode"])


def entries(pipeline: PipelineHarness) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(pipeline.call_api("GET", "/api/quarantine")["body"])["entries"]
    return found


def command(**members: Any) -> dict[str, Any]:
    """A command as another function gives it."""
    return functions.intake.handler.handler(members, None)


@pytest.fixture
def writes(pipeline: PipelineHarness) -> Counter[str]:
    """How often each kind of write reached DynamoDB or S3."""
    assert not pipeline.crm.requests()  # everything is in place, nothing has been sent
    counted: Counter[str] = Counter()
    for client, operations in ((clients.dynamodb(), ("UpdateItem", "PutItem")), (clients.s3(), ("PutObject",))):
        for operation in operations:
            service = client.meta.service_model.service_name
            client.meta.events.register(
                f"before-call.{service}.{operation}", lambda model, **_: counted.update([model.name])
            )
    return counted


@pytest.mark.parametrize(
    ("body", "header", "status", "kind"),
    [
        (CALL, None, 401, "unsigned"),
        (CALL, "nonsense", 401, "signature"),
        (CALL, "t=1,v0=00", 401, "signature"),
        (CALL, "stale", 401, "time"),
        (b"{}", "right", 400, "content"),
    ],
)
def test_what_is_refused_is_answered_so_and_kept_with_its_kind(
    pipeline: PipelineHarness, body: bytes, header: str | None, status: int, kind: str
) -> None:
    signed = {"right": signature(body, at=time.time()), "stale": signature(body, at=time.time() - 9_000)}
    assert refuse(pipeline, body, signed.get(header, header) if header else None) == status
    (entry,) = entries(pipeline)
    assert (entry["kind"], entry["bytes"]) == (kind, len(body))
    assert pipeline.aws.quarantine.body(entry["quarantine_id"]) == body


@pytest.mark.parametrize("conversation_id", ["+375291112233", "375291112233", "own@example.com"])
@pytest.mark.parametrize("kind", ["post_call_transcription", "call_initiation_failure", "post_call_audio"])
def test_a_conversation_that_is_called_as_a_person_is_reached_is_kept_and_named_nowhere(
    pipeline: PipelineHarness, capsys: pytest.CaptureFixture[str], kind: str, conversation_id: str
) -> None:
    pipeline.set(POWERTOOLS_SERVICE_NAME=f"called-{kind}-{len(conversation_id)}")  # a captured logger
    body = encoded(any_webhook(conversation_id) | {"type": kind})
    is_a_call = kind != "post_call_audio"
    assert refuse(pipeline, body, signature(body, at=time.time())) == (400 if is_a_call else 200)
    assert [entry["reason_code"] for entry in entries(pipeline)] == (
        ["webhook.conversation_is_a_contact"] if is_a_call else []
    )
    written = "".join(capsys.readouterr())
    assert "intake." in written
    assert conversation_id.removeprefix("+") not in written


def post_from(source_ip: str, body: bytes, header: str = "t=1,v0=00") -> int:
    event = http_event("POST", "/webhooks/elevenlabs", body, {"ElevenLabs-Signature": header})
    event["requestContext"]["http"]["sourceIp"] = source_ip
    return int(functions.intake.handler.handler(event, None)["statusCode"])


def test_what_is_refused_of_the_vendor_has_a_share_and_a_number_of_its_own_in_a_flood(
    pipeline: PipelineHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline.set(QUARANTINE_ENTRIES_PER_MINUTE="10")
    for number in range(50):
        assert post_from("203.0.113.7", b"rubbish %d" % number) == 401
    capsys.readouterr()
    assert post_from("34.67.146.145", CALL) == 401
    counted = "".join(line for line in capsys.readouterr().out.splitlines() if '"_aws"' in line)
    assert ('"VendorRefused"' in counted, '"SignatureRejected"' in counted) == (True, False)
    kept = [entry["kind"] for entry in entries(pipeline)]
    assert kept.count("vendor") == 1
    assert kept.count("signature") <= 2  # should a minute have ended in between


def test_the_vendors_address_opens_nothing(pipeline: PipelineHarness) -> None:
    assert post_from("34.67.146.145", CALL) == 401
    assert pipeline.aws.events.get(CONVERSATION) is None


def test_a_flood_costs_no_write_a_request(pipeline: PipelineHarness, writes: Counter[str]) -> None:
    pipeline.set(QUARANTINE_ENTRIES_PER_MINUTE="20")
    for number in range(300):
        assert refuse(pipeline, b"rubbish %d" % number) == 401
        assert refuse(pipeline, b"rubbish %d" % number, header=None) == 401
    assert len(entries(pipeline)) <= 2  # twice, should a minute have ended in between
    assert sum(writes.values()) <= 2 * (1 + 2 + 3)


def test_a_new_process_finds_the_limit_reached_and_writes_no_more_either(
    pipeline: PipelineHarness, writes: Counter[str]
) -> None:
    pipeline.set(QUARANTINE_ENTRIES_PER_MINUTE="1000", QUARANTINE_ENTRIES_PER_DAY="100")
    for number in range(10):
        refuse(pipeline, b"rubbish %d" % number)
    kept = writes.copy()
    for _ in range(5):
        forget_handlers()
        for number in range(20):
            refuse(pipeline, b"more rubbish %d" % number)
    assert not writes - kept
    assert len(entries(pipeline)) == 5


def test_a_genuine_call_is_taken_in_while_rubbish_floods(pipeline: PipelineHarness) -> None:
    pipeline.set(QUARANTINE_ENTRIES_PER_MINUTE="10")
    for number in range(50):
        refuse(pipeline, b"rubbish %d" % number)
    assert refuse(pipeline, CALL, signature(CALL, at=time.time())) == 200


def test_when_the_quarantine_cannot_take_it_the_sender_is_asked_to_come_again(pipeline: PipelineHarness) -> None:
    clients.dynamodb().delete_table(TableName=QUARANTINE)
    answer = pipeline.post("/webhooks/elevenlabs", CALL, {"ElevenLabs-Signature": "t=1,v0=00"})
    assert (answer["statusCode"], answer["headers"]["retry-after"]) == (503, "5")


def test_the_log_of_a_refusal_holds_nothing_of_it(
    pipeline: PipelineHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline.set(POWERTOOLS_SERVICE_NAME="refusal-test")
    header = signature(CALL, secret="somebody's", at=time.time())
    refuse(pipeline, CALL, header)
    text = capsys.readouterr().out
    assert "intake.refused" in text
    for personal in ("квартиру", "+375", CONVERSATION, header[-64:], SECRET):
        assert personal not in text


def test_a_call_that_nobody_delivered_is_taken_in_by_command_once(pipeline: PipelineHarness) -> None:
    envelope = any_webhook()
    first = command(command="ingest", envelope=envelope, source="reconciliation")
    assert first == {"status": "received", "event_id": CONVERSATION}
    packed = base64.b64encode(zlib.compress(json.dumps(envelope).encode())).decode()
    again = command(command="ingest", packed=packed, source="reconciliation")
    assert again == {"status": "duplicate", "event_id": CONVERSATION}
    event = pipeline.aws.events.get(CONVERSATION)
    assert event is not None
    assert event.source == "reconciliation"


@pytest.mark.usefixtures("pipeline")
@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"command": "ingest", "envelope": {}, "source": "reconciliation"}, "type is missing."),
        ({"command": "ingest", "source": "reconciliation"}, "The body must be a JSON object."),
        ({"command": "ingest", "packed": "%%%", "source": "reconciliation"}, "packed is not base64 of zlib."),
        ({"command": "ingest", "packed": "AAAA", "source": "reconciliation"}, "packed is not base64 of zlib."),
        ({"command": "ingest", "envelope": any_webhook(), "source": "me"}, "source is none of elevenlabs, api,"),
        ({"command": "release"}, "quarantine_id is missing."),
        ({"command": "release", "quarantine_id": 5}, "quarantine_id is missing."),
        ({"command": "dance"}, "There is no such command."),
        ({}, "There is no such command."),
    ],
)
def test_a_wrong_command_is_refused_with_its_reason(members: dict[str, Any], reason: str) -> None:
    done = command(**members)
    assert done["status"] == "refused"
    assert done["reason"].startswith(reason)


@pytest.mark.usefixtures("pipeline")
def test_a_body_that_unpacks_without_end_is_refused() -> None:
    bomb = base64.b64encode(zlib.compress(b" " * (65 * 1024 * 1024))).decode()
    done = command(command="ingest", packed=bomb, source="reconciliation")
    assert (done["status"], done["reason"].split(",")[0]) == ("refused", "packed is cut")


@pytest.mark.usefixtures("pipeline")
def test_an_event_of_another_product_is_ignored_by_command_too() -> None:
    done = command(command="ingest", envelope={"type": "voice_removed", "data": {}}, source="reconciliation")
    assert done == {"status": "ignored"}


def test_nobody_gives_commands_through_the_api(pipeline: PipelineHarness) -> None:
    body = json.dumps({"command": "ingest", "envelope": any_webhook(), "source": "reconciliation"}).encode()
    event = http_event("POST", "/webhooks/elevenlabs", body, {}) | {"command": "ingest", "envelope": any_webhook()}
    assert functions.intake.handler.handler(event, None)["statusCode"] == 401
    assert pipeline.aws.events.get(CONVERSATION) is None


@pytest.mark.parametrize("stored", [json.dumps({"WEBHOOK_SECRET": SECRET}), json.dumps(SECRET), " "])
def test_a_secret_stored_wrongly_is_our_fault_and_the_call_is_released_once_it_is_mended(
    pipeline: PipelineHarness, stored: str, capsys: pytest.CaptureFixture[str]
) -> None:
    clients.secrets_manager().put_secret_value(SecretId="webhook", SecretString=stored)
    forget_handlers()
    assert refuse(pipeline, header=signature(CALL, at=time.time())) == 503
    assert refuse(pipeline, header=None) == 401
    assert "WebhookSecretUnusable" in "".join(capsys.readouterr())
    clients.secrets_manager().put_secret_value(SecretId="webhook", SecretString=SECRET)
    signed = next(each for each in entries(pipeline) if each["kind"] == "signature")
    assert pipeline.call_api("POST", f"/api/quarantine/{signed['quarantine_id']}/release")["statusCode"] == 200
    event = json.loads(pipeline.call_api("GET", f"/api/events/{CONVERSATION}")["body"])["event"]
    assert event["status"] == "received"


def test_an_entry_that_cannot_be_released_says_how_its_call_is_fetched(pipeline: PipelineHarness) -> None:
    assert refuse(pipeline) == 401
    [entry] = entries(pipeline)
    answer = pipeline.call_api("POST", f"/api/quarantine/{entry['quarantine_id']}/release")
    report = json.loads(answer["body"])
    assert answer["statusCode"] == 409
    assert f"postcall reconcile --since {report['reconcile_since']}" in report["detail"]
    assert report["reconcile_since"] < entry["received_at"]
