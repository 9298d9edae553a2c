"""A CRM that refuses, is away or breaks off, through all handlers: what stands on the record, and who goes on."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from postcall.aws import clients
from tests.integration.calls import analyze, shown
from tests.integration.conftest import PipelineHarness, forget_handlers


def test_a_refusing_crm_is_an_error_on_the_record_in_the_dead_letters_and_blocks_nobody(
    pipeline: PipelineHarness,
) -> None:
    pipeline.crm.fail_next("landing_off")
    analyze(pipeline)
    pipeline.analyse()
    pipeline.dispatch()
    analyze(pipeline, event_id="124")
    pipeline.analyse()
    pipeline.dispatch()
    record = shown(pipeline, "123")
    assert (record["event"]["status"], record["dispatches"][0]["status"]) == ("rejected", "error")
    assert "resultCode:-1" in record["dispatches"][0]["answer"]
    assert pipeline.aws.messages(pipeline.aws.dispatch_dead_letters) == [{"event_id": "api/123"}]
    assert shown(pipeline, "124")["event"]["status"] == "delivered"


def test_an_unavailable_crm_leaves_the_message_in_the_queue(pipeline: PipelineHarness) -> None:
    pipeline.crm.fail_next("http_503")
    analyze(pipeline)
    pipeline.analyse()
    assert len(pipeline.dispatch()["batchItemFailures"]) == 1
    record = shown(pipeline, "123")
    assert (record["event"]["status"], record["dispatches"][0]["status"]) == ("retrying", "error")
    assert record["dispatches"][0]["crm_was_asked"]


def test_what_is_retrying_says_when_next_and_how_often_still(pipeline: PipelineHarness) -> None:
    queue = pipeline.aws.dispatch_queue
    dead = clients.sqs().get_queue_attributes(QueueUrl=pipeline.aws.dispatch_dead_letters, AttributeNames=["QueueArn"])
    policy = {"deadLetterTargetArn": dead["Attributes"]["QueueArn"], "maxReceiveCount": 12}
    clients.sqs().set_queue_attributes(QueueUrl=queue, Attributes={"RedrivePolicy": json.dumps(policy)})
    pipeline.crm.fail_next("http_503")
    analyze(pipeline)
    pipeline.analyse()
    before = datetime.now(UTC)
    pipeline.dispatch()
    retry = shown(pipeline, "123")["event"]["retry"]
    assert retry["left"] == 11
    assert before < datetime.fromisoformat(retry["at"]) < before + timedelta(hours=1)
    clients.sqs().send_message(QueueUrl=queue, MessageBody='{"event_id": "api/123"}')
    pipeline.dispatch()
    event = shown(pipeline, "123")["event"]
    assert (event["status"], event["retry"]) == ("delivered", None)


def test_an_unknown_outcome_is_held_until_a_person_resolves_it(pipeline: PipelineHarness) -> None:
    pipeline.crm.fail_next("close_before_commit")
    analyze(pipeline)
    pipeline.analyse()
    pipeline.dispatch()
    record = shown(pipeline, "123")
    assert (record["event"]["status"], record["dispatches"][0]["status"]) == ("unknown", "unknown")
    assert pipeline.aws.messages(pipeline.aws.dispatch_dead_letters) == [{"event_id": "api/123"}]
    clients.sqs().send_message(QueueUrl=pipeline.aws.dispatch_queue, MessageBody='{"event_id": "api/123"}')
    pipeline.dispatch()  # a redrive does not send it either
    assert pipeline.crm.leads() == []
    for body, status in ((b"{}", 400), (b"[]", 400), (b"{", 400), (b'{"outcome": "delivered"}', 400)):
        assert pipeline.call_api("POST", "/api/events/123/resolve", body=body)["statusCode"] == status
    found = json.dumps({"outcome": "not_delivered", "reason": "В CRM лида нет."}).encode()
    assert pipeline.call_api("POST", "/api/events/123/resolve", body=found)["statusCode"] == 200
    assert pipeline.call_api("POST", "/api/events/123/resolve", body=found)["statusCode"] == 409
    assert pipeline.call_api("POST", "/api/events/nobody/resolve", body=found)["statusCode"] == 404
    assert pipeline.call_api("POST", "/api/events/123/resend-crm")["statusCode"] == 202
    pipeline.dispatch()
    record = shown(pipeline, "123")
    assert record["event"]["status"] == "delivered"
    assert record["dispatches"][0]["resolution"] == {
        "delivered": False,
        "resolved_by": "anna",
        "reason": "В CRM лида нет.",
    }
    assert len(pipeline.crm.leads()) == 1


def test_while_the_crm_is_down_nobody_knocks_and_it_goes_on_by_itself(pipeline: PipelineHarness) -> None:
    pipeline.set(DISPATCH_RETRY_BASE_SECONDS="3600", DISPATCH_RETRY_CAP_SECONDS="43200")  # none comes back by itself
    pipeline.crm.fail_next("http_503", count=3)
    for number in range(5):
        analyze(pipeline, event_id=f"e{number}")
        pipeline.analyse()
        pipeline.dispatch()
    assert len(pipeline.crm.requests()) == 3
    assert [shown(pipeline, f"e{number}")["event"]["status"] for number in range(5)] == ["retrying"] * 3 + [
        "analyzed"
    ] * 2
    clients.dynamodb().update_item(  # a minute later
        TableName="circuits",
        Key={"id": {"S": "crm"}},
        UpdateExpression="SET opened_at = opened_at - :minute",
        ExpressionAttributeValues={":minute": {"N": "61"}},
    )
    forget_handlers()
    for number in range(5):
        clients.sqs().send_message(QueueUrl=pipeline.aws.dispatch_queue, MessageBody=f'{{"event_id": "api/e{number}"}}')
        pipeline.dispatch()
    assert len(pipeline.crm.leads()) == 5


def test_a_dry_run_neither_opens_nor_closes_the_circuit(pipeline: PipelineHarness) -> None:
    pipeline.set(EXTERNAL_CRM_DRY_RUN="true")
    for number in range(5):
        analyze(pipeline, event_id=f"e{number}")
        pipeline.analyse()
        pipeline.dispatch()
    assert {shown(pipeline, f"e{number}")["event"]["status"] for number in range(5)} == {"dry_run"}
