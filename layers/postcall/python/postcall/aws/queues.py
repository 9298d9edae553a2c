"""Our side of SQS: send a message, put one aside in the dead letters, come back to one later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from postcall.domain.errors import Unavailable
from postcall.domain.messages import CallAnalyzed, CallReceived, write_message

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient


class Queue:
    """A queue to send to."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def send(self, message: CallReceived | CallAnalyzed) -> None:
        """Send one message. Raises `Unavailable`."""
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=write_message(message))
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("The queue does not take messages.") from error

    def park(self, body: str, *, reason: str) -> None:
        """Put a message aside with the reason as an attribute: the dead letters of a step. Raises `Unavailable`."""
        try:
            self._client.send_message(
                QueueUrl=self._url,
                MessageBody=body,
                MessageAttributes={"reason": {"DataType": "String", "StringValue": reason[:256] or "-"}},
            )
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("The dead letters do not take messages.") from error


def postpone(client: SQSClient, *, queue_url: str, receipt_handle: str, seconds: int) -> None:
    """Show a message again after this many seconds instead of after the queue's own visibility time.

    Raises `Unavailable`; then it comes at the queue's own time.
    """
    try:
        client.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds)
    except (ClientError, BotoCoreError) as error:
        raise Unavailable("The queue does not change the message's wait.") from error
