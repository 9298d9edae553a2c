"""One contract for the queues: the in-memory fake and SQS (moto's) answer the same to the same calls."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import pytest

from postcall.aws import clients
from postcall.aws.queues import Queue, postpone, postpone_all
from postcall.domain.messages import CallAnalyzed, CallReceived, read_call_analyzed
from tests.support.aws import local_aws
from tests.support.fakes.clock import HandClock
from tests.support.fakes.sqs import MemorySqs, Received

MAX_RECEIVES = 2


class AnyQueue(Protocol):
    """What the contract asks of either."""

    def send(self, message: CallReceived | CallAnalyzed) -> None: ...
    def dead_letter(self, body: str, *, reason: str) -> None: ...
    def receive(self) -> Received | None: ...
    def delete(self, receipt: str) -> None: ...
    def postpone(self, receipt: str, *, seconds: int) -> None: ...
    def postpone_all(self, receipts: Sequence[str], *, seconds: int) -> None: ...
    def purge(self) -> None: ...


class SqsQueue(Queue):
    """Our adapter, with the other side of the queue that Lambda has."""

    def __init__(self, url: str) -> None:
        self._sqs: Any = clients.sqs()
        super().__init__(self._sqs, url)

    def receive(self) -> Received | None:
        answer = self._sqs.receive_message(
            QueueUrl=self._url, AttributeNames=["All"], MessageAttributeNames=["All"], WaitTimeSeconds=0
        )
        for message in answer.get("Messages", []):
            report = {name: value["StringValue"] for name, value in message.get("MessageAttributes", {}).items()}
            receives = int(message["Attributes"]["ApproximateReceiveCount"])
            return Received(message["Body"], message["ReceiptHandle"], receives, report)
        return None

    def delete(self, receipt: str) -> None:
        self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=receipt)

    def postpone(self, receipt: str, *, seconds: int) -> None:
        postpone(self._sqs, queue_url=self._url, receipt_handle=receipt, seconds=seconds)

    def postpone_all(self, receipts: Sequence[str], *, seconds: int) -> None:
        postpone_all(self._sqs, queue_url=self._url, receipt_handles=receipts, seconds=seconds)

    def purge(self) -> None:
        self._sqs.purge_queue(QueueUrl=self._url)


@dataclass(frozen=True)
class Queues:
    work: AnyQueue
    dead: AnyQueue


@pytest.fixture(params=["memory", "sqs"])
def queues(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queues]:
    if request.param == "memory":
        clock, visibility = HandClock(), timedelta(seconds=300)
        dead = MemorySqs(clock, visibility=visibility)
        yield Queues(MemorySqs(clock, visibility=visibility, max_receives=MAX_RECEIVES, dead_letters=dead), dead)
        return
    with local_aws(monkeypatch) as aws:
        sqs: Any = clients.sqs()
        arn = sqs.get_queue_attributes(QueueUrl=aws.dispatch_dead_letters, AttributeNames=["QueueArn"])["Attributes"]
        policy = {"deadLetterTargetArn": arn["QueueArn"], "maxReceiveCount": MAX_RECEIVES}
        attributes = {"VisibilityTimeout": "300", "RedrivePolicy": json.dumps(policy)}
        sqs.set_queue_attributes(QueueUrl=aws.dispatch_queue, Attributes=attributes)
        yield Queues(SqsQueue(aws.dispatch_queue), SqsQueue(aws.dispatch_dead_letters))


def taken(queue: AnyQueue) -> Received:
    received = queue.receive()
    assert received is not None
    return received


def test_a_message_is_received_as_it_was_sent_and_hidden_then(queues: Queues) -> None:
    queues.work.send(CallAnalyzed("conv_1", order_id="o1"))
    received = taken(queues.work)
    assert read_call_analyzed(received.body) == CallAnalyzed("conv_1", order_id="o1")
    assert received.receives == 1
    assert queues.work.receive() is None


def test_a_deleted_message_is_gone(queues: Queues) -> None:
    queues.work.send(CallAnalyzed("conv_1"))
    received = taken(queues.work)
    queues.work.delete(received.receipt)
    assert queues.work.receive() is None


def test_a_message_shown_again_counts_its_receives_and_has_a_new_receipt(queues: Queues) -> None:
    queues.work.send(CallAnalyzed("conv_1"))
    first = taken(queues.work)
    queues.work.postpone(first.receipt, seconds=0)
    second = taken(queues.work)
    assert (second.body, second.receives) == (first.body, 2)
    assert second.receipt != first.receipt


def test_a_postponed_message_stays_hidden(queues: Queues) -> None:
    queues.work.send(CallAnalyzed("conv_1"))
    queues.work.postpone(taken(queues.work).receipt, seconds=600)
    assert queues.work.receive() is None


def test_a_batch_is_postponed_together_and_what_is_gone_of_it_does_not_matter(queues: Queues) -> None:
    for name in ("conv_1", "conv_2", "conv_3"):
        queues.work.send(CallAnalyzed(name))
    first, second, third = (taken(queues.work) for _ in range(3))
    queues.work.delete(second.receipt)
    queues.work.postpone_all([first.receipt, second.receipt, third.receipt], seconds=0)
    again = {read_call_analyzed(taken(queues.work).body).event_id for _ in range(2)}
    assert again == {"conv_1", "conv_3"}
    assert queues.work.receive() is None


def test_a_message_received_too_often_lies_among_the_dead_letters(queues: Queues) -> None:
    queues.work.send(CallAnalyzed("conv_1"))
    for _ in range(MAX_RECEIVES):
        queues.work.postpone(taken(queues.work).receipt, seconds=0)
    assert queues.work.receive() is None
    assert read_call_analyzed(taken(queues.dead).body) == CallAnalyzed("conv_1")


def test_a_dead_letter_carries_its_reason(queues: Queues) -> None:
    queues.dead.dead_letter('{"event_id": "conv_1"}', reason="It waits for a person.")
    assert taken(queues.dead).attributes == {"reason": "It waits for a person."}


def test_a_purge_forgets_everything(queues: Queues) -> None:
    queues.work.send(CallAnalyzed("conv_1"))
    queues.work.send(CallAnalyzed("conv_2"))
    queues.work.purge()
    assert queues.work.receive() is None
