"""What an erasure leaves of a call and of a person, over the real tables, queues and bucket."""

from __future__ import annotations

import json
import time

import pytest

from postcall.aws import clients
from postcall.domain.event_id import api_event_id
from tests.integration.operations.harness import OperationsHarness, sample
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


def test_who_asked_stands_on_the_record_and_a_body_has_its_limits(harness: OperationsHarness) -> None:
    harness.bring("fine")
    for reason in ("", "x" * 501, 5, None):
        status, problem = harness.call_api("POST", "/api/events/fine/erase", body={"reason": reason})
        assert (status, problem["detail"].startswith("reason must be a text")) == (400, True)
    assert harness.call_api("POST", "/api/events/fine/erase", body=b"[]")[0] == 400
    harness.call_api("POST", "/api/events/fine/erase", body=REASON)
    assert harness.event("fine")["erasure"]["erased_by"] == "anna"


def test_an_erasure_stops_a_new_analysis(harness: OperationsHarness) -> None:
    harness.bring("again")
    harness.call_api("POST", "/api/events/again/reanalyze", body={"reason": "The topic is wrong."})
    harness.call_api("POST", "/api/events/again/erase", body=REASON)
    assert harness.pipeline.analyse() == {"batchItemFailures": []}
    record = harness.call_api("GET", "/api/events/again")[1]
    assert (record["analysis"], record["event"]["reanalysis_order"]) == (None, None)


def test_an_erased_person_is_found_by_no_name(harness: OperationsHarness) -> None:
    harness.bring("yulia", contacts={"full_name": "Юлия Ковалёва", "phone": "+375291112233"})
    assert harness.call_api("POST", "/api/events/yulia/erase", body={"reason": "Asked for."})[0] == 200
    assert harness.call_api("POST", "/api/search", body={"query": "Юлия"})[1]["events"] == []
    item = clients.dynamodb().get_item(TableName="webhook_events", Key={"event_id": {"S": api_event_id("yulia")}})[
        "Item"
    ]
    assert not {"name_keys", "topic", "intent", "quality_score", "phone_key", "contact"} & set(item)
