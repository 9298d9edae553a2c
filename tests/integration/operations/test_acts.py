"""What an operator orders, over the real tables, queues and bucket, seen where it has its effect."""

from __future__ import annotations

import json
import time

import pytest

from postcall.aws import clients
from postcall.aws.quarantine import FOLDER
from postcall.domain.event_id import api_event_id
from tests.integration.operations.harness import MoveTasks, OperationsHarness, sample
from tests.support.aws import ANALYSES, BUCKET, DISPATCHES, EVENTS, QUARANTINE
from tests.support.builders import CONVERSATION, any_webhook, encoded, signature

REASON = {"reason": "The caller asked for it."}
PERSONAL = ("Иван", "375291234567", "example.com", "квартиру")


def left(table: str) -> str:
    return str(clients.dynamodb().scan(TableName=table)["Items"])


def test_an_erased_call_leaves_no_word_of_the_caller_anywhere(
    harness: OperationsHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    harness.pipeline.set(
        POWERTOOLS_SERVICE_NAME="erase-test"
    )  # a logger of its own, which writes to the captured output
    harness.webhook(encoded(any_webhook()), header=signature(encoded(any_webhook()), secret="wrong", at=time.time()))
    harness.webhook()
    harness.webhook(encoded(any_webhook(status="revised")))
    harness.pipeline.analyse()
    harness.pipeline.dispatch()
    status, erased = harness.call_api("POST", f"/api/events/{CONVERSATION}/erase", body=REASON)
    assert status == 200
    assert set(erased["erased"]) == {
        "payload",
        "contact",
        "search_keys",
        "bodies",
        "analyses",
        "attempts",
        "quarantine",
    }
    for table in (EVENTS, ANALYSES, DISPATCHES, QUARANTINE):
        assert not any(personal in left(table) for personal in PERSONAL), table
    assert clients.s3().list_objects_v2(Bucket=BUCKET, Prefix="payloads/").get("KeyCount") == 0
    logged = "".join(capsys.readouterr())
    assert "operations.erased" in logged
    assert not any(personal in logged for personal in PERSONAL)


def test_a_webhook_that_comes_again_after_the_erasure_brings_nothing_back(harness: OperationsHarness) -> None:
    harness.webhook()
    harness.pipeline.analyse()
    harness.pipeline.dispatch()
    harness.call_api("POST", f"/api/events/{CONVERSATION}/erase", body=REASON)
    assert harness.webhook(encoded(any_webhook(status="another")))[1]["status"] == "duplicate"
    harness.pipeline.analyse()
    harness.pipeline.dispatch()
    event = harness.event(CONVERSATION)
    assert (event["status"], event["contact"], event["revision_count"], event["attempts"]) == ("delivered", {}, 0, 1)
    assert clients.s3().list_objects_v2(Bucket=BUCKET, Prefix="payloads/").get("KeyCount") == 0
    assert len(harness.pipeline.crm.leads()) == 1


def test_a_call_that_waits_is_erased_and_never_sent(harness: OperationsHarness) -> None:
    harness.webhook()
    harness.pipeline.analyse()
    harness.call_api("POST", f"/api/events/{CONVERSATION}/erase", body=REASON)
    assert harness.pipeline.dispatch()["batchItemFailures"] == []
    assert harness.pipeline.crm.leads() == []
    assert harness.event(CONVERSATION)["status"] == "excluded"


def test_a_body_too_large_for_its_item_is_erased_from_the_bucket_and_a_strangers_stays(
    harness: OperationsHarness,
) -> None:
    harness.webhook(sample("09"))
    harness.webhook(encoded(any_webhook("conv_stranger")))
    harness.webhook(encoded(any_webhook("conv_stranger", status="revised")))
    harness.pipeline.analyse()
    event_id = json.loads(sample("09"))["data"]["conversation_id"]
    assert harness.call_api("POST", f"/api/events/{event_id}/erase", body=REASON)[0] == 200
    assert harness.call_api("GET", "/api/events/conv_stranger/call")[0] == 200
    keys = [each["Key"] for each in clients.s3().list_objects_v2(Bucket=BUCKET, Prefix="payloads/")["Contents"]]
    assert all("conv_stranger" in key for key in keys)


def test_a_person_is_erased_by_phone_with_every_call(harness: OperationsHarness) -> None:
    for number in range(3):
        harness.bring(f"ivan-{number}")
    harness.bring("olga", contacts={"phone": "+375447654321"})
    status, done = harness.call_api("POST", "/api/erase-person", body={"phone": "8 029 123-45-67", **REASON})
    assert (status, sorted(done["erased"]), done["more"]) == (200, ["ivan-0", "ivan-1", "ivan-2"], False)
    assert harness.call_api("POST", "/api/erase-person", body={"phone": "+375291234567", **REASON})[1]["erased"] == []
    assert harness.event("olga")["contact"] == {"phone": "+375447654321"}
    for body in (REASON, {"phone": "1", "email": "a@b", **REASON}):
        assert harness.call_api("POST", "/api/erase-person", body=body)[0] == 400


def test_erasing_again_is_harmless(harness: OperationsHarness) -> None:
    harness.bring("once")
    first = harness.call_api("POST", "/api/events/once/erase", body=REASON)[1]
    again = harness.call_api("POST", "/api/events/once/erase", body={"reason": "Again."})[1]
    assert again == first
    assert harness.event("once")["erasure"]["reason"] == REASON["reason"]


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


def test_the_numbers_of_the_day_come_from_the_index(harness: OperationsHarness) -> None:
    harness.bring("fine")
    harness.bring("off", fault="landing_off")
    _, found = harness.call_api("GET", "/api/numbers")
    assert (found["received"], found["delivered"], found["needs_person"], found["excluded"]) == (2, 1, 1, 0)
    assert found["median_seconds_to_lead"] >= 0
    assert (found["zone"], found["complete"]) == ("Europe/Minsk", True)
    assert [(each["agent_id"], each["received"]) for each in found["by_agent"]] == [("A1", 2)]
    _, month = harness.call_api("GET", "/api/numbers", query={"days": "31", "zone": "Asia/Tokyo"})
    assert (len(month["by_day"]), month["by_day"][-1]["day"]) == (31, month["day"])
    assert sum(each["received"] for each in month["by_day"]) == month["received"] == 2
    assert harness.call_api("GET", "/api/numbers", query={"day": "2020-01-01"})[1]["received"] == 0


def test_an_event_that_the_sweep_has_given_up_is_named_in_the_state_of_the_whole(harness: OperationsHarness) -> None:
    harness.webhook()
    event = harness.pipeline.aws.events.get(CONVERSATION)
    assert event is not None
    assert harness.pipeline.aws.pending.record_sweep(event, now=event.received_at, stalled=True)
    _, health = harness.call_api("GET", "/api/health")
    assert health["stuck"] == [CONVERSATION]
    assert health["breaker"]["state"] == "closed"


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


def test_a_list_of_a_cause_names_its_calls_and_no_others(harness: OperationsHarness) -> None:
    for event_id, fault in (("off-1", "landing_off"), ("off-2", "landing_off"), ("bad-1", "http_404")):
        harness.bring(event_id, fault=fault)
    _, found = harness.call_api("GET", "/api/attention")
    for group in found["groups"]:
        query = {"status": group["status"], "cause": group["reason_code"]}
        listed = harness.call_api("GET", "/api/events", query=query)[1]["events"]
        assert [each["event_id"] for each in listed] == group["event_ids"]
    assert sorted(group["count"] for group in found["groups"]) == [1, 2]


def test_a_closed_call_says_who_closed_it_and_why(harness: OperationsHarness) -> None:
    harness.bring("test-call", fault="landing_off")
    assert harness.call_api("POST", "/api/events/test-call/close", body={"reason": "Our own test."})[0] == 200
    event = harness.event("test-call")
    assert (event["status"], event["possible"]) == ("excluded", ["continue"])
    assert (event["closure"]["closed_by"], event["closure"]["reason"]) == ("anna", "Our own test.")
    assert harness.call_api("POST", "/api/events/test-call/resend-crm")[1]["code"] == "refusal.closed"


def test_who_asked_stands_on_the_record_and_a_body_has_its_limits(harness: OperationsHarness) -> None:
    harness.bring("fine")
    for reason in ("", "x" * 501, 5, None):
        status, problem = harness.call_api("POST", "/api/events/fine/erase", body={"reason": reason})
        assert (status, problem["detail"].startswith("reason must be a text")) == (400, True)
    assert harness.call_api("POST", "/api/events/fine/erase", body=b"[]")[0] == 400
    harness.call_api("POST", "/api/events/fine/erase", body=REASON)
    assert harness.event("fine")["erasure"]["erased_by"] == "anna"


def test_a_file_is_sent_once_and_then_only_asked_about(harness: OperationsHarness) -> None:
    answer = harness.pipeline.call_api("GET", "/console", None, None)
    assert answer["headers"]["content-type"].startswith("text/html")
    tag = answer["headers"]["etag"]
    assert harness.call_api_again("/console", f'W/{tag}, "another"')["statusCode"] == 304
    assert harness.call_api_again("/console", '"another"')["statusCode"] == 200
    for name in ("..%2Fhandler.py", "handler.py", "console.html%00", "__init__.py"):
        assert harness.call_api("GET", f"/console/{name}", token=None)[0] == 404


def test_the_bare_address_leads_to_the_console(harness: OperationsHarness) -> None:
    answer = harness.pipeline.call_api("GET", "/", None, None)
    assert (answer["statusCode"], answer["headers"]["location"]) == (302, "console")


def test_every_file_of_the_console_is_served_with_its_kind_and_a_strict_policy(harness: OperationsHarness) -> None:
    kinds = {
        "html": "text/html",
        "css": "text/css",
        "js": "text/javascript",
        "svg": "image/svg+xml",
        "json": "application/json",
    }
    page = harness.pipeline.call_api("GET", "/console", None, None)["body"]
    for name in ("app.js", "words.js", "words.json", "console.css", "mark.svg", "docs.html"):
        answer = harness.pipeline.call_api("GET", f"/console/{name}", None, None)
        assert answer["headers"]["content-type"].startswith(kinds[name.split(".")[1]])
        assert "unsafe" not in answer["headers"]["content-security-policy"]
    assert "<style" not in page
    assert " onclick" not in page


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


def test_an_erasure_stops_a_new_analysis(harness: OperationsHarness) -> None:
    harness.bring("again")
    harness.call_api("POST", "/api/events/again/reanalyze", body={"reason": "The topic is wrong."})
    harness.call_api("POST", "/api/events/again/erase", body=REASON)
    assert harness.pipeline.analyse() == {"batchItemFailures": []}
    record = harness.call_api("GET", "/api/events/again")[1]
    assert (record["analysis"], record["event"]["reanalysis_order"]) == (None, None)


def test_a_row_says_whose_call_it_is_and_what_it_is_about_and_is_filtered_and_found_by_it(
    harness: OperationsHarness,
) -> None:
    harness.bring("ivan_7", contacts={"full_name": "Юлия Ковалёва", "phone": "+375291112233"})
    harness.bring("nobody", contacts={})
    rows = {row["event_id"]: row for row in harness.call_api("GET", "/api/events")[1]["events"]}
    assert rows["ivan_7"]["contact"] == {"full_name": "Юлия Ковалёва", "phone": "+375291112233"}
    assert rows["nobody"]["contact"] == {}
    for query in ("Yulia Kovaleva", "ковалева юлия", "291112233", "ivan", "ivan_", "ivan_7"):
        found = harness.call_api("POST", "/api/search", body={"query": query})[1]["events"]
        expected = [] if query == "ivan" else ["ivan_7"]  # letters alone are a name, and no start of an id
        assert [row["event_id"] for row in found] == expected, query
    assert harness.call_api("POST", "/api/search", body={"query": "ivan_7", "cursor": "x"})[0] == 400
    assert harness.call_api("GET", "/api/events", query={"topic": "job"})[1]["events"] == []
    assert harness.call_api("GET", "/api/events", query={"quality": "9"})[0] == 400


def test_an_erased_person_is_found_by_no_name(harness: OperationsHarness) -> None:
    harness.bring("yulia", contacts={"full_name": "Юлия Ковалёва", "phone": "+375291112233"})
    assert harness.call_api("POST", "/api/events/yulia/erase", body={"reason": "Asked for."})[0] == 200
    assert harness.call_api("POST", "/api/search", body={"query": "Юлия"})[1]["events"] == []
    item = clients.dynamodb().get_item(TableName="webhook_events", Key={"event_id": {"S": api_event_id("yulia")}})[
        "Item"
    ]
    assert not {"name_keys", "topic", "intent", "quality_score", "phone_key", "contact"} & set(item)


def test_what_needs_a_person_is_named_by_cause_and_shrinks_as_it_is_settled(harness: OperationsHarness) -> None:
    harness.bring("unknown", fault="close_before_commit")
    for number in range(2):
        harness.bring(f"refused_{number}", fault="landing_off", contacts={"full_name": "Вера"})
    status, found = harness.call_api("GET", "/api/attention")
    causes = [(group["status"], group["reason_code"], group["count"]) for group in found["groups"]]
    assert (status, causes) == (200, [("unknown", "crm.no_answer", 1), ("rejected", "crm.landing_off", 2)])
    assert (found["waiting"], found["complete"], found["quarantine"]) == (3, True, {})
    assert set(found["groups"][1]["event_ids"]) == {"refused_0", "refused_1"}
    assert {each["event_id"]: each["contact"]["full_name"] for each in found["groups"][1]["people"]} == {
        "refused_0": "Вера",
        "refused_1": "Вера",
    }
    assert harness.call_api("POST", "/api/events/refused_0/close", body={"reason": "No lead wanted."})[0] == 200
    assert harness.call_api("GET", "/api/attention")[1]["waiting"] == 2
