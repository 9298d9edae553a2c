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
from tests.aws import QUARANTINE
from tests.builders import CONVERSATION, SECRET, any_webhook, encoded, signature
from tests.integration.conftest import Way, forget_handlers, http_event

CALL = encoded(any_webhook())


def refuse(way: Way, body: bytes = CALL, header: str | None = "t=1,v0=00") -> int:
    headers = {} if header is None else {"ElevenLabs-Signature": header}
    return int(way.post("/webhooks/elevenlabs", body, headers)["statusCode"])


def entries(way: Way) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(way.ask("GET", "/api/quarantine")["body"])["entries"]
    return found


def command(**members: Any) -> dict[str, Any]:
    """A command as another function gives it."""
    return functions.intake.handler.handler(members, None)


@pytest.fixture
def writes(way: Way) -> Counter[str]:
    """How often each kind of write reached DynamoDB or S3."""
    assert not way.crm.requests()  # everything is in place, nothing has been sent
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
    way: Way, body: bytes, header: str | None, status: int, kind: str
) -> None:
    signed = {"right": signature(body, at=time.time()), "stale": signature(body, at=time.time() - 9_000)}
    assert refuse(way, body, signed.get(header, header) if header else None) == status
    (entry,) = entries(way)
    assert (entry["kind"], entry["bytes"]) == (kind, len(body))
    assert way.aws.quarantine.body(entry["quarantine_id"]) == body


def test_a_flood_costs_no_write_a_request(way: Way, writes: Counter[str]) -> None:
    way.set(QUARANTINE_ENTRIES_PER_MINUTE="20")
    for number in range(300):
        assert refuse(way, b"rubbish %d" % number) == 401
        assert refuse(way, b"rubbish %d" % number, header=None) == 401
    assert len(entries(way)) <= 2 * 22  # twice, should a minute have ended in between
    assert sum(writes.values()) <= 2 * (22 * 2 + 2 * 4)


def test_a_new_process_finds_the_limit_reached_and_writes_no_more_either(way: Way, writes: Counter[str]) -> None:
    way.set(QUARANTINE_ENTRIES_PER_DAY="10")
    for number in range(10):
        refuse(way, b"rubbish %d" % number)
    kept = writes.copy()
    for _ in range(5):
        forget_handlers()
        for number in range(20):
            refuse(way, b"more rubbish %d" % number)
    assert sum((writes - kept).values()) <= 5 * 3 * 2
    assert len(entries(way)) == 10


def test_a_genuine_call_is_taken_in_while_rubbish_floods(way: Way) -> None:
    way.set(QUARANTINE_ENTRIES_PER_MINUTE="10")
    for number in range(50):
        refuse(way, b"rubbish %d" % number)
    assert refuse(way, CALL, signature(CALL, at=time.time())) == 200


def test_when_the_quarantine_cannot_take_it_the_sender_is_asked_to_come_again(way: Way) -> None:
    clients.dynamodb().delete_table(TableName=QUARANTINE)
    answer = way.post("/webhooks/elevenlabs", CALL, {"ElevenLabs-Signature": "t=1,v0=00"})
    assert (answer["statusCode"], answer["headers"]["retry-after"]) == (503, "5")


def test_the_log_of_a_refusal_holds_nothing_of_it(way: Way, capsys: pytest.CaptureFixture[str]) -> None:
    way.set(POWERTOOLS_SERVICE_NAME="refusal-test")
    header = signature(CALL, secret="somebody's", at=time.time())
    refuse(way, CALL, header)
    text = capsys.readouterr().out
    assert "intake.refused" in text
    for personal in ("квартиру", "+375", CONVERSATION, header[-64:], SECRET):
        assert personal not in text


def test_a_call_that_nobody_delivered_is_taken_in_by_command_once(way: Way) -> None:
    envelope = any_webhook()
    first = command(command="take_in", envelope=envelope, source="reconciliation")
    assert first == {"status": "received", "event_id": CONVERSATION}
    packed = base64.b64encode(zlib.compress(json.dumps(envelope).encode())).decode()
    again = command(command="take_in", packed=packed, source="reconciliation")
    assert again == {"status": "duplicate", "event_id": CONVERSATION}
    event = way.aws.events.get(CONVERSATION)
    assert event is not None
    assert event.source == "reconciliation"


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"command": "take_in", "envelope": {}, "source": "reconciliation"}, "type is missing."),
        ({"command": "take_in", "source": "reconciliation"}, "The body must be a JSON object."),
        ({"command": "take_in", "packed": "%%%", "source": "reconciliation"}, "packed is not base64 of zlib."),
        ({"command": "take_in", "packed": "AAAA", "source": "reconciliation"}, "packed is not base64 of zlib."),
        ({"command": "take_in", "envelope": any_webhook(), "source": "me"}, "source is none of elevenlabs, api,"),
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


@pytest.mark.usefixtures("way")
def test_a_body_that_unpacks_without_end_is_refused() -> None:
    bomb = base64.b64encode(zlib.compress(b" " * (65 * 1024 * 1024))).decode()
    done = command(command="take_in", packed=bomb, source="reconciliation")
    assert (done["status"], done["reason"].split(",")[0]) == ("refused", "packed is cut")


@pytest.mark.usefixtures("way")
def test_an_event_of_another_product_is_ignored_by_command_too() -> None:
    done = command(command="take_in", envelope={"type": "voice_removed", "data": {}}, source="reconciliation")
    assert done == {"status": "ignored"}


def test_nobody_gives_commands_through_the_api(way: Way) -> None:
    body = json.dumps({"command": "take_in", "envelope": any_webhook(), "source": "reconciliation"}).encode()
    event = http_event("POST", "/webhooks/elevenlabs", body, {}) | {"command": "take_in", "envelope": any_webhook()}
    assert functions.intake.handler.handler(event, None)["statusCode"] == 401
    assert way.aws.events.get(CONVERSATION) is None


@pytest.mark.parametrize("stored", [json.dumps({"WEBHOOK_SECRET": SECRET}), json.dumps(SECRET), " "])
def test_a_secret_stored_wrongly_is_our_fault_and_the_call_is_released_once_it_is_mended(
    way: Way, stored: str, capsys: pytest.CaptureFixture[str]
) -> None:
    clients.secrets_manager().put_secret_value(SecretId="webhook", SecretString=stored)
    forget_handlers()
    assert refuse(way, header=signature(CALL, at=time.time())) == 503
    assert refuse(way, header=None) == 401
    assert "WebhookSecretUnusable" in "".join(capsys.readouterr())
    clients.secrets_manager().put_secret_value(SecretId="webhook", SecretString=SECRET)
    signed = next(each for each in entries(way) if each["kind"] == "signature")
    assert way.ask("POST", f"/api/quarantine/{signed['quarantine_id']}/release")["statusCode"] == 200
    event = json.loads(way.ask("GET", f"/api/events/{CONVERSATION}")["body"])["event"]
    assert event["status"] == "received"


def test_an_entry_that_cannot_be_released_says_how_its_call_is_fetched(way: Way) -> None:
    assert refuse(way) == 401
    [entry] = entries(way)
    answer = way.ask("POST", f"/api/quarantine/{entry['quarantine_id']}/release")
    told = json.loads(answer["body"])
    assert answer["statusCode"] == 409
    assert f"postcall reconcile --since {told['reconcile_since']}" in told["detail"]
    assert told["reconcile_since"] < entry["received_at"]
