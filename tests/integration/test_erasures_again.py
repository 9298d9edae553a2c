"""A restore of the tables brings back what was erased since: the record of erasures outlives it and is run again."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import functions.reconciliation.handler
from functions.reconciliation.commands import SPARE_SECONDS
from postcall.aws import clients
from postcall.domain.event_id import body_id
from tests.integration.conftest import PipelineHarness
from tests.integration.operations.harness import OperationsHarness
from tests.integration.test_erased_persons import Person, bring, call_of, holds, kept
from tests.support.aws import ANALYSES, BUCKET, DISPATCHES, EVENTS, QUARANTINE
from tests.support.builders import encoded, signature

REASON = {"reason": "They asked for it."}
ANNA = Person(0, "375291112233", "anna@example.com", "answered")
BORIS = Person(1, "79161112233", "boris@example.com", "answered")
TABLES = (EVENTS, ANALYSES, DISPATCHES, QUARANTINE)
Items = dict[str, list[dict[str, Any]]]


def backup() -> Items:
    return {table: clients.dynamodb().scan(TableName=table)["Items"] for table in TABLES}


def restore(items: Items) -> None:
    for table, rows in items.items():
        for item in rows:
            clients.dynamodb().put_item(TableName=table, Item=item)


def brought(pipeline: PipelineHarness, *persons: Person) -> OperationsHarness:
    harness = OperationsHarness(pipeline)
    for person in persons:
        bring(harness, person)
        pipeline.analyse()
        pipeline.dispatch()
    return harness


def run_again(harness: OperationsHarness) -> list[dict[str, Any]]:
    """Every answer until there is no more."""
    answers: list[dict[str, Any]] = []
    after = ""
    while not answers or answers[-1]["next_cursor"]:
        status, answer = harness.call_api("POST", "/api/erasures/again", body=REASON | {"after": after})
        assert status == 200, answer
        answers.append(answer)
        after = answer["next_cursor"]
    return answers


def test_what_a_restore_brings_back_is_erased_again_and_nobody_else(pipeline: PipelineHarness) -> None:
    harness = brought(pipeline, ANNA, BORIS)
    refused = encoded(call_of(Person(20, ANNA.digits, ANNA.address, "answered")))
    harness.webhook(refused, header=signature(refused, secret="another", at=time.time()))
    before = backup()
    done = harness.call_api("POST", "/api/erase-person", body=REASON | {"phone": f"+{ANNA.digits}"})[1]
    assert done["complete"]
    restore(before)
    assert holds(kept(), ANNA)
    (answer,) = run_again(harness)
    assert (answer["erased"], answer["discarded"], answer["refused"]) == ([ANNA.conversation], 1, [])
    assert not holds(kept(), ANNA)
    assert holds(kept(), BORIS)
    (answer,) = run_again(harness)
    assert (answer["erased"], answer["discarded"]) == ([], 0)


@pytest.mark.parametrize("way", ["large", "revised"])
def test_what_led_to_bodies_that_are_gone_from_the_bucket_is_erased_again(pipeline: PipelineHarness, way: str) -> None:
    person = Person(0, ANNA.digits, ANNA.address, way)
    harness = brought(pipeline, person)
    before = backup()
    assert harness.call_api("POST", f"/api/events/{person.conversation}/erase", body=REASON)[0] == 200
    restore(before)
    (answer,) = run_again(harness)
    assert (answer["erased"], answer["refused"]) == ([person.conversation], [])
    assert not holds(kept(), person)


def test_who_called_again_after_the_erasure_stays(pipeline: PipelineHarness) -> None:
    harness = brought(pipeline, ANNA)
    harness.call_api("POST", "/api/erase-person", body=REASON | {"phone": f"+{ANNA.digits}"})
    pipeline.at(datetime.now(UTC) + timedelta(minutes=1))
    later = Person(10, ANNA.digits, ANNA.address, "own_system")
    bring(harness, later)
    assert run_again(harness)[0]["erased"] == []
    assert holds(kept(), ANNA)


def test_what_came_to_lie_below_an_erased_event_goes(pipeline: PipelineHarness) -> None:
    harness = brought(pipeline, ANNA)
    rows = backup()
    harness.call_api("POST", f"/api/events/{ANNA.conversation}/erase", body=REASON)
    bodies = [row for row in rows[EVENTS] if row["event_id"]["S"] == body_id(ANNA.conversation)]
    assert len(bodies) == 1
    restore({table: rows[table] for table in (ANALYSES, DISPATCHES)} | {EVENTS: bodies})
    (kinds,) = pipeline.reconciliation("erasures")["found"]
    assert "bodies" in str(kinds)
    clients.s3().put_object(Bucket=BUCKET, Key=f"payloads/{ANNA.conversation}/late.zlib", Body=b"x")
    assert run_again(harness)[0]["erased"] == [ANNA.conversation]
    assert run_again(harness)[0]["erased"] == []
    assert body_id(ANNA.conversation) not in str(backup()[EVENTS])


def test_a_long_record_is_run_in_parts(pipeline: PipelineHarness) -> None:
    harness = OperationsHarness(pipeline)
    for number in range(60):
        name = f"erasures/event/conv_{number:03}/2026-01-01T00:00:00.000Z"
        clients.s3().put_object(Bucket=BUCKET, Key=name, Body=b"")
    assert [answer["records"] for answer in run_again(harness)] == [25, 25, 10]


def test_a_cursor_that_is_none_is_refused(pipeline: PipelineHarness) -> None:
    harness = OperationsHarness(pipeline)
    for after in ("x", "erasures/event/e1/yesterday", 5, ["a"]):
        assert harness.call_api("POST", "/api/erasures/again", body=REASON | {"after": after})[0] == 400, after


def test_the_nightly_look_finds_what_came_back_and_nothing_else(
    pipeline: PipelineHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    harness = brought(pipeline, ANNA, BORIS)
    refused = encoded(call_of(Person(20, ANNA.digits, ANNA.address, "answered")))
    harness.webhook(refused, header=signature(refused, secret="another", at=time.time()))
    before = backup()
    harness.call_api("POST", "/api/erase-person", body=REASON | {"phone": f"+{ANNA.digits}"})
    assert pipeline.reconciliation("erasures")["found"] == []
    restore(before)
    capsys.readouterr()
    looked = pipeline.reconciliation("erasures")
    kinds = {each["id"]: each["kinds"] for each in looked["found"]}
    assert kinds.pop(ANNA.conversation) == ["event", "bodies", "analyses", "attempts"]
    assert list(kinds.values()) == [["quarantine"]]
    assert '"ErasedDataFound":[2.0]' in capsys.readouterr().out
    assert harness.call_api("GET", "/api/health")[1]["erasures"]["report"]["found"] == looked["found"]
    run_again(harness)
    assert pipeline.reconciliation("erasures")["found"] == []


def test_a_look_whose_time_is_over_says_so(pipeline: PipelineHarness) -> None:
    harness = brought(pipeline, ANNA)
    harness.call_api("POST", f"/api/events/{ANNA.conversation}/erase", body=REASON)
    result = functions.reconciliation.handler.handler({"command": "erasures"}, LittleTime())
    assert (result["status"], result["records"]) == ("partial", 0)


class LittleTime:
    """Lambda's context when there is time to end, and for nothing more."""

    def get_remaining_time_in_millis(self) -> int:
        return int(1000 * SPARE_SECONDS)
