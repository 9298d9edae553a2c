"""Calls that ElevenLabs did not deliver, or delivered in vain, on the local stack: each still becomes one lead."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from postcall.domain.zone import operators_zone
from tests.e2e.conftest import Stack, request

pytestmark = pytest.mark.e2e

NEW_SECRET = "wsec_rotated_at_elevenlabs"


def elevenlabs(stack: Stack, method: str, path: str, **members: Any) -> Any:
    """The simulated ElevenLabs' own window."""
    answer = request(method, stack.endpoints["elevenlabs_admin_url"] + path, json=members)
    assert answer.is_success, answer.text
    return answer.json()


def call(stack: Stack, deliver: str, ago: int = 3_600) -> str:
    """A call takes place there; its id."""
    made = elevenlabs(stack, "POST", "/api/conversations", deliver=deliver, ago=ago)
    return str(made["conversation_id"])


def reconcile(stack: Stack, *, dry_run: bool = False) -> dict[str, Any]:
    since = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    answer = stack.call_api("POST", "/api/reconcile", json={"since": since, "dry_run": dry_run})
    assert answer.status_code == httpx.codes.OK, answer.text
    return dict(answer.json())


@pytest.fixture
def rotated(stack: Stack) -> Iterator[Stack]:
    """ElevenLabs signs with a new secret, and we do not know of it."""
    elevenlabs(stack, "PUT", "/api/webhook", secret=NEW_SECRET)
    yield stack
    secrets = stack.client("secretsmanager")
    secrets.put_secret_value(
        SecretId="postcall/local/elevenlabs-webhook", SecretString=stack.endpoints["webhook_secret"]
    )
    elevenlabs(stack, "PUT", "/api/webhook", secret=stack.endpoints["webhook_secret"])


def test_a_call_whose_webhook_was_lost_becomes_one_lead(stack: Stack) -> None:
    lost = call(stack, "drop")
    done = reconcile(stack)
    assert done["status"] == "done"
    record = stack.rests(lost, "delivered")  # taken in now, or by the schedule a moment before
    assert record["event"]["source"] == "reconciliation"
    assert len(stack.leads(lost)) == 1
    assert lost not in reconcile(stack, dry_run=True)["ids"]["missed"]


def test_a_call_that_was_refused_is_released_once_the_secret_is_right(rotated: Stack) -> None:
    refused = call(rotated, "normal", ago=61)
    assert rotated.status(refused) is None
    (entry, *_) = rotated.call_api("GET", "/api/quarantine").json()["entries"]
    path = f"/api/quarantine/{entry['quarantine_id']}/release"
    assert rotated.call_api("POST", path).status_code == httpx.codes.CONFLICT

    both = json.dumps({"current": NEW_SECRET, "previous": rotated.endpoints["webhook_secret"]})
    rotated.client("secretsmanager").put_secret_value(SecretId="postcall/local/elevenlabs-webhook", SecretString=both)
    released = rotated.call_api("POST", path)
    assert (released.status_code, released.json()["event_id"]) == (httpx.codes.OK, refused)
    rotated.rests(refused, "delivered")
    assert len(rotated.leads(refused)) == 1


def test_the_ledger_of_today_accounts_for_every_call_that_elevenlabs_lists(stack: Stack) -> None:
    day = (datetime.now(operators_zone()) - timedelta(seconds=120)).date().isoformat()
    arrived = call(stack, "normal", ago=120)
    under_way = elevenlabs(stack, "POST", "/api/conversations", status="in-progress", ago=120)["conversation_id"]
    stack.rests(arrived, "delivered")
    command = {"command": "ledger", "day": day}
    answer = stack.client("lambda").invoke(
        FunctionName="postcall-local-reconciliation", Payload=json.dumps(command).encode()
    )
    (ledger,) = json.loads(answer["Payload"].read())["ledgers"]
    placed = ledger["delivered"] + sum(ledger["excluded"].values()) + sum(ledger["waiting"].values())
    assert placed + ledger["missing"] == ledger["conversations"] >= 2
    assert under_way in ledger["ids"]["waiting: the end of the call"]
    assert stack.call_api("GET", f"/api/ledger/{day}").json() == ledger
