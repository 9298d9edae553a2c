"""What still lies below an event that was erased: nothing should, and a restored table brings all of it back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.erasure import PERSONAL
from postcall.domain.errors import Unavailable
from postcall.domain.event_id import body_id
from postcall.domain.said import said

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client


class ErasureCheck:
    """Reads only."""

    def __init__(
        self, client: DynamoDBClient, bodies: S3Client, *, events: str, analyses: str, dispatches: str, bucket: str
    ) -> None:
        self._client = client
        self._bodies = bodies
        self._events = events
        self._analyses = analyses
        self._dispatches = dispatches
        self._bucket = bucket

    def remains(self, event_id: str) -> tuple[str, ...]:
        """The kinds of what is left: `event`, `bodies`, `analyses`, `attempts`.

        Raises:
            Unavailable: DynamoDB or S3 does not answer now.
        """
        look = {
            "event": self._event,
            "bodies": self._has_bodies,
            "analyses": self._has_analyses,
            "attempts": self._has_attempts,
        }
        try:
            return tuple(kind for kind, is_left in look.items() if is_left(event_id))
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.erasures_unread")) from error

    def _event(self, event_id: str) -> bool:
        """Its item is there and not erased, or holds again what an erasure takes away."""
        key = {"event_id": {"S": event_id}}
        item = self._client.get_item(TableName=self._events, Key=key, ConsistentRead=True).get("Item")
        return item is not None and ("erased_at" not in item or bool(PERSONAL & item.keys()))

    def _has_bodies(self, event_id: str) -> bool:
        """Beside the event, or in the bucket with anything in it: one that came too late was emptied."""
        key = {"event_id": {"S": body_id(event_id)}}
        if "Item" in self._client.get_item(TableName=self._events, Key=key, ConsistentRead=True):
            return True
        prefix = f"payloads/{quote(event_id, safe='')}/"
        pages = self._bodies.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        return any(each["Size"] for page in pages for each in page.get("Contents", []))

    def _has_analyses(self, event_id: str) -> bool:
        return self._found(self._analyses, event_id)

    def _has_attempts(self, event_id: str) -> bool:
        """An attempt that was emptied keeps its times and its outcome."""
        filled = "attribute_exists(payload) OR attribute_exists(answer) OR attribute_exists(detail)"
        return self._found(self._dispatches, event_id, FilterExpression=filled)

    def _found(self, table: str, event_id: str, **more: str) -> bool:
        pages = self._client.get_paginator("query").paginate(
            TableName=table,
            KeyConditionExpression="event_id = :event_id",
            ExpressionAttributeValues={":event_id": {"S": event_id}},
            Select="COUNT",
            ConsistentRead=True,
            **more,  # type: ignore[arg-type]  # the client's own members
        )
        return any(page["Count"] for page in pages)
