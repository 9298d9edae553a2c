"""A step's queue and its dead letters: how many wait, which are dead letters and why, and SQS's own move back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from functions.operations.usecases import Conflict
from postcall.domain.errors import Unavailable
from postcall.domain.json_object import as_object
from postcall.domain.said import Said, read_said, said

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import MessageTypeDef

LOOKS = 5  # SQS hands out at most ten messages a look, and not always the same
MOVES = 50  # looks for those of one cause: at most so many times ten messages a request
HIDDEN_SECONDS = 30  # for so long a look for one cause keeps the others from being seen twice
TRIES = "tries"  # the cause of what SQS itself put there after too many tries
_CONFLICTS = {"UnsupportedOperation", "AWS.SimpleQueueService.UnsupportedOperation"}


@dataclass(frozen=True)
class DeadLetter:
    """A message among the dead letters. `reason` is None where SQS itself moved it there after too many tries."""

    event_id: str | None
    reason: str | None
    sent_at: datetime | None = None

    @property
    def cause(self) -> str:
        """What the dead letters of the same reason have in common."""
        return self.reason.code if isinstance(self.reason, Said) else self.reason or TRIES


class WorkQueue:
    """One step's queue."""

    def __init__(self, client: SQSClient, *, url: str, dead_letters_url: str) -> None:
        self._client = client
        self._url = url
        self._dead_letters_url = dead_letters_url

    def depths(self) -> dict[str, int]:
        """`waiting`, `in_flight` and `dead_letters`, all approximate; a dead letter being looked at counts as one.

        Raises:
            Unavailable: SQS does not answer now.
        """
        queue, dead = self._attributes(self._url), self._attributes(self._dead_letters_url)
        return {
            "waiting": int(queue["ApproximateNumberOfMessages"]),
            "in_flight": int(queue["ApproximateNumberOfMessagesNotVisible"]),
            "dead_letters": int(dead["ApproximateNumberOfMessages"])
            + int(dead["ApproximateNumberOfMessagesNotVisible"]),
        }

    def max_receives(self) -> int | None:
        """How often a message is received before it is a dead letter; None where nobody says.

        Raises:
            Unavailable: SQS does not answer now.
        """
        policy = self._attributes(self._url).get("RedrivePolicy")
        return None if policy is None else int(json.loads(policy)["maxReceiveCount"])

    def look(self) -> list[DeadLetter]:
        """Some of the dead letters, without hiding them from anybody: at most fifty.

        Raises:
            Unavailable: SQS does not answer now.
        """
        seen: dict[str, DeadLetter] = {}
        for _ in range(LOOKS):
            messages = self._receive(hidden_seconds=0)
            if all(message["MessageId"] in seen for message in messages):
                break
            seen |= {message["MessageId"]: _dead_letter(message) for message in messages}
        return list(seen.values())

    def redrive(self) -> str:
        """Move every dead letter back to its queue; the task's handle.

        The destination is named: dispatch makes dead letters itself, and those know no queue they came from.

        Raises:
            Conflict: While one is under way.
            Unavailable: SQS does not answer now.
        """
        source = self._attributes(self._dead_letters_url)["QueueArn"]
        destination = self._attributes(self._url)["QueueArn"]
        try:
            answer = self._client.start_message_move_task(SourceArn=source, DestinationArn=destination)
        except ClientError as error:
            if error.response["Error"]["Code"] in _CONFLICTS:
                raise Conflict(said("queue.redrive_under_way")) from error
            raise Unavailable(said("queue.move")) from error
        except BotoCoreError as error:
            raise Unavailable(said("queue.move")) from error
        return answer["TaskHandle"]

    def redrive_cause(self, cause: str) -> int:
        """Send back those of one cause; how many.

        Sent before it is deleted: what happens twice does no harm, each step looks at the event first.

        Raises:
            Unavailable: SQS does not answer now.
        """
        moved = 0
        for _ in range(MOVES):
            messages = self._receive(hidden_seconds=HIDDEN_SECONDS)
            if not messages:
                break
            for message in messages:
                if _dead_letter(message).cause == cause:
                    self._move(message)
                    moved += 1
        return moved

    def _move(self, message: MessageTypeDef) -> None:
        try:
            self._client.send_message(QueueUrl=self._url, MessageBody=message["Body"])
            self._client.delete_message(QueueUrl=self._dead_letters_url, ReceiptHandle=message["ReceiptHandle"])
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("queue.move")) from error

    def _receive(self, *, hidden_seconds: int) -> list[MessageTypeDef]:
        try:
            answer = self._client.receive_message(
                QueueUrl=self._dead_letters_url,
                MaxNumberOfMessages=10,
                VisibilityTimeout=hidden_seconds,
                MessageAttributeNames=["reason", "said"],
                MessageSystemAttributeNames=["SentTimestamp"],
            )
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("queue.dead_letters_unread")) from error
        return answer.get("Messages", [])

    def _attributes(self, url: str) -> dict[str, str]:
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "QueueArn", "RedrivePolicy")
        try:
            answer = self._client.get_queue_attributes(QueueUrl=url, AttributeNames=list(names))  # type: ignore[arg-type]  # literals
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("queue.unread")) from error
        return {str(name): value for name, value in answer["Attributes"].items()}


def _dead_letter(message: MessageTypeDef) -> DeadLetter:
    try:
        members: Any = json.loads(message["Body"])
    except (ValueError, RecursionError):
        members = None
    event_id = as_object(members).get("event_id")
    attributes: dict[str, Any] = message.get("MessageAttributes") or {}
    sent = (message.get("Attributes") or {}).get("SentTimestamp")
    return DeadLetter(
        event_id if isinstance(event_id, str) else None,
        _reason(attributes),
        None if sent is None else datetime.fromtimestamp(int(sent) / 1000, UTC),
    )


def _reason(attributes: dict[str, Any]) -> str | None:
    texts = {name: attribute.get("StringValue") for name, attribute in attributes.items()}
    coded: str | None = read_said(json.loads(texts["said"])) if texts.get("said") else None
    return coded or texts.get("reason")
