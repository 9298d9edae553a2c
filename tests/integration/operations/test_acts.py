"""What an operator orders, over the real tables, queues and bucket, seen where it has its effect."""

from __future__ import annotations

import json
import time

from postcall.aws import clients
from postcall.aws.quarantine import FOLDER
from tests.integration.operations.harness import MoveTasks, OperationsHarness
from tests.support.aws import BUCKET
from tests.support.builders import CONVERSATION, any_webhook, encoded, signature


def test_dead_letters_are_seen_with_their_reasons_and_sent_back(
    harness: OperationsHarness, move_tasks: MoveTasks
) -> None:
    assert not move_tasks.running
    harness.bring("off", fault="landing_off")
    harness.bring("lost", fault="close_after_commit")
    queue = harness.pipeline.aws.dispatch_dead_letters
    clients.sqs().send_message(QueueUrl=queue, MessageBody="no message of ours")
    _, shown = harness.call_api("POST", "/api/queues/dispatch/redrive", body={"preview": True})
    assert (shown["depth_before"], shown["task"]) == (3, None)
    assert {each["event_id"]: each["status"] for each in shown["messages"]} == {
        "off": "rejected",
        "lost": "unknown",
        None: None,
    }
    assert any("switched off" in (each["reason"] or "") for each in shown["messages"])
    assert harness.call_api("GET", "/api/queues")[1]["dispatch"]["dead_letters"] == 3
    status, started = harness.call_api("POST", "/api/queues/dispatch/redrive")
    assert (status, started["depth_before"], started["messages"]) == (202, 3, [])
    harness.pipeline.dispatch()
    assert harness.event("off")["status"] == "delivered"
    assert harness.event("lost")["status"] == "unknown"  # only a person says what became of it


def test_dead_letters_of_one_cause_go_back_and_the_others_stay(harness: OperationsHarness) -> None:
    harness.bring("off", fault="landing_off")
    harness.bring("lost", fault="close_before_commit")
    _, before = harness.call_api("POST", "/api/queues/dispatch/redrive", body={"preview": True})
    causes = {message["event_id"]: message["cause"] for message in before["messages"]}
    assert causes["off"] == "crm.landing_off" != causes["lost"]
    assert all(message["since"] for message in before["messages"])
    body = {"cause": "crm.landing_off", "reason": "The landing is on again."}
    status, done = harness.call_api("POST", "/api/queues/dispatch/redrive", body=body)
    assert (status, done["moved"], done["task"]) == (202, 1, None)
    assert harness.call_api("GET", "/api/queues")[1]["dispatch"]["dead_letters"] == 1  # the other, still looked at
    harness.pipeline.dispatch()
    assert (harness.event("off")["status"], harness.event("lost")["status"]) == ("delivered", "unknown")


def test_a_released_webhook_becomes_a_call(harness: OperationsHarness) -> None:
    late = encoded(any_webhook("conv_late"))
    harness.webhook(late, header=signature(late, secret="wsec_rotated_over_there", at=time.time()))
    (entry,) = harness.call_api("GET", "/api/quarantine")[1]["entries"]
    assert (entry["kind"], "body" in entry) == ("signature", False)
    rotated = json.dumps({"current": "wsec_invented_current", "previous": "wsec_rotated_over_there"})
    clients.secrets_manager().put_secret_value(SecretId="webhook", SecretString=rotated)
    status, done = harness.call_api("POST", f"/api/quarantine/{entry['quarantine_id']}/release")
    assert (status, done["event_id"], done["released_by"]) == (200, "conv_late", "anna")
    assert harness.event("conv_late")["status"] == "received"
    assert harness.call_api("POST", f"/api/quarantine/{entry['quarantine_id']}/release")[0] == 409
    (entry,) = harness.call_api("GET", "/api/quarantine")[1]["entries"]
    assert (entry["released_by"], entry["event_id"]) == ("anna", "conv_late")
    assert entry["released_at"] > entry["received_at"]
    assert FOLDER not in str(clients.s3().list_objects_v2(Bucket=BUCKET).get("Contents", []))


def test_what_the_sweep_has_given_up_is_listed_and_brought_on(harness: OperationsHarness) -> None:
    harness.webhook()
    event = harness.pipeline.aws.events.get(CONVERSATION)
    assert event is not None
    harness.pipeline.aws.pending.record_sweep(event, now=event.received_at, stalled=True)
    status, refused = harness.call_api("POST", f"/api/events/{CONVERSATION}/resend-crm")
    assert (status, refused["code"], refused["offers"]) == (409, "refusal.stalled", ["continue", "close"])
    listed = harness.call_api("GET", "/api/events", query={"stalled": "true"})[1]["events"]
    assert [each["event_id"] for each in listed] == [CONVERSATION]
    assert harness.event(CONVERSATION)["possible"] == ["continue", "close"]
    assert harness.call_api("POST", f"/api/events/{CONVERSATION}/continue")[0] == 202
    assert harness.call_api("GET", "/api/events", query={"stalled": "true"})[1]["events"] == []
    harness.pipeline.analyse()
    harness.pipeline.dispatch()
    assert harness.event(CONVERSATION)["status"] == "delivered"


def test_a_closed_call_says_who_closed_it_and_why(harness: OperationsHarness) -> None:
    harness.bring("test-call", fault="landing_off")
    assert harness.call_api("POST", "/api/events/test-call/close", body={"reason": "Our own test."})[0] == 200
    event = harness.event("test-call")
    assert (event["status"], event["possible"]) == ("excluded", ["continue"])
    assert (event["closure"]["closed_by"], event["closure"]["reason"]) == ("anna", "Our own test.")
    assert harness.call_api("POST", "/api/events/test-call/resend-crm")[1]["code"] == "refusal.closed"


def test_a_new_analysis_is_a_further_revision_and_sends_nothing(harness: OperationsHarness) -> None:
    harness.bring("again")
    status, ordered = harness.call_api("POST", "/api/events/again/reanalyze", body={"reason": "The topic is wrong."})
    assert (status, ordered["requested_by"]) == (202, "anna")
    assert harness.event("again")["reanalysis_order"]["is_open"]
    assert harness.call_api("POST", "/api/events/again/reanalyze", body={"reason": "Twice."})[0] == 409
    harness.pipeline.analyse()
    _, record = harness.call_api("GET", "/api/events/again")
    assert [each["revision"] for each in (record["analysis"], *record["earlier_analyses"])] == [2, 1]
    assert (record["analysis"]["requested_by"], record["analysis"]["reason"]) == ("anna", "The topic is wrong.")
    assert not record["event"]["reanalysis_order"]["is_open"]
    assert record["event"]["status"] == "delivered"
    assert harness.pipeline.dispatch() == {"batchItemFailures": []}
    assert len(harness.pipeline.crm.leads()) == 1
    message = json.dumps({"event_id": "again", "order_id": ordered["order_id"]})
    clients.sqs().send_message(QueueUrl=harness.pipeline.aws.analysis_queue, MessageBody=message)
    harness.pipeline.analyse()  # the same message again
    assert len(harness.call_api("GET", "/api/events/again")[1]["earlier_analyses"]) == 1
