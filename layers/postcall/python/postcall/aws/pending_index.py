"""The sparse index `pending`: events that somebody still has to move, or to tell of, the longest standing first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.conditional import update_item_if
from postcall.aws.event_item import STALLED, UNESCALATED, pending_key, pending_keys
from postcall.aws.items import Item
from postcall.domain.clock import write_time
from postcall.domain.errors import Unavailable
from postcall.domain.event import CallEvent
from postcall.domain.said import said, store_said
from postcall.domain.status import Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class PendingIndex:
    """What the sweep reads and writes, and where dispatch notes that a person was told."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def pending_since(self, moment: datetime, *, limit: int) -> list[str]:
        """The ids of the events that have not moved since before `moment`, the longest standing first."""
        return self._query(pending_keys(), limit=limit, before=moment)

    def abandoned(self, *, limit: int) -> list[str]:
        """The ids of the events that the sweep has abandoned to a person, the longest standing first."""
        return self._query([STALLED], limit=limit)

    def unescalated(self, moment: datetime | None = None, *, limit: int) -> list[str]:
        """The ids of the events that wait for a person (since before `moment`), where nobody noted that one was."""
        return self._query([UNESCALATED], limit=limit, before=moment)

    def moving(self, *, limit: int | None = None) -> list[str]:
        """The ids of the events that are under way, the stalled ones too, those that came to stand last first.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        found = [entry for key in (*pending_keys(), STALLED) for entry in self._entries(key, limit=limit, newest=True)]
        return [event_id for _, event_id in sorted(found, reverse=True)[:limit]]

    def _query(self, keys: Sequence[str], *, limit: int, before: datetime | None = None) -> list[str]:
        found = [entry for key in keys for entry in self._entries(key, limit=limit, before=before)]
        return [event_id for _, event_id in sorted(found)[:limit]]

    def _entries(
        self, key: str, *, limit: int | None, before: datetime | None = None, newest: bool = False
    ) -> list[tuple[str, str]]:
        """Times and ids of a partition, at most so many."""
        condition, values = "pending = :pending", {":pending": {"S": key}}
        if before is not None:
            condition += " AND pending_since < :moment"
            values[":moment"] = {"S": write_time(before)}
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="pending",
            KeyConditionExpression=condition,
            ExpressionAttributeValues=values,
            ScanIndexForward=not newest,
            PaginationConfig={} if limit is None else {"MaxItems": limit},
        )
        try:
            return [(item["pending_since"]["S"], item["event_id"]["S"]) for page in pages for item in page["Items"]]
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.pending_unread")) from error

    def record_sweep(self, event: CallEvent, *, now: datetime, stalled: bool) -> bool:
        """Count a sweep and start the wait anew, or abandon the event as stalled; False when it moved meanwhile."""
        return self._update(
            event.event_id,
            "SET pending_since = :now, pending = :pending ADD sweeps :one",
            "#status = :status AND attempts = :attempts AND pending_since = :since",
            {
                ":now": write_time(now),
                ":pending": STALLED if stalled else pending_key(event.event_id),
                ":one": 1,
                ":status": event.status.value,
                ":attempts": event.attempts,
                ":since": write_time(event.pending_since or now),
            },
            {"#status": "status"},
        )

    def abandon(self, event_id: str, *, reason: str, now: datetime) -> bool:
        """Leave an event that is under way to a person at once, with the reason; False when it is not.

        One that is being sent stays under way: another message of it is served, and the sweep looks after its lease.
        """
        return self._update(
            event_id,
            "SET pending = :stalled, pending_since = :now, status_reason = :reason",
            "pending = :pending AND #status <> :sending",
            {
                ":stalled": STALLED,
                ":now": write_time(now),
                ":reason": store_said(reason),
                ":pending": pending_key(event_id),
                ":sending": Status.SENDING.value,
            },
            {"#status": "status"},
        )

    def mark_escalated(self, event_id: str, *, attempts: int) -> bool:
        """A person was told what the newest attempt came to; False when the event has moved, or needs no notice."""
        return self._update(
            event_id,
            "REMOVE pending, pending_since",
            "attempts = :attempts AND pending = :unescalated",
            {":attempts": attempts, ":unescalated": UNESCALATED},
        )

    def note_retry(self, event_id: str, *, at: datetime, receives: int) -> bool:
        """When the message of an event that is retrying comes again; False when the event has moved."""
        return self._update(
            event_id,
            "SET retry_at = :at, receives = :receives",
            "#status = :retrying",
            {":at": write_time(at), ":receives": receives, ":retrying": Status.RETRYING.value},
            {"#status": "status"},
        )

    def _update(
        self, event_id: str, update: str, condition: str, values: Item, names: dict[str, str] | None = None
    ) -> bool:
        """False when the condition does not hold."""
        write, key = self._client.update_item, {"event_id": event_id}
        what = "store.event_unchanged"
        return update_item_if(
            write, self._table, key, update, condition=condition, values=values, what=what, names=names
        )
