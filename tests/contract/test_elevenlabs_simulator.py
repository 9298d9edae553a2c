"""The simulated ElevenLabs as a process and over HTTP: its own API by the vendor's package, and its admin API."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from elevenlabs.client import ElevenLabs
from elevenlabs.core.api_error import ApiError

from tools.simulators.elevenlabs import ElevenLabsSimulator


@pytest.fixture
def el() -> Iterator[ElevenLabsSimulator]:
    with ElevenLabsSimulator(webhook_url="https://calls.example.com/webhooks/elevenlabs") as ready:
        yield ready


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as ready:
        yield ready


@pytest.fixture
def vendor(el: ElevenLabsSimulator, http: httpx.Client) -> ElevenLabs:
    return ElevenLabs(api_key=el.api_key, base_url=el.api_url, httpx_client=http)


def admin(el: ElevenLabsSimulator, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    with httpx.Client(trust_env=False) as client:
        answer = client.request(method, el.admin_url + path, json=body, headers=headers)
    return answer.status_code, answer.json()


def test_the_vendors_package_reads_our_list_page_by_page(el: ElevenLabsSimulator, vendor: ElevenLabs) -> None:
    made = [el.add(ago=100 + number) for number in range(5)]
    first = vendor.conversational_ai.conversations.list(page_size=3)
    second = vendor.conversational_ai.conversations.list(page_size=3, cursor=first.next_cursor)
    assert [each.conversation_id for each in (*first.conversations, *second.conversations)] == made
    assert (first.has_more, second.has_more) == (True, False)


def test_the_vendors_package_reads_one_conversation(el: ElevenLabsSimulator, vendor: ElevenLabs) -> None:
    found = vendor.conversational_ai.conversations.get(el.add(seconds=42))
    assert (found.status, found.metadata.call_duration_secs, len(found.transcript)) == ("done", 42, 4)


def test_the_vendors_package_reads_and_changes_the_webhook(el: ElevenLabsSimulator, vendor: ElevenLabs) -> None:
    (webhook,) = vendor.webhooks.list(include_usages=True).webhooks
    assert (webhook.webhook_url, webhook.is_auto_disabled) == ("https://calls.example.com/webhooks/elevenlabs", False)
    vendor.webhooks.update(webhook.webhook_id, is_disabled=False, name="Postcall", retry_enabled=True)
    assert el.workspace.webhook.retry_enabled is True


def test_a_wrong_key_and_a_wrong_question_are_refused_as_there(
    el: ElevenLabsSimulator, vendor: ElevenLabs, http: httpx.Client
) -> None:
    with pytest.raises(ApiError) as refused:
        ElevenLabs(api_key="wrong", base_url=el.api_url, httpx_client=http).conversational_ai.conversations.list()
    assert refused.value.status_code == 401
    with pytest.raises(ApiError) as unprocessable:
        vendor.conversational_ai.conversations.list(page_size=101)
    assert unprocessable.value.status_code == 422
    with pytest.raises(ApiError) as missing:
        vendor.conversational_ai.conversations.get("nobody")
    assert missing.value.status_code == 404


def test_calls_are_made_and_lost_through_the_admin_api(el: ElevenLabsSimulator) -> None:
    status, made = admin(el, "POST", "/api/conversations", {"deliver": "drop", "ago": 3600, "seconds": 30})
    assert (status, made["deliveries"][0]["status"]) == (200, None)
    status, listed = admin(el, "GET", "/api/conversations")
    assert [each["call_duration_secs"] for each in listed] == [30]
    admin(el, "PATCH", "/api/conversations", {"conversation_id": made["conversation_id"], "status": "failed"})
    assert admin(el, "GET", "/api/conversations")[1][0]["status"] == "failed"
    assert admin(el, "GET", "/healthz")[1]["conversations"] == 1
    assert admin(el, "POST", "/api/reset", {})[1]["conversations"] == 0


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/deliver", {"conversation_id": "nobody"}, 400),
        ("POST", "/api/deliver", {"how": "by pigeon"}, 400),
        ("POST", "/api/conversations", {"status": "dreaming"}, 400),
        ("POST", "/api/faults", {"fault": "earthquake"}, 400),
        ("POST", "/api/faults", {"fault": "cut", "count": 0}, 400),
        ("PUT", "/api/webhook", {"colour": "red"}, 400),
        ("POST", "/api/conversations", [], 400),
        ("GET", "/api/nothing", None, 404),
    ],
)
def test_a_wrong_order_is_one_sentence(el: ElevenLabsSimulator, method: str, path: str, body: Any, status: int) -> None:
    answered, report = admin(el, method, path, body)
    assert answered == status
    assert "\n" not in report["error"]


def test_no_page_of_another_site_may_ask(el: ElevenLabsSimulator) -> None:
    assert admin(el, "GET", "/healthz", Origin="https://evil.example.com")[0] == 403
    assert admin(el, "GET", "/healthz", Host="evil.example.com")[0] == 403


def test_as_a_process_it_says_where_it_listens_and_ends_when_told_to() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tools.simulators.elevenlabs"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        with httpx.Client(trust_env=False) as client:
            assert client.get(f"{ready['admin_url']}/healthz").json()["api_url"] == ready["api_url"]
        process.terminate()
        assert process.wait(timeout=10) == 0
