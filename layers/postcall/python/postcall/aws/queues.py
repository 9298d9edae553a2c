"""Our side of SQS: send a message, make one a dead letter, come back to one later."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from postcall.domain.errors import Unavailable
from postcall.domain.messages import CallAnalyzed, CallReceived, write_message
from postcall.domain.said import Said, said, write_said

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

REASON_CHARACTERS = 256


class Queue:
    """A queue to send to."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, message: CallReceived | CallAnalyzed) -> None:
        """Send one message.

        Raises:
            Unavailable: SQS does not answer now.
        """
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=write_message(message))
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("queue.refuses")) from error

    def dead_letter(self, body: str, *, reason: str) -> None:
        """Put a message among a step's dead letters, with the reason as an attribute.

        Raises:
            Unavailable: SQS does not answer now.
        """
        try:
            self._client.send_message(
                QueueUrl=self._url,
                MessageBody=body,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in _reason(reason).items()
                },
            )
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("queue.dead_letters_refuse")) from error


def _reason(reason: str) -> dict[str, str]:
    """The attributes: `reason` the sentence, `said` its code and parameters as JSON where it has them."""
    attributes = {"reason": reason[:REASON_CHARACTERS] or "-"}
    if isinstance(reason, Said):
        attributes["said"] = json.dumps(write_said(reason), ensure_ascii=False)
    return attributes


def postpone(client: SQSClient, *, queue_url: str, receipt_handle: str, seconds: int) -> None:
    """Show a message again after this many seconds instead of after the queue's own visibility time.

    Then it comes at the queue's own time.

    Raises:
        Unavailable: SQS does not answer now.
    """
    try:
        client.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds)
    except (ClientError, BotoCoreError) as error:
        raise Unavailable(said("queue.wait")) from error


def postpone_all(client: SQSClient, *, queue_url: str, receipt_handles: Sequence[str], seconds: int) -> None:
    """The same for the messages of a batch, ten at most, in one request. Of one that is gone nothing is said.

    Raises:
        Unavailable: SQS does not answer now.
    """
    messages = [
        {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": seconds}
        for number, handle in enumerate(receipt_handles)
    ]
    try:
        client.change_message_visibility_batch(QueueUrl=queue_url, Entries=messages)  # type: ignore[arg-type]
    except (ClientError, BotoCoreError) as error:
        raise Unavailable(said("queue.wait")) from error
