"""The five scenarios of the acceptance plan, and what else a person would try first, against the local stack."""

from __future__ import annotations

import json
import time
import uuid

import pytest

from tests.e2e.conftest import Stack, wait_until
from tests.support.builders import SAMPLES, any_webhook, encoded, signature
from tools.simulators.crm.simulator import CrmSimulator

pytestmark = pytest.mark.e2e


def new_id(scenario: str) -> str:
    return f"{scenario}-{uuid.uuid4().hex[:12]}"


def test_a_dry_run_records_the_payload_and_sends_nothing(stack: Stack) -> None:
    event_id = new_id("A")
    with stack.settings(EXTERNAL_CRM_DRY_RUN="true"):
        answer = stack.analyze(event_id)
        assert (answer.status_code, answer.json()) == (202, {"event_id": event_id, "status": "received"})
        record = stack.rests(event_id, "dry_run")
    (attempt,) = record["dispatches"]
    assert (attempt["status"], attempt["http_status"]) == ("dry_run", None)
    assert attempt["payload"]["landingId"] == "cd8c698b-4b42-4a47-aaf4-7a9e72a0344b"
    assert {pair["name"]: pair["value"] for pair in attempt["payload"]["contactFields"]}["Phone"] == "+375291234567"
    assert stack.leads(event_id) == []


def test_b_a_real_send_is_a_success_and_the_lead_is_in_the_crm(stack: Stack) -> None:
    event_id = new_id("B")
    stack.analyze(event_id)
    record = stack.rests(event_id, "delivered")
    (attempt,) = record["dispatches"]
    assert (attempt["status"], attempt["http_status"]) == ("success", 200)
    assert record["analysis"]["source"] == "offline"
    (lead,) = stack.leads(event_id)
    text = json.dumps(lead, ensure_ascii=False)
    for value in ("Иван Иванов", "+375291234567", "user@example.com", event_id, "A1", f"C-{event_id}"):
        assert value in text


def test_c_without_a_phone_the_lead_goes_out_with_its_email(stack: Stack) -> None:
    event_id = new_id("C")
    stack.analyze(event_id, contacts={"full_name": "Иван Иванов", "email": "user@example.com"})
    (attempt,) = stack.rests(event_id, "delivered")["dispatches"]
    assert [pair["name"] for pair in attempt["payload"]["contactFields"]] == ["FullName", "Email"]
    assert len(stack.leads(event_id)) == 1


def test_d_the_same_event_twice_is_one_lead(stack: Stack) -> None:
    event_id = new_id("D")
    assert stack.analyze(event_id).status_code == 202
    stack.rests(event_id, "delivered")
    again = stack.analyze(event_id)
    assert (again.status_code, again.json()["status"]) == (200, "duplicate")
    refused = stack.call_api("POST", f"/api/events/{event_id}/resend-crm")
    assert refused.status_code == 409
    assert "arrived in the CRM already" in refused.json()["detail"]
    assert len(stack.event(event_id)["dispatches"]) == 1
    assert len(stack.leads(event_id)) == 1


def test_e_a_forced_resend_is_a_second_recorded_attempt(stack: Stack) -> None:
    event_id = new_id("E")
    stack.analyze(event_id)
    stack.rests(event_id, "delivered")
    answer = stack.call_api("POST", f"/api/events/{event_id}/resend-crm?force=true")
    assert (answer.status_code, answer.json()["forced"]) == (202, True)
    wait_until(lambda: len(stack.leads(event_id)) == 2, what="the second lead is there")
    wait_until(
        lambda: [row["status"] for row in stack.event(event_id)["dispatches"]] == ["success", "success"],
        what="the second attempt is recorded",
    )
    second = stack.event(event_id)["dispatches"][1]
    assert (second["forced"], second["requested_by"]) == (True, answer.json()["requested_by"])


def test_a_signed_webhook_becomes_exactly_one_lead_however_often_it_comes(stack: Stack) -> None:
    conversation = new_id("conv")
    assert stack.webhook(conversation_id=conversation).json() == {"event_id": conversation, "status": "received"}
    stack.rests(conversation, "delivered")
    assert stack.webhook(conversation_id=conversation).json()["status"] == "duplicate"
    revised = stack.webhook(conversation_id=conversation, agent_name="Another body").json()
    assert revised["status"] == "duplicate"
    assert stack.event(conversation)["event"]["revision_count"] == 1
    assert len(stack.leads(conversation)) == 1


def test_twenty_calls_at_once_become_twenty_leads(stack: Stack) -> None:
    conversations = [new_id("conv") for _ in range(20)]
    for conversation in conversations:
        assert stack.webhook(conversation_id=conversation).status_code == 200
    for conversation in conversations:
        stack.rests(conversation, "delivered")
        assert len(stack.leads(conversation)) == 1


def test_a_long_call_of_a_megabyte_passes_through(stack: Stack) -> None:
    call = json.loads((SAMPLES / "elevenlabs/09-long-transcript-tool-calls.json").read_text(encoding="utf-8"))
    call["data"]["conversation_id"] = conversation = new_id("conv")
    assert stack.webhook(encoded(call)).status_code == 200
    stack.rests(conversation, "delivered")


def test_a_refusing_crm_is_on_the_record_in_the_dead_letters_and_blocks_nobody(stack: Stack) -> None:
    refused, next_one = new_id("refused"), new_id("next")
    stack.fault("landing_off")
    stack.analyze(refused)
    record = stack.rests(refused, "rejected")
    assert record["dispatches"][0]["status"] == "error"
    assert "resultCode:-1" in record["dispatches"][0]["answer"]
    wait_until(lambda: stack.depth("dispatch_dead_letters") == 1, what="the message is in the dead letters")
    stack.analyze(next_one)
    stack.rests(next_one, "delivered")
    assert stack.call_api("POST", f"/api/events/{refused}/resend-crm").status_code == 202
    stack.rests(refused, "delivered")


@pytest.mark.long
def test_an_unavailable_crm_is_tried_again_and_then_waits_in_the_dead_letters(stack: Stack) -> None:
    event_id = new_id("down")
    stack.fault("http_503", count=50)
    stack.analyze(event_id)
    wait_until(lambda: stack.depth("dispatch_dead_letters") == 1, what="the retries are used up", seconds=90)
    record = stack.event(event_id)
    assert record["event"]["status"] == "retrying"
    assert len(record["dispatches"]) >= 3
    assert {row["status"] for row in record["dispatches"]} == {"error"}
    stack.crm("POST", "/api/reset")
    assert stack.call_api("POST", f"/api/events/{event_id}/resend-crm").status_code == 202
    stack.rests(event_id, "delivered")


def test_a_crm_that_loses_the_answer_is_not_asked_twice(stack: Stack) -> None:
    event_id = new_id("lost")
    stack.fault("close_after_commit")
    stack.analyze(event_id)
    record = stack.rests(event_id, "unknown")
    assert [row["status"] for row in record["dispatches"]] == ["unknown"]
    wait_until(lambda: stack.depth("dispatch_dead_letters") == 1, what="the message is in the dead letters")
    assert len(stack.leads(event_id)) == 1
    found = {"outcome": "delivered", "reason": "Видел лид в CRM."}
    assert stack.call_api("POST", f"/api/events/{event_id}/resolve", json=found).status_code == 200
    assert stack.status(event_id) == "delivered"


@pytest.mark.long
def test_a_stock_server_rejects_the_letter_and_takes_the_web_form(stack: Stack) -> None:
    first, second = new_id("letter"), new_id("form")
    with CrmSimulator(profile="after-columns-added") as crm:
        with stack.settings(CRM_SERVICE_URL=crm.service_url):
            stack.analyze(first)
            record = stack.rests(first, "rejected")
        assert "CRM_WIRE_FORMAT=web_form" in record["event"]["status_reason"]
        form = {"CRM_WIRE_FORMAT": "web_form", "CRM_FIELD_MAP": "stock", "CRM_DEDUPLICATION": "lead_id"}
        with stack.settings(CRM_SERVICE_URL=crm.service_url, **form):
            crm.fail_next("close_after_commit")  # unknown, and sent again because a repeat only updates
            stack.analyze(second)
            stack.rests(second, "delivered")
            (lead,) = crm.leads(second)
    assert lead["updated"] == 1


BAD = [
    ("no signature", {}, encoded(any_webhook()), 401),
    ("a wrong signature", {"ElevenLabs-Signature": "t=1,v0=00"}, encoded(any_webhook()), 401),
    ("nonsense", {"ElevenLabs-Signature": "nonsense"}, encoded(any_webhook()), 401),
]


@pytest.mark.parametrize(("_what", "headers", "body", "status"), BAD)
def test_a_webhook_that_is_not_genuine(
    stack: Stack, _what: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = stack.post_webhook(body, headers)
    assert answer.status_code == status
    assert answer.json()["detail"].endswith(".")


def test_a_stale_timestamp(stack: Stack) -> None:
    body = encoded(any_webhook())
    header = signature(body, secret=stack.endpoints["webhook_secret"], at=time.time() - 4_000)
    answer = stack.post_webhook(body, {"ElevenLabs-Signature": header})
    assert (answer.status_code, answer.json()["detail"]) == (401, "The signature's timestamp is too old.")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"not json", 400),
        (b"[]", 400),
        (b"{}", 400),
        (encoded({"type": "post_call_transcription", "data": {"conversation_id": 5}}), 400),
        (encoded({"type": "post_call_audio", "data": {"conversation_id": "c"}}), 200),
        (encoded({"type": "voice_removed"}), 200),
    ],
)
def test_a_genuine_body_that_is_no_call(stack: Stack, body: bytes, status: int) -> None:
    answer = stack.webhook(body)
    assert answer.status_code == status
    if status == 200:
        assert answer.json()["status"] == "ignored"


def test_an_oversized_body(stack: Stack) -> None:
    assert stack.webhook(b"x" * 6_300_000).status_code == 413
    assert stack.webhook(b"x" * 10_500_000).status_code == 413


def test_who_has_no_token_is_told_nothing(stack: Stack) -> None:
    for method, path in (("GET", "/api/events"), ("GET", "/api/events/x"), ("POST", "/api/events/x/resend-crm")):
        assert stack.call_api(method, path, headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert stack.call_api("POST", "/api/analyze", json={}, headers={"Authorization": ""}).status_code == 401
    assert stack.call_api("GET", "/api/events/nobody").status_code == 404
    assert stack.call_api("POST", "/api/events/nobody/resend-crm").status_code == 404


def test_the_list_is_newest_first_and_paged(stack: Stack) -> None:
    ids = [new_id("list") for _ in range(3)]
    for event_id in ids:
        stack.analyze(event_id)
        stack.rests(event_id, "delivered")
    page = stack.call_api("GET", "/api/events?limit=2").json()
    assert [event["event_id"] for event in page["events"]] == ids[:0:-1]
    more = stack.call_api("GET", f"/api/events?limit=1&cursor={page['next_cursor']}").json()
    assert [event["event_id"] for event in more["events"]] == ids[:1]
    delivered = stack.call_api("GET", "/api/events?status=delivered&limit=3").json()
    assert [event["event_id"] for event in delivered["events"]] == ids[::-1]
