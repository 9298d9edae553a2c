"""How the emulated queues deliver: at least once, given up after the last receive, and never lost."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.e2e.local_stack.emulated import Emulated
from tools.local.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("emulator")]


def deliveries(emulated: Emulated, *ids: str) -> list[int]:
    return [int(_item(emulated, each).get("deliveries", {"N": "0"})["N"]) for each in ids]


def _item(emulated: Emulated, each: str) -> dict[str, Any]:
    return emulated.aws.dynamodb().get_item(TableName="probe", Key={"id": {"S": each}}).get("Item", {})


def new_id() -> str:
    return str(uuid.uuid4())


@pytest.fixture(scope="module", autouse=True)
def warm_consumer(emulated: Emulated) -> None:
    """The consumer has started: a start takes longer than a message is hidden, and would count as a delivery."""
    emulated.send({"id": new_id()})
    wait_until(lambda: emulated.messages_in("Queue") == 0, what="the consumer has started")


@pytest.fixture
def empty_dead_letters(emulated: Emulated) -> None:
    emulated.aws.sqs().purge_queue(QueueUrl=emulated.outputs["DeadLetters"])


@pytest.mark.usefixtures("empty_dead_letters")
def test_only_the_failed_message_of_a_batch_comes_again_and_then_rests_among_the_dead_letters(
    emulated: Emulated,
) -> None:
    good, bad = new_id(), new_id()
    emulated.send({"id": good}, {"id": bad, "fail": True})
    wait_until(lambda: emulated.messages_in("DeadLetters") == 1, what="the failed message is among the dead letters")
    assert deliveries(emulated, good, bad) == [1, 2]
    assert emulated.messages_in("Queue") == 0


@pytest.mark.usefixtures("empty_dead_letters")
def test_a_response_that_cannot_be_read_fails_the_whole_batch(emulated: Emulated) -> None:
    ids = [new_id(), new_id()]
    malformed = {"batchItemFailures": [{"itemIdentifier": "of another batch"}]}
    emulated.send(*({"id": each, "answer": malformed} for each in ids))
    wait_until(lambda: emulated.messages_in("DeadLetters") == len(ids), what="both are among the dead letters")
    assert deliveries(emulated, *ids) == [2, 2]


def test_an_empty_response_is_a_success(emulated: Emulated) -> None:
    each = new_id()
    emulated.send({"id": each, "answer": None})
    wait_until(lambda: deliveries(emulated, each) == [1], what="the message is delivered")
    wait_until(lambda: emulated.messages_in("Queue") == 0, what="the message is gone")


@pytest.mark.usefixtures("empty_dead_letters")
def test_a_redrive_brings_dead_letters_back_under_new_ids(emulated: Emulated) -> None:
    sqs, each = emulated.aws.sqs(), new_id()
    emulated.send({"id": each, "fail": True})
    wait_until(lambda: emulated.messages_in("DeadLetters") == 1, what="the message is among the dead letters")
    first_message = _item(emulated, each)["message"]
    source = _arn(emulated, "DeadLetters")
    sqs.start_message_move_task(SourceArn=source)
    wait_until(lambda: emulated.messages_in("DeadLetters") == 0, what="the dead letters are moved away")
    wait_until(lambda: deliveries(emulated, each) == [3], what="the message is delivered once more")
    assert _item(emulated, each)["message"] != first_message
    task = sqs.list_message_move_tasks(SourceArn=source)["Results"][0]
    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 1)
    wait_until(lambda: emulated.messages_in("DeadLetters") == 1, what="it fails as before")


@pytest.mark.usefixtures("empty_dead_letters")
def test_a_message_put_among_the_dead_letters_by_hand_needs_a_destination_to_move_to(emulated: Emulated) -> None:
    sqs, each, source = emulated.aws.sqs(), new_id(), _arn(emulated, "DeadLetters")
    sqs.send_message(QueueUrl=emulated.outputs["DeadLetters"], MessageBody=f'{{"id": "{each}"}}')
    sqs.start_message_move_task(SourceArn=source)
    wait_until(lambda: _last_task(emulated, source)["Status"] == "FAILED", what="the task fails")
    assert _last_task(emulated, source)["FailureReason"] == "CouldNotDetermineMessageSource"
    sqs.start_message_move_task(SourceArn=source, DestinationArn=_arn(emulated, "Queue"))
    wait_until(lambda: deliveries(emulated, each) == [1], what="the message is delivered")


def test_only_dead_letters_can_be_moved(emulated: Emulated) -> None:
    with pytest.raises(emulated.aws.sqs().exceptions.ClientError, match="Dead Letter Queue"):
        emulated.aws.sqs().start_message_move_task(SourceArn=_arn(emulated, "Queue"))


@pytest.mark.long
def test_no_message_is_lost_between_many_senders_and_the_consumer(emulated: Emulated) -> None:
    ids = [new_id() for _ in range(200)]
    with ThreadPoolExecutor(4) as senders:
        list(
            senders.map(
                lambda start: emulated.send(*({"id": each} for each in ids[start : start + 10])), range(0, 200, 10)
            )
        )
    wait_until(lambda: emulated.messages_in("Queue") == 0, what="the queue is empty")
    assert min(deliveries(emulated, *ids)) == 1


@pytest.mark.usefixtures("empty_dead_letters")
def test_a_deep_queue_hands_out_each_message_once_the_oldest_first(emulated: Emulated) -> None:
    """The dead letters have no consumer: here they are a deep queue like any other."""
    sqs, url = emulated.aws.sqs(), emulated.outputs["DeadLetters"]
    sent = [f"{number:03}" for number in range(200)]
    for start in range(0, len(sent), 10):
        entries = [{"Id": text, "MessageBody": text} for text in sent[start : start + 10]]
        sqs.send_message_batch(QueueUrl=url, Entries=entries)  # type: ignore[arg-type]  # plain dicts
    received: list[str] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        received += [message["Body"] for message in messages]
        for message in messages[::2]:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    assert received == sent
    assert emulated.messages_in("DeadLetters") == len(sent) // 2


def test_an_alarm_rings_for_its_own_queue(emulated: Emulated) -> None:
    emulated.aws.sqs().send_message(QueueUrl=emulated.outputs["DeadLetters"], MessageBody='{"id": "alarm"}')
    wait_until(lambda: _alarm(emulated, "dead-letters") == "ALARM", what="the alarm over the dead letters rings")
    assert _alarm(emulated, "elsewhere") != "ALARM"


def _alarm(emulated: Emulated, name: str) -> str:
    found = emulated.aws.client("cloudwatch").describe_alarms(AlarmNames=[f"probe-{name}"])
    return str(found["MetricAlarms"][0]["StateValue"])


def _last_task(emulated: Emulated, source: str) -> Any:
    return emulated.aws.sqs().list_message_move_tasks(SourceArn=source)["Results"][0]


def _arn(emulated: Emulated, queue: str) -> str:
    found = emulated.aws.sqs().get_queue_attributes(QueueUrl=emulated.outputs[queue], AttributeNames=["QueueArn"])
    return found["Attributes"]["QueueArn"]
