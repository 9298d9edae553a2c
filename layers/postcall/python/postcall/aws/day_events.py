"""All events of some days as the numbers of the days need them: a few attributes each, from the index alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from postcall.domain.clock import read_time, write_time
from postcall.domain.errors import Unavailable
from postcall.domain.said import said
from postcall.domain.status import Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MOST_PAGES = 40  # of a megabyte each, roughly 60 000 events: more do not fit an answer's patience


@dataclass(frozen=True)
class DayRow:
    """What one event adds to the numbers of its day."""

    status: Status
    received_at: datetime
    delivered_at: datetime | None = None
    agent_id: str | None = None
    agent_name: str | None = None
    topic: str | None = None


@dataclass(frozen=True)
class DayEvents:
    """The rows; `complete` is False when there are more events than were read."""

    rows: tuple[DayRow, ...]
    complete: bool


def events_between(client: DynamoDBClient, table: str, begin: datetime, end: datetime) -> DayEvents:
    """What came from `begin` until before `end`, from the index `by_day`.

    Raises:
        Unavailable: DynamoDB does not answer now.
    """
    rows: list[DayRow] = []
    read = 0
    try:
        for day in _days(begin, end):
            for page in _pages(client, table, day, begin, end):
                rows += [_row(item) for item in page["Items"]]
                read += bool(page["Items"])
                if read == MOST_PAGES:
                    return DayEvents(tuple(rows), complete=False)
    except (ClientError, BotoCoreError) as error:
        raise Unavailable(said("store.day_unread")) from error
    return DayEvents(tuple(rows), complete=True)


def _days(begin: datetime, end: datetime) -> Iterator[date]:
    """The UTC days, which the index is parted by, that a time touches."""
    day, last = begin.astimezone(UTC).date(), (end.astimezone(UTC) - timedelta(milliseconds=1)).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def _pages(client: DynamoDBClient, table: str, day: date, begin: datetime, end: datetime) -> Iterator[dict[str, Any]]:
    until = end - timedelta(milliseconds=1)  # the times' own grain: `BETWEEN` holds both ends
    yield from client.get_paginator("query").paginate(  # type: ignore[misc]  # a TypedDict is a dict
        TableName=table,
        IndexName="by_day",
        KeyConditionExpression="#day = :day AND received_at BETWEEN :begin AND :until",
        ExpressionAttributeNames={"#day": "day", "#status": "status"},
        ExpressionAttributeValues={
            ":day": {"S": day.isoformat()},
            ":begin": {"S": write_time(begin)},
            ":until": {"S": write_time(until)},
        },
        ProjectionExpression="#status, received_at, delivered_at, agent_id, agent_name, topic",
    )


def _row(item: dict[str, Any]) -> DayRow:
    """Every attribute asked for is a text or missing: read at once, a month has ten thousand rows."""
    texts = {name: value.get("S") for name, value in item.items()}
    delivered = texts.get("delivered_at")
    return DayRow(
        Status(texts["status"]),
        read_time(texts["received_at"]),
        read_time(delivered) if delivered else None,
        texts.get("agent_id"),
        texts.get("agent_name"),
        texts.get("topic"),
    )
