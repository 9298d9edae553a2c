"""Lists of events, newest first, from the indexes: by status, or by day. Never a scan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.cursor import NOT_OURS, cursor_day, read_cursor, write_cursor
from postcall.aws.event_item import read_event
from postcall.aws.items import Item, from_item, to_attribute
from postcall.domain.clock import write_time
from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.event import CallEvent
from postcall.domain.event_id import api_event_id
from postcall.domain.said import said
from postcall.domain.status import Status
from postcall.domain.zone import bounds

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

DAYS_A_REQUEST = 40  # empty days cost a query each; beyond this many the page ends and its cursor goes on
READ_TO_FILTER = 500  # no index is by agent, topic or quality: a page reads so many of all, and its cursor goes on
MOST_QUERIES = 60  # of a megabyte each, roughly 90 000 events: a search looks no further
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Page:
    """Some events, newest first; `cursor` leads to the next page and is None on the last."""

    events: tuple[CallEvent, ...]
    cursor: str | None


@dataclass(frozen=True)
class Filters:
    """Which events a list is of. `since` belongs to it, `until` does not. With any of the rest a page may be short."""

    agent_id: str | None = None
    topic: str | None = None
    quality: int | None = None  # at least
    since: datetime = FIRST
    until: datetime = LAST

    def expression(self) -> tuple[str, Item]:
        """The filter in DynamoDB's words, with its values."""
        parts = {
            "agent_id = :agent": (":agent", self.agent_id),
            "topic = :topic": (":topic", self.topic),
            "quality_score >= :quality": (":quality", self.quality),
        }
        asked = {text: pair for text, pair in parts.items() if pair[1] is not None}
        return " AND ".join(asked), dict(asked.values())


def of_day(day: date, zone: tzinfo) -> Filters:
    """Everything of one day of a zone."""
    begin, end = bounds(day, zone)
    return Filters(since=begin, until=end)


class EventLists:
    """What the list of calls and the search are read from."""

    def __init__(self, client: DynamoDBClient, table: str, *, ttl_days: int) -> None:
        self._client = client
        self._table = table
        self._ttl_days = ttl_days

    def by_status(self, status: Status, *, limit: int, cursor: str | None, filters: Filters) -> Page:
        """The events that stand at one status.

        Raises:
            Rejected: For a cursor of another list.
            Unavailable: DynamoDB does not answer now.
        """
        start = read_cursor(cursor, partition="status", entry="event_id")
        if start is not None and (len(start) == 1 or start["status"]["S"] != status.value):
            raise Rejected(NOT_OURS)
        items, last = self._page("status", status.value, filters, limit=limit, start=start)
        return Page(_events(items), None if last is None else write_cursor(last))

    def by_day(self, *, now: datetime, limit: int, cursor: str | None, filters: Filters) -> Page:
        """Events of every status, back to the oldest that can still be there. Raises as `by_status`."""
        start = read_cursor(cursor, partition="day", entry="event_id")
        newest = min(now, filters.until - timedelta(microseconds=1)).astimezone(UTC).date()
        oldest = max(now - timedelta(days=self._ttl_days + 1), filters.since).astimezone(UTC).date()
        day = newest if start is None else cursor_day(start)
        found: list[Item] = []
        for _ in range(DAYS_A_REQUEST):
            if day < oldest:
                return Page(_events(found), None)
            key = start if start is not None and len(start) > 1 else None
            items, last = self._page("day", day.isoformat(), filters, limit=limit - len(found), start=key)
            found += items
            if last is not None:
                return Page(_events(found), write_cursor(last))
            start = None
            day -= timedelta(days=1)
            if len(found) >= limit:
                break
        return Page(_events(found), write_cursor({"day": {"S": day.isoformat()}}) if day >= oldest else None)

    def named(self, name_keys: list[str], *, limit: int) -> list[CallEvent]:
        """The newest events whose name holds every one of these words' keys.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        condition = " AND ".join(f"contains(name_keys, :name{n})" for n in range(len(name_keys)))
        return self._everywhere(condition, {f":name{n}": key for n, key in enumerate(name_keys)}, limit=limit)

    def beginning_with(self, event_id: str, *, limit: int) -> list[CallEvent]:
        """The newest events whose id begins so.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        heads = {":head": event_id, ":own": api_event_id(event_id)}
        condition = " OR ".join(f"begins_with(event_id, {head})" for head in heads)
        return self._everywhere(condition, heads, limit=limit)

    def _everywhere(self, condition: str, values: Item, *, limit: int) -> list[CallEvent]:
        """Every status's events that meet a condition, newest first."""
        found: list[Item] = []
        left = MOST_QUERIES
        for status in Status:
            of_status = 0
            start = None
            while left > 0 and of_status < limit:
                left -= 1
                arguments = {"FilterExpression": condition} | ({"ExclusiveStartKey": start} if start else {})
                items, start = self._query("status", status.value, Filters(), values, **arguments)
                of_status += len(items)
                found += items
                if start is None:
                    break
        found.sort(key=lambda item: str(item["received_at"]), reverse=True)
        return list(_events(found[:limit]))

    def _page(
        self, key: str, value: str, filters: Filters, *, limit: int, start: dict[str, Any] | None
    ) -> tuple[list[Item], dict[str, Any] | None]:
        """At most so many items of a partition, and where the next page begins."""
        condition, values = filters.expression()
        arguments: dict[str, Any] = {"Limit": READ_TO_FILTER if condition else limit}
        if condition:
            arguments["FilterExpression"] = condition
        if start is not None:
            arguments["ExclusiveStartKey"] = start
        items, last = self._query(key, value, filters, values, **arguments)
        if len(items) > limit:
            items = items[:limit]
            last = {name: to_attribute(items[-1][name]) for name in ("event_id", key, "received_at")}
        return items, last

    def _query(
        self,
        key: str,
        value: str,
        filters: Filters,
        values: Item,
        **arguments: Any,  # noqa: ANN401 — the client's own
    ) -> tuple[list[Item], dict[str, Any] | None]:
        until = filters.until - timedelta(milliseconds=1)  # the times' own grain: `BETWEEN` holds both ends
        between = {":value": value, ":since": write_time(filters.since), ":until": write_time(until)}
        try:
            answer = self._client.query(
                TableName=self._table,
                IndexName=f"by_{key}",
                KeyConditionExpression="#key = :value AND received_at BETWEEN :since AND :until",
                ExpressionAttributeNames={"#key": key},
                ExpressionAttributeValues={name: to_attribute(each) for name, each in (values | between).items()},
                ScanIndexForward=False,
                **arguments,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationException" and "ExclusiveStartKey" in arguments:
                raise Rejected(NOT_OURS) from error
            raise Unavailable(said("store.list_unread")) from error
        except BotoCoreError as error:
            raise Unavailable(said("store.list_unread")) from error
        return [from_item(item) for item in answer["Items"]], answer.get("LastEvaluatedKey")


def _events(items: list[Item]) -> tuple[CallEvent, ...]:
    return tuple(read_event(item) for item in items)
