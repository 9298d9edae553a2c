"""Whatever is lost on the way, the call still becomes one lead: killed workers, lost messages, dropped webhooks."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from postcall.aws import clients
from postcall.aws.queues import Queue
from tests.integration.conftest import PipelineHarness
from tests.support.builders import SECRET
from tests.support.fakes.crm import Crash

AN_HOUR = 3_600
NEW_SECRET = "wsec_the_new_one"


def later(pipeline: PipelineHarness, **by: float) -> None:
    pipeline.at(datetime.now(UTC) + timedelta(**by))


def work_off(pipeline: PipelineHarness) -> None:
    """What the event source mappings do."""
    pipeline.analyse()
    pipeline.dispatch()


def leads(pipeline: PipelineHarness, conversation_id: str) -> int:
    return len(pipeline.crm.leads(conversation_id))


def event(pipeline: PipelineHarness, conversation_id: str) -> Any:
    answer = pipeline.call_api("GET", f"/api/events/{conversation_id}")
    assert answer["statusCode"] == 200, answer["body"]
    return json.loads(answer["body"])["event"]


def die_while_sending(pipeline: PipelineHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends after the event is stored and before its message is sent."""

    def die(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(Queue, "send", die)
        with pytest.raises(Crash):
            pipeline.elevenlabs.call()


def the_only_call(pipeline: PipelineHarness) -> str:
    (conversation_id,) = pipeline.elevenlabs.workspace.conversations
    return conversation_id


def test_intake_is_killed_between_put_and_send(pipeline: PipelineHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    die_while_sending(pipeline, monkeypatch)
    work_off(pipeline)
    assert leads(pipeline, the_only_call(pipeline)) == 0
    later(pipeline, minutes=16)
    assert pipeline.reconciliation("sweep")["sent_again"] == [the_only_call(pipeline)]
    work_off(pipeline)
    assert leads(pipeline, the_only_call(pipeline)) == 1


def test_intake_is_killed_and_elevenlabs_tries_again(
    pipeline: PipelineHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    die_while_sending(pipeline, monkeypatch)
    (again,) = pipeline.elevenlabs.deliver(the_only_call(pipeline))
    assert again.status == 200
    work_off(pipeline)
    later(pipeline, minutes=16)
    pipeline.reconciliation("sweep")
    work_off(pipeline)
    assert leads(pipeline, the_only_call(pipeline)) == 1


@pytest.mark.parametrize("step", ["analysis", "dispatch"])
def test_a_queue_loses_its_message(pipeline: PipelineHarness, step: str) -> None:
    conversation_id = pipeline.elevenlabs.call()
    if step == "dispatch":
        pipeline.analyse()
    assert pipeline.aws.messages(getattr(pipeline.aws, f"{step}_queue")) == [
        {"event_id": conversation_id}
    ]  # and nobody works it
    clients.sqs().purge_queue(QueueUrl=getattr(pipeline.aws, f"{step}_queue"))
    work_off(pipeline)
    assert leads(pipeline, conversation_id) == 0
    later(pipeline, minutes=16)
    pipeline.reconciliation("sweep")
    work_off(pipeline)
    assert leads(pipeline, conversation_id) == 1


def test_both_queues_are_purged_with_many_calls_in_them(pipeline: PipelineHarness) -> None:
    calls = [pipeline.elevenlabs.call() for _ in range(3)]
    pipeline.analyse()
    calls += [pipeline.elevenlabs.call() for _ in range(3)]
    for queue in (pipeline.aws.analysis_queue, pipeline.aws.dispatch_queue):
        clients.sqs().purge_queue(QueueUrl=queue)
    later(pipeline, minutes=16)
    assert sorted(pipeline.reconciliation("sweep")["sent_again"]) == sorted(calls)
    work_off(pipeline)
    work_off(pipeline)
    assert [leads(pipeline, conversation_id) for conversation_id in calls] == [1] * 6


def test_a_webhook_is_dropped_at_the_door(pipeline: PipelineHarness) -> None:
    conversation_id = pipeline.elevenlabs.call("drop", ago=AN_HOUR)
    done = pipeline.reconciliation("reconcile")
    assert (done["status"], done["missed"], done["taken_in"]) == ("done", 1, 1)
    work_off(pipeline)
    assert leads(pipeline, conversation_id) == 1
    assert event(pipeline, conversation_id)["source"] == "reconciliation"
    again = pipeline.reconciliation("reconcile")
    assert (again["known"], again["missed"]) == (1, 0)


def test_a_webhook_that_comes_after_all_makes_no_second_lead(pipeline: PipelineHarness) -> None:
    conversation_id = pipeline.elevenlabs.call("drop", ago=AN_HOUR)
    pipeline.reconciliation("reconcile")
    for how in ("late", "duplicate"):
        pipeline.elevenlabs.deliver(conversation_id, how)
    work_off(pipeline)
    work_off(pipeline)
    assert leads(pipeline, conversation_id) == 1
    assert event(pipeline, conversation_id)["duplicate_count"] == 3


def test_the_secret_is_rotated_a_day_too_late(pipeline: PipelineHarness) -> None:
    pipeline.elevenlabs.point_to(secret=NEW_SECRET)
    conversation_id = pipeline.elevenlabs.call()
    assert [each.status for each in pipeline.elevenlabs.deliveries] == [401]
    (entry,) = json.loads(pipeline.call_api("GET", "/api/quarantine")["body"])["entries"]
    refused = pipeline.call_api("POST", f"/api/quarantine/{entry['quarantine_id']}/release")
    assert refused["statusCode"] == 409

    later(pipeline, days=1)
    rotated = json.dumps({"current": NEW_SECRET, "previous": SECRET})
    clients.secrets_manager().put_secret_value(SecretId="webhook", SecretString=rotated)
    released = pipeline.call_api("POST", f"/api/quarantine/{entry['quarantine_id']}/release")
    assert (released["statusCode"], json.loads(released["body"])["event_id"]) == (200, conversation_id)
    work_off(pipeline)
    assert leads(pipeline, conversation_id) == 1
    assert event(pipeline, conversation_id)["source"] == "elevenlabs"


def test_reconciliation_and_the_release_of_the_same_call_make_one_lead(pipeline: PipelineHarness) -> None:
    pipeline.elevenlabs.point_to(secret=NEW_SECRET)
    conversation_id = pipeline.elevenlabs.call(ago=AN_HOUR)
    assert pipeline.reconciliation("reconcile")["taken_in"] == 1
    work_off(pipeline)
    clients.secrets_manager().put_secret_value(SecretId="webhook", SecretString=NEW_SECRET)
    (entry,) = json.loads(pipeline.call_api("GET", "/api/quarantine")["body"])["entries"]
    assert pipeline.call_api("POST", f"/api/quarantine/{entry['quarantine_id']}/release")["statusCode"] == 200
    work_off(pipeline)
    assert leads(pipeline, conversation_id) == 1


def test_a_forged_webhook_becomes_nothing_and_is_never_released(pipeline: PipelineHarness) -> None:
    conversation_id = pipeline.elevenlabs.add(ago=AN_HOUR)
    pipeline.elevenlabs.deliver(conversation_id, "forged")
    (entry,) = json.loads(pipeline.call_api("GET", "/api/quarantine")["body"])["entries"]
    assert pipeline.call_api("POST", f"/api/quarantine/{entry['quarantine_id']}/release")["statusCode"] == 409
    assert pipeline.call_api("GET", f"/api/events/{conversation_id}")["statusCode"] == 404


def test_a_call_too_long_for_a_plain_command_is_fetched_whole(pipeline: PipelineHarness) -> None:
    turns = [
        {"role": "user", "message": f"Реплика {number}: {'слово ' * 40}", "time_in_call_secs": number}
        for number in range(12_000)
    ]
    conversation_id = pipeline.elevenlabs.call("drop", ago=AN_HOUR, transcript=turns)
    assert len(json.dumps(turns)) > 6_291_456
    assert pipeline.reconciliation("reconcile")["taken_in"] == 1
    stored = json.loads(pipeline.aws.events.payload(conversation_id))
    assert stored["data"]["transcript"] == turns
