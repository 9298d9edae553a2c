"""All events of some days as the numbers of the days need them: a few attributes each, from the index alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.batch_read import read_many
from postcall.aws.event_item import day_keys, is_passing
from postcall.domain.clock import read_time, write_time
from postcall.domain.errors import Unavailable
from postcall.domain.said import said
from postcall.domain.status import Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MOST_PASSING = 2_000  # are looked up where they stand
MOST_PAGES = 40  # of a megabyte each, roughly 60 000 events: more do not fit an answer's time

Texts = dict[str, str | None]


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


def events_between(
    client: DynamoDBClient, table: str, begin: datetime, end: datetime, *, day_partitions: int = 1
) -> DayEvents:
    """What came from `begin` until before `end`, from the index `by_day`.

    Raises:
        Unavailable: DynamoDB does not answer now.
    """
    texts: list[Texts] = []
    complete = True
    read = 0
    try:
        keys = (key for day in _days(begin, end) for key in day_keys(day, day_partitions))
        for page in (page for key in keys for page in _pages(client, table, key, begin, end)):
            texts += [{name: value.get("S") for name, value in item.items()} for item in page["Items"]]
            read += bool(page["Items"])
            if read == MOST_PAGES:
                complete = False
                break
    except (ClientError, BotoCoreError) as error:
        raise Unavailable(said("store.day_unread")) from error
    passing = [str(each["event_id"]) for each in texts if is_passing(each)]
    found = read_many(client, table, passing[:MOST_PASSING], attributes="event_id, #status", newest=True)
    now = {item["event_id"]: item["status"] for item in found}
    return DayEvents(tuple(_row(each, now) for each in texts), complete and len(passing) <= MOST_PASSING)


def _days(begin: datetime, end: datetime) -> Iterator[date]:
    """The UTC days, which the index is parted by, that a time touches."""
    day, last = begin.astimezone(UTC).date(), (end.astimezone(UTC) - timedelta(milliseconds=1)).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def _pages(client: DynamoDBClient, table: str, key: str, begin: datetime, end: datetime) -> Iterator[dict[str, Any]]:
    until = end - timedelta(milliseconds=1)  # the times' own grain: `BETWEEN` holds both ends
    yield from client.get_paginator("query").paginate(  # type: ignore[misc]  # a TypedDict is a dict
        TableName=table,
        IndexName="by_day",
        KeyConditionExpression="#day = :day AND received_at BETWEEN :begin AND :until",
        ExpressionAttributeNames={"#day": "day"},
        ExpressionAttributeValues={
            ":day": {"S": key},
            ":begin": {"S": write_time(begin)},
            ":until": {"S": write_time(until)},
        },
        ProjectionExpression="event_id, listed_as, received_at, delivered_at, agent_id, agent_name, topic",
    )


def _row(texts: Texts, passing: dict[str, str]) -> DayRow:
    """Every attribute asked for is a text or missing: read at once, a month has ten thousand rows.

    `passing` says where those stand that are on their way; past `MOST_PASSING` they count as just received.
    """
    delivered = texts.get("delivered_at")
    if is_passing(texts):
        status = Status(passing.get(str(texts["event_id"]), Status.RECEIVED))
    else:
        status = Status(texts.get("listed_as") or Status.DELIVERED)
    return DayRow(
        status,
        read_time(str(texts["received_at"])),
        read_time(delivered) if delivered else None,
        texts.get("agent_id"),
        texts.get("agent_name"),
        texts.get("topic"),
    )
