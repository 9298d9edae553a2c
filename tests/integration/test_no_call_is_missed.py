"""Whatever is lost on the way, the call still becomes one lead: killed workers, lost messages, dropped webhooks."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from postcall.aws import clients
from postcall.aws.queues import Queue
from tests.builders import SECRET
from tests.fakes.crm import Crash
from tests.integration.conftest import Way

AN_HOUR = 3_600
NEW_SECRET = "wsec_the_new_one"


def later(way: Way, **by: float) -> None:
    way.at(datetime.now(UTC) + timedelta(**by))


def work_off(way: Way) -> None:
    """What the event source mappings do."""
    way.analyse()
    way.dispatch()


def leads(way: Way, conversation_id: str) -> int:
    return len(way.crm.leads(conversation_id))


def event(way: Way, conversation_id: str) -> Any:
    answer = way.ask("GET", f"/api/events/{conversation_id}")
    assert answer["statusCode"] == 200, answer["body"]
    return json.loads(answer["body"])["event"]


def die_while_sending(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends after the event is stored and before its message is sent."""

    def die(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(Queue, "send", die)
        with pytest.raises(Crash):
            way.elevenlabs.call()


def the_only_call(way: Way) -> str:
    (conversation_id,) = way.elevenlabs.workspace.conversations
    return conversation_id


def test_intake_is_killed_between_put_and_send(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    die_while_sending(way, monkeypatch)
    work_off(way)
    assert leads(way, the_only_call(way)) == 0
    later(way, minutes=16)
    assert way.reconciliation("sweep")["sent_again"] == [the_only_call(way)]
    work_off(way)
    assert leads(way, the_only_call(way)) == 1


def test_intake_is_killed_and_elevenlabs_tries_again(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    die_while_sending(way, monkeypatch)
    (again,) = way.elevenlabs.deliver(the_only_call(way))
    assert again.status == 200
    work_off(way)
    later(way, minutes=16)
    way.reconciliation("sweep")
    work_off(way)
    assert leads(way, the_only_call(way)) == 1


@pytest.mark.parametrize("step", ["analysis", "dispatch"])
def test_a_queue_loses_its_message(way: Way, step: str) -> None:
    conversation_id = way.elevenlabs.call()
    if step == "dispatch":
        way.analyse()
    assert way.aws.messages(getattr(way.aws, f"{step}_queue")) == [{"event_id": conversation_id}]  # and nobody works it
    clients.sqs().purge_queue(QueueUrl=getattr(way.aws, f"{step}_queue"))
    work_off(way)
    assert leads(way, conversation_id) == 0
    later(way, minutes=16)
    way.reconciliation("sweep")
    work_off(way)
    assert leads(way, conversation_id) == 1


def test_both_queues_are_purged_with_many_calls_in_them(way: Way) -> None:
    calls = [way.elevenlabs.call() for _ in range(3)]
    way.analyse()
    calls += [way.elevenlabs.call() for _ in range(3)]
    for queue in (way.aws.analysis_queue, way.aws.dispatch_queue):
        clients.sqs().purge_queue(QueueUrl=queue)
    later(way, minutes=16)
    assert sorted(way.reconciliation("sweep")["sent_again"]) == sorted(calls)
    work_off(way)
    work_off(way)
    assert [leads(way, conversation_id) for conversation_id in calls] == [1] * 6


def test_a_webhook_is_dropped_at_the_door(way: Way) -> None:
    conversation_id = way.elevenlabs.call("drop", ago=AN_HOUR)
    done = way.reconciliation("reconcile")
    assert (done["status"], done["missed"], done["taken_in"]) == ("done", 1, 1)
    work_off(way)
    assert leads(way, conversation_id) == 1
    assert event(way, conversation_id)["source"] == "reconciliation"
    again = way.reconciliation("reconcile")
    assert (again["known"], again["missed"]) == (1, 0)


def test_a_webhook_that_comes_after_all_makes_no_second_lead(way: Way) -> None:
    conversation_id = way.elevenlabs.call("drop", ago=AN_HOUR)
    way.reconciliation("reconcile")
    for how in ("late", "duplicate"):
        way.elevenlabs.deliver(conversation_id, how)
    work_off(way)
    work_off(way)
    assert leads(way, conversation_id) == 1
    assert event(way, conversation_id)["duplicate_count"] == 3


def test_the_secret_is_rotated_a_day_too_late(way: Way) -> None:
    way.elevenlabs.point_to(secret=NEW_SECRET)
    conversation_id = way.elevenlabs.call()
    assert [each.status for each in way.elevenlabs.deliveries] == [401]
    (entry,) = json.loads(way.ask("GET", "/api/quarantine")["body"])["entries"]
    refused = way.ask("POST", f"/api/quarantine/{entry['quarantine_id']}/release")
    assert refused["statusCode"] == 409

    later(way, days=1)
    rotated = json.dumps({"current": NEW_SECRET, "previous": SECRET})
    clients.secrets_manager().put_secret_value(SecretId="webhook", SecretString=rotated)
    released = way.ask("POST", f"/api/quarantine/{entry['quarantine_id']}/release")
    assert (released["statusCode"], json.loads(released["body"])["event_id"]) == (200, conversation_id)
    work_off(way)
    assert leads(way, conversation_id) == 1
    assert event(way, conversation_id)["source"] == "elevenlabs"


def test_reconciliation_and_the_release_of_the_same_call_make_one_lead(way: Way) -> None:
    way.elevenlabs.point_to(secret=NEW_SECRET)
    conversation_id = way.elevenlabs.call(ago=AN_HOUR)
    assert way.reconciliation("reconcile")["taken_in"] == 1
    work_off(way)
    clients.secrets_manager().put_secret_value(SecretId="webhook", SecretString=NEW_SECRET)
    (entry,) = json.loads(way.ask("GET", "/api/quarantine")["body"])["entries"]
    assert way.ask("POST", f"/api/quarantine/{entry['quarantine_id']}/release")["statusCode"] == 200
    work_off(way)
    assert leads(way, conversation_id) == 1


def test_a_forged_webhook_becomes_nothing_and_is_never_released(way: Way) -> None:
    conversation_id = way.elevenlabs.add(ago=AN_HOUR)
    way.elevenlabs.deliver(conversation_id, "forged")
    (entry,) = json.loads(way.ask("GET", "/api/quarantine")["body"])["entries"]
    assert way.ask("POST", f"/api/quarantine/{entry['quarantine_id']}/release")["statusCode"] == 409
    assert way.ask("GET", f"/api/events/{conversation_id}")["statusCode"] == 404


def test_a_call_too_long_for_a_plain_command_is_fetched_whole(way: Way) -> None:
    turns = [
        {"role": "user", "message": f"Реплика {number}: {'слово ' * 40}", "time_in_call_secs": number}
        for number in range(12_000)
    ]
    conversation_id = way.elevenlabs.call("drop", ago=AN_HOUR, transcript=turns)
    assert len(json.dumps(turns)) > 6_291_456
    assert way.reconciliation("reconcile")["taken_in"] == 1
    stored = json.loads(way.aws.events.payload(conversation_id))
    assert stored["data"]["transcript"] == turns
