"""The sparse index `pending`: events that somebody still has to move, the longest standing first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.event_table import CONDITION_FAILED
from postcall.domain.clock import write_time
from postcall.domain.errors import Unavailable
from postcall.domain.event import CallEvent

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

PENDING = "1"
STUCK = "stuck"


class PendingIndex:
    """What the sweep reads and writes."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def standing_since(self, moment: datetime, *, limit: int) -> list[str]:
        """The ids of the events that have not moved since before `moment`, the longest standing first."""
        try:
            answer = self._client.query(
                TableName=self._table,
                IndexName="pending",
                KeyConditionExpression="pending = :pending AND pending_since < :moment",
                ExpressionAttributeValues={":pending": {"S": PENDING}, ":moment": {"S": write_time(moment)}},
                Limit=limit,
            )
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("The pending events cannot be read.") from error
        return [item["event_id"]["S"] for item in answer["Items"]]

    def given_up(self, *, limit: int) -> list[str]:
        """The ids of the events that the sweep has given up to a person, the longest standing first."""
        try:
            answer = self._client.query(
                TableName=self._table,
                IndexName="pending",
                KeyConditionExpression="pending = :stuck",
                ExpressionAttributeValues={":stuck": {"S": STUCK}},
                Limit=limit,
            )
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("The pending events cannot be read.") from error
        return [item["event_id"]["S"] for item in answer["Items"]]

    def note_sweep(self, event: CallEvent, *, now: datetime, stuck: bool) -> bool:
        """Count a sweep and start the wait anew, or give the event up as stuck; False when it moved meanwhile."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key={"event_id": {"S": event.event_id}},
                UpdateExpression="SET pending_since = :now, pending = :pending ADD sweeps :one",
                ConditionExpression="#status = :status AND attempts = :attempts AND pending_since = :since",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues={
                    ":now": {"S": write_time(now)},
                    ":pending": {"S": STUCK if stuck else PENDING},
                    ":one": {"N": "1"},
                    ":status": {"S": event.status.value},
                    ":attempts": {"N": str(event.attempts)},
                    ":since": {"S": write_time(event.pending_since or now)},
                },
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == CONDITION_FAILED:
                return False
            raise Unavailable("The event cannot be changed.") from error
        except BotoCoreError as error:
            raise Unavailable("The event cannot be changed.") from error
        return True
