"""What an operator orders, over the real tables, queues and bucket, seen where it has its effect."""

from __future__ import annotations

import json
import time

import pytest

from postcall.aws import clients
from postcall.aws.quarantine import FOLDER
from postcall.domain.event_id import api_event_id
from tests.aws import ANALYSES, BUCKET, DISPATCHES, EVENTS, QUARANTINE
from tests.builders import CONVERSATION, any_webhook, encoded, signature
from tests.integration.operations.desk import Desk, MoveTasks, sample

REASON = {"reason": "The caller asked for it."}
PERSONAL = ("Иван", "375291234567", "example.com", "квартиру")


def left(table: str) -> str:
    return str(clients.dynamodb().scan(TableName=table)["Items"])


def test_an_erased_call_leaves_no_word_of_the_caller_anywhere(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.way.set(POWERTOOLS_SERVICE_NAME="erase-test")  # a logger of its own, which writes to the captured output
    desk.webhook(encoded(any_webhook()), header=signature(encoded(any_webhook()), secret="wrong", at=time.time()))
    desk.webhook()
    desk.webhook(encoded(any_webhook(status="revised")))
    desk.way.analyse()
    desk.way.dispatch()
    status, erased = desk.ask("POST", f"/api/events/{CONVERSATION}/erase", body=REASON)
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
    assert clients.s3().list_objects_v2(Bucket=BUCKET).get("KeyCount") == 0
    logged = "".join(capsys.readouterr())
    assert "operations.erased" in logged
    assert not any(personal in logged for personal in PERSONAL)


def test_a_webhook_that_comes_again_after_the_erasure_brings_nothing_back(desk: Desk) -> None:
    desk.webhook()
    desk.way.analyse()
    desk.way.dispatch()
    desk.ask("POST", f"/api/events/{CONVERSATION}/erase", body=REASON)
    assert desk.webhook(encoded(any_webhook(status="another")))[1]["status"] == "duplicate"
    desk.way.analyse()
    desk.way.dispatch()
    event = desk.event(CONVERSATION)
    assert (event["status"], event["contact"], event["revision_count"], event["attempts"]) == ("delivered", {}, 0, 1)
    assert clients.s3().list_objects_v2(Bucket=BUCKET).get("KeyCount") == 0
    assert len(desk.way.crm.leads()) == 1


def test_a_call_that_waits_is_erased_and_never_sent(desk: Desk) -> None:
    desk.webhook()
    desk.way.analyse()
    desk.ask("POST", f"/api/events/{CONVERSATION}/erase", body=REASON)
    assert desk.way.dispatch()["batchItemFailures"] == []
    assert desk.way.crm.leads() == []
    assert desk.event(CONVERSATION)["status"] == "excluded"


def test_a_body_too_large_for_its_item_is_erased_from_the_bucket_and_a_strangers_stays(desk: Desk) -> None:
    desk.webhook(sample("09"))
    desk.webhook(encoded(any_webhook("conv_stranger")))
    desk.webhook(encoded(any_webhook("conv_stranger", status="revised")))
    desk.way.analyse()
    event_id = json.loads(sample("09"))["data"]["conversation_id"]
    assert desk.ask("POST", f"/api/events/{event_id}/erase", body=REASON)[0] == 200
    assert desk.ask("GET", "/api/events/conv_stranger/call")[0] == 200
    keys = [each["Key"] for each in clients.s3().list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert all("conv_stranger" in key for key in keys)


def test_a_person_is_erased_by_phone_with_every_call(desk: Desk) -> None:
    for number in range(3):
        desk.bring(f"ivan-{number}")
    desk.bring("olga", contacts={"phone": "+375447654321"})
    status, done = desk.ask("POST", "/api/erase-person", body={"phone": "8 029 123-45-67", **REASON})
    assert (status, sorted(done["erased"]), done["more"]) == (200, ["ivan-0", "ivan-1", "ivan-2"], False)
    assert desk.ask("POST", "/api/erase-person", body={"phone": "+375291234567", **REASON})[1]["erased"] == []
    assert desk.event("olga")["contact"] == {"phone": "+375447654321"}
    for body in (REASON, {"phone": "1", "email": "a@b", **REASON}):
        assert desk.ask("POST", "/api/erase-person", body=body)[0] == 400


def test_erasing_again_is_harmless(desk: Desk) -> None:
    desk.bring("once")
    first = desk.ask("POST", "/api/events/once/erase", body=REASON)[1]
    again = desk.ask("POST", "/api/events/once/erase", body={"reason": "Again."})[1]
    assert again == first
    assert desk.event("once")["erasure"]["reason"] == REASON["reason"]


def test_dead_letters_are_seen_with_their_reasons_and_sent_back(desk: Desk, move_tasks: MoveTasks) -> None:
    assert not move_tasks.running
    desk.bring("off", fault="landing_off")
    desk.bring("lost", fault="close_after_commit")
    queue = desk.way.aws.dispatch_dead_letters
    clients.sqs().send_message(QueueUrl=queue, MessageBody="no message of ours")
    _, shown = desk.ask("POST", "/api/queues/dispatch/redrive", body={"preview": True})
    assert (shown["depth_before"], shown["task"]) == (3, None)
    assert {each["event_id"]: each["status"] for each in shown["messages"]} == {
        "off": "rejected",
        "lost": "unknown",
        None: None,
    }
    assert any("switched off" in (each["reason"] or "") for each in shown["messages"])
    assert desk.ask("GET", "/api/queues")[1]["dispatch"]["dead_letters"] == 3
    status, started = desk.ask("POST", "/api/queues/dispatch/redrive")
    assert (status, started["depth_before"], started["messages"]) == (202, 3, [])
    desk.way.dispatch()
    assert desk.event("off")["status"] == "delivered"
    assert desk.event("lost")["status"] == "unknown"  # only a person says what became of it


def test_a_released_webhook_becomes_a_call(desk: Desk) -> None:
    late = encoded(any_webhook("conv_late"))
    desk.webhook(late, header=signature(late, secret="wsec_rotated", at=time.time()))
    (entry,) = desk.ask("GET", "/api/quarantine")[1]["entries"]
    assert (entry["kind"], "body" in entry) == ("signature", False)
    rotated = json.dumps({"current": "wsec_invented", "previous": "wsec_rotated"})
    clients.secrets_manager().put_secret_value(SecretId="webhook", SecretString=rotated)
    status, done = desk.ask("POST", f"/api/quarantine/{entry['quarantine_id']}/release")
    assert (status, done["event_id"], done["released_by"]) == (200, "conv_late", "anna")
    assert desk.event("conv_late")["status"] == "received"
    assert desk.ask("POST", f"/api/quarantine/{entry['quarantine_id']}/release")[0] == 409
    assert FOLDER not in str(clients.s3().list_objects_v2(Bucket=BUCKET).get("Contents", []))


def test_the_numbers_of_the_day_come_from_the_index(desk: Desk) -> None:
    desk.bring("fine")
    desk.bring("off", fault="landing_off")
    _, found = desk.ask("GET", "/api/numbers")
    assert (found["received"], found["delivered"], found["needs_person"], found["failed"]) == (2, 1, 1, 1)
    assert found["median_seconds_to_lead"] >= 0
    assert found["complete"]
    assert desk.ask("GET", "/api/numbers", query={"day": "2020-01-01"})[1]["received"] == 0


def test_an_event_that_the_sweep_has_given_up_is_named_in_the_state_of_the_whole(desk: Desk) -> None:
    desk.webhook()
    event = desk.way.aws.events.get(CONVERSATION)
    assert event is not None
    assert desk.way.aws.pending.note_sweep(event, now=event.received_at, stuck=True)
    _, health = desk.ask("GET", "/api/health")
    assert health["stuck"] == [CONVERSATION]
    assert health["breaker"]["state"] == "closed"


def test_what_the_sweep_has_given_up_is_listed_and_brought_on(desk: Desk) -> None:
    desk.webhook()
    event = desk.way.aws.events.get(CONVERSATION)
    assert event is not None
    desk.way.aws.pending.note_sweep(event, now=event.received_at, stuck=True)
    status, refused = desk.ask("POST", f"/api/events/{CONVERSATION}/resend-crm")
    assert (status, refused["code"], refused["offers"]) == (409, "refusal.stalled", ["continue", "close"])
    listed = desk.ask("GET", "/api/events", query={"stalled": "true"})[1]["events"]
    assert [each["event_id"] for each in listed] == [CONVERSATION]
    assert desk.event(CONVERSATION)["possible"] == ["continue", "close"]
    assert desk.ask("POST", f"/api/events/{CONVERSATION}/continue")[0] == 202
    assert desk.ask("GET", "/api/events", query={"stalled": "true"})[1]["events"] == []
    desk.way.analyse()
    desk.way.dispatch()
    assert desk.event(CONVERSATION)["status"] == "delivered"


def test_a_closed_call_says_who_closed_it_and_why(desk: Desk) -> None:
    desk.bring("test-call", fault="landing_off")
    assert desk.ask("POST", "/api/events/test-call/close", body={"reason": "Our own test."})[0] == 200
    event = desk.event("test-call")
    assert (event["status"], event["possible"]) == ("excluded", [])
    assert (event["closure"]["closed_by"], event["closure"]["reason"]) == ("anna", "Our own test.")
    assert desk.ask("POST", "/api/events/test-call/resend-crm")[1]["code"] == "refusal.closed"


def test_who_asked_stands_on_the_record_and_a_body_has_its_limits(desk: Desk) -> None:
    desk.bring("fine")
    for reason in ("", "x" * 501, 5, None):
        status, problem = desk.ask("POST", "/api/events/fine/erase", body={"reason": reason})
        assert (status, problem["detail"].startswith("reason must be a text")) == (400, True)
    assert desk.ask("POST", "/api/events/fine/erase", body=b"[]")[0] == 400
    desk.ask("POST", "/api/events/fine/erase", body=REASON)
    assert desk.event("fine")["erasure"]["erased_by"] == "anna"


def test_a_file_is_sent_once_and_then_only_asked_about(desk: Desk) -> None:
    answer = desk.way.ask("GET", "/console", None, None)
    assert answer["headers"]["content-type"].startswith("text/html")
    tag = answer["headers"]["etag"]
    assert desk.ask_again("/console", f'W/{tag}, "another"')["statusCode"] == 304
    assert desk.ask_again("/console", '"another"')["statusCode"] == 200
    for name in ("..%2Fhandler.py", "handler.py", "console.html%00", "__init__.py"):
        assert desk.ask("GET", f"/console/{name}", token=None)[0] == 404


def test_every_file_of_the_console_is_served_with_its_kind_and_a_strict_policy(desk: Desk) -> None:
    kinds = {
        "html": "text/html",
        "css": "text/css",
        "js": "text/javascript",
        "svg": "image/svg+xml",
        "json": "application/json",
    }
    page = desk.way.ask("GET", "/console", None, None)["body"]
    for name in ("app.js", "words.js", "words.json", "console.css", "mark.svg", "docs.html"):
        answer = desk.way.ask("GET", f"/console/{name}", None, None)
        assert answer["headers"]["content-type"].startswith(kinds[name.split(".")[1]])
        assert "unsafe" not in answer["headers"]["content-security-policy"]
    assert "<style" not in page
    assert " onclick" not in page


def test_a_new_analysis_is_a_further_revision_and_sends_nothing(desk: Desk) -> None:
    desk.bring("again")
    status, ordered = desk.ask("POST", "/api/events/again/reanalyze", body={"reason": "The topic is wrong."})
    assert (status, ordered["requested_by"]) == (202, "anna")
    assert desk.event("again")["reanalysis_order"]["is_open"]
    assert desk.ask("POST", "/api/events/again/reanalyze", body={"reason": "Twice."})[0] == 409
    desk.way.analyse()
    _, record = desk.ask("GET", "/api/events/again")
    assert [each["revision"] for each in (record["analysis"], *record["earlier_analyses"])] == [2, 1]
    assert (record["analysis"]["requested_by"], record["analysis"]["reason"]) == ("anna", "The topic is wrong.")
    assert not record["event"]["reanalysis_order"]["is_open"]
    assert record["event"]["status"] == "delivered"
    assert desk.way.dispatch() == {"batchItemFailures": []}
    assert len(desk.way.crm.leads()) == 1
    message = json.dumps({"event_id": "again", "order_id": ordered["order_id"]})
    clients.sqs().send_message(QueueUrl=desk.way.aws.analysis_queue, MessageBody=message)
    desk.way.analyse()  # the same message again
    assert len(desk.ask("GET", "/api/events/again")[1]["earlier_analyses"]) == 1


def test_an_erasure_stops_a_new_analysis(desk: Desk) -> None:
    desk.bring("again")
    desk.ask("POST", "/api/events/again/reanalyze", body={"reason": "The topic is wrong."})
    desk.ask("POST", "/api/events/again/erase", body=REASON)
    assert desk.way.analyse() == {"batchItemFailures": []}
    record = desk.ask("GET", "/api/events/again")[1]
    assert (record["analysis"], record["event"]["reanalysis_order"]) == (None, None)


def test_a_row_says_whose_call_it_is_and_what_it_is_about_and_is_filtered_and_found_by_it(desk: Desk) -> None:
    desk.bring("ivan_7", contacts={"full_name": "Юлия Ковалёва", "phone": "+375291112233"})
    desk.bring("nobody", contacts={})
    rows = {row["event_id"]: row for row in desk.ask("GET", "/api/events")[1]["events"]}
    assert rows["ivan_7"]["contact"] == {"full_name": "Юлия Ковалёва", "phone": "+375291112233"}
    assert rows["nobody"]["contact"] == {}
    for query in ("Yulia Kovaleva", "ковалева юлия", "291112233", "ivan", "ivan_", "ivan_7"):
        found = desk.ask("POST", "/api/search", body={"query": query})[1]["events"]
        expected = [] if query == "ivan" else ["ivan_7"]  # letters alone are a name, and no start of an id
        assert [row["event_id"] for row in found] == expected, query
    assert desk.ask("GET", "/api/events", query={"topic": "job"})[1]["events"] == []
    assert desk.ask("GET", "/api/events", query={"quality": "9"})[0] == 400


def test_an_erased_person_is_found_by_no_name(desk: Desk) -> None:
    desk.bring("yulia", contacts={"full_name": "Юлия Ковалёва", "phone": "+375291112233"})
    assert desk.ask("POST", "/api/events/yulia/erase", body={"reason": "Asked for."})[0] == 200
    assert desk.ask("POST", "/api/search", body={"query": "Юлия"})[1]["events"] == []
    item = clients.dynamodb().get_item(TableName="webhook_events", Key={"event_id": {"S": api_event_id("yulia")}})[
        "Item"
    ]
    assert not {"name_keys", "topic", "intent", "quality_score", "phone_key", "contact"} & set(item)
