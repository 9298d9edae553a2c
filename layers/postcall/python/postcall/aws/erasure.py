"""Erasing one event wherever it is kept: its item, its bodies beside it and in the bucket, its analyses, its attempts.

What stays is a skeleton: ids, times and outcomes, so that a repeated webhook does not bring the call back and the
numbers still add up; and the record of the erasure. The messages in the queues carry ids only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.analysis_table import LISTED
from postcall.aws.event_item import listing, write_erasure
from postcall.aws.items import Item
from postcall.aws.transaction import commit, update_if
from postcall.domain.clock import write_time
from postcall.domain.errors import Unavailable
from postcall.domain.event import CallEvent, Erasure
from postcall.domain.event_id import body_id
from postcall.domain.said import said, store_said
from postcall.domain.status import Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client

ERASED = said("event.erased_status")
PERSONAL = frozenset({"payload_key", "revisions", "contact", "reanalysis", *LISTED})  # of an event's item
_PERSONAL = ", ".join(sorted(PERSONAL))


class Eraser:
    """What operations asks of all stores at once. Every step may be repeated."""

    def __init__(
        self, client: DynamoDBClient, bodies: S3Client, *, events: str, analyses: str, dispatches: str, bucket: str
    ) -> None:
        self._client = client
        self._bodies = bodies
        self._events = events
        self._analyses = analyses
        self._dispatches = dispatches
        self._bucket = bucket

    def mark(self, event: CallEvent, erasure: Erasure) -> bool:
        """Empty the event's own item, and take the event off the way for good: nobody is given its bodies any more.

        False, and nothing is done, when it has moved since it was read.
        """
        order = event.open_order
        status = Status.DELIVERED if event.status is Status.DELIVERED else Status.EXCLUDED
        sets, removes, listed = listing(status, delivered=event.delivered_at is not None, attempts=event.attempts)
        values: Item = listed | {
            ":to": status.value,
            ":reason": store_said(ERASED),
            ":now": write_time(erasure.erased_at),
            ":erasure": write_erasure(erasure),
            ":seen": event.status.value,
            ":attempts": event.attempts,
        }
        update = (
            f"SET #status = :to, status_reason = :reason, updated_at = :now, erased_at = :now, erasure = :erasure{sets}"
        )
        condition = "#status = :seen AND attempts = :attempts"
        if event.order is not None:
            update += ", resend_order.is_open = :false, resend_order.reason = :nothing"
            values |= {":false": False, ":nothing": ""}
        if event.closure is not None:
            update += ", closure.reason = :nothing"
            values[":nothing"] = ""
        if order is None:
            condition += " AND (attribute_not_exists(resend_order) OR resend_order.is_open <> :true)"
            values[":true"] = True
        else:
            condition += " AND resend_order.order_id = :order"
            values[":order"] = order.order_id
        update += f" REMOVE {_PERSONAL}, pending, pending_since, lease_expires_at{removes}"
        step = update_if(self._events, {"event_id": event.event_id}, update, condition, values)
        return commit(self._client, [step], what="record.erasure")

    def clear(self, event_id: str) -> tuple[str, ...]:
        """Delete or empty everything beside the event's item; the kinds of what was there.

        Raises:
            Unavailable: DynamoDB or S3 does not answer now.
        """
        try:
            found = {
                "bodies": self._clear_bodies(event_id),
                "analyses": self._clear_analyses(event_id),
                "attempts": self._clear_attempts(event_id),
            }
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.erase_again")) from error
        return tuple(kind for kind, number in found.items() if number)

    def finish(self, event_id: str, kinds: tuple[str, ...]) -> None:
        """Write down that nothing is left, and the kinds of what there was.

        Raises:
            Unavailable: DynamoDB or S3 does not answer now.
        """
        step = update_if(
            self._events,
            {"event_id": event_id},
            "SET erasure.#kinds = :kinds, erasure.complete = :true",
            "attribute_exists(erased_at)",
            {":kinds": list(kinds), ":true": True},
        )
        step["Update"]["ExpressionAttributeNames"] = {"#kinds": "kinds"}
        commit(self._client, [step], what="record.erasure_record")

    def _clear_bodies(self, event_id: str) -> int:
        """The body beside the event, and every object below the event's prefix: a revision that was stored and never
        noted lies there as well.
        """
        key = {"event_id": {"S": body_id(event_id)}}
        beside = self._client.delete_item(TableName=self._events, Key=key, ReturnValues="ALL_OLD").get("Attributes")
        prefix = f"payloads/{quote(event_id, safe='')}/"
        pages = self._bodies.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        names = [each["Key"] for page in pages for each in page.get("Contents", [])]
        for name in names:
            self._bodies.delete_object(Bucket=self._bucket, Key=name)
        return len(names) + bool(beside)

    def _clear_analyses(self, event_id: str) -> int:
        keys = self._keys(self._analyses, event_id, "revision")
        for key in keys:
            self._client.delete_item(TableName=self._analyses, Key=key)
        return len(keys)

    def _clear_attempts(self, event_id: str) -> int:
        keys = self._keys(self._dispatches, event_id, "attempt")
        for key in keys:
            self._empty_attempt(key)
        return len(keys)

    def _empty_attempt(self, key: dict[str, Any]) -> None:
        """Times, outcome and HTTP status stay; what was sent, what came back and what a person wrote go.

        It is marked: a worker that was taken for dead may still come and write what its attempt came to.
        """
        self._client.update_item(
            TableName=self._dispatches,
            Key=key,
            UpdateExpression="SET erased = :true REMOVE payload, answer, detail, warnings, resolution",
            ExpressionAttributeValues={":true": {"BOOL": True}},
            ConditionExpression="attribute_exists(event_id)",
        )

    def _keys(self, table: str, event_id: str, sort_key: str) -> list[dict[str, Any]]:
        pages = self._client.get_paginator("query").paginate(
            TableName=table,
            KeyConditionExpression="event_id = :event_id",
            ExpressionAttributeValues={":event_id": {"S": event_id}},
            ProjectionExpression=f"event_id, {sort_key}",
            ConsistentRead=True,
        )
        return [item for page in pages for item in page["Items"]]
