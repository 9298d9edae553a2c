"""Lists of events, newest first, from the indexes: by status, or by day. Never a scan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.cursor import NOT_OURS, cursor_day, read_cursor, write_cursor
from postcall.aws.event_table import read_event
from postcall.aws.items import from_item
from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.event import CallEvent
from postcall.domain.said import said
from postcall.domain.status import Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

DAYS_A_REQUEST = 40  # empty days cost a query each; beyond this many the page ends and its cursor goes on
READ_FOR_ONE_AGENT = 500  # no index is by agent: a page reads so many of all events, and its cursor goes on


@dataclass(frozen=True)
class Page:
    """Some events, newest first; `cursor` leads to the next page and is None on the last."""

    events: tuple[CallEvent, ...]
    cursor: str | None


class EventLists:
    """What the list of calls is read from, for one agent if `agent_id` is given: then a page may be short or empty."""

    def __init__(self, client: DynamoDBClient, table: str, *, ttl_days: int, agent_id: str | None = None) -> None:
        self._client = client
        self._table = table
        self._ttl_days = ttl_days
        self._agent_id = agent_id

    def by_status(self, status: Status, *, limit: int, cursor: str | None, only: date | None = None) -> Page:
        """The events that stand at one status, of one day only if given. Raises `Rejected` for a foreign cursor."""
        start = read_cursor(cursor, partition="status", entry="event_id")
        if start is not None and (len(start) == 1 or start["status"]["S"] != status.value):
            raise Rejected(NOT_OURS)
        events, last = self._query("by_status", "status", status.value, limit=limit, start=start, only=only)
        return Page(tuple(events), None if last is None else write_cursor(last))

    def by_day(self, *, now: datetime, limit: int, cursor: str | None, only: date | None = None) -> Page:
        """All events, from today back to the oldest that can still be there, or those of one day only."""
        start = read_cursor(cursor, partition="day", entry="event_id")
        day = only or now.date()
        if start is not None:
            day = cursor_day(start)
        oldest = only or now.date() - timedelta(days=self._ttl_days + 1)
        found: list[CallEvent] = []
        for _ in range(DAYS_A_REQUEST):
            key = start if start is not None and len(start) > 1 else None
            events, last = self._query("by_day", "day", day.isoformat(), limit=limit - len(found), start=key)
            found += events
            if last is not None:
                return Page(tuple(found), write_cursor(last))
            start = None
            day -= timedelta(days=1)
            if day < oldest:
                return Page(tuple(found), None)
            if len(found) >= limit:
                break
        return Page(tuple(found), write_cursor({"day": {"S": day.isoformat()}}))

    def _query(
        self,
        index: str,
        key: str,
        value: str,
        *,
        limit: int,
        start: dict[str, Any] | None,
        only: date | None = None,
    ) -> tuple[list[CallEvent], dict[str, Any] | None]:
        more: dict[str, Any] = {} if start is None else {"ExclusiveStartKey": start}
        condition, values = "#key = :value", {":value": {"S": value}}
        if only is not None:
            condition += " AND begins_with(received_at, :day)"
            values[":day"] = {"S": only.isoformat()}
        if self._agent_id is not None:
            more["FilterExpression"] = "agent_id = :agent"
            values[":agent"] = {"S": self._agent_id}
        try:
            answer = self._client.query(
                TableName=self._table,
                IndexName=index,
                KeyConditionExpression=condition,
                ExpressionAttributeNames={"#key": key},
                ExpressionAttributeValues=values,
                ScanIndexForward=False,
                Limit=limit if self._agent_id is None else READ_FOR_ONE_AGENT,
                **more,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationException" and start is not None:
                raise Rejected(NOT_OURS) from error
            raise Unavailable(said("store.list_unread")) from error
        except BotoCoreError as error:
            raise Unavailable(said("store.list_unread")) from error
        items, last = answer["Items"], answer.get("LastEvaluatedKey")
        if len(items) > limit:
            items = items[:limit]
            last = {name: items[-1][name] for name in ("event_id", key, "received_at")}
        return [read_event(from_item(item)) for item in items], last
