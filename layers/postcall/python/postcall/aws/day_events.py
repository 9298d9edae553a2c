"""All events of one day as the numbers of the day need them: a few attributes each, from the index alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.items import Item, from_item
from postcall.domain.clock import read_time
from postcall.domain.errors import Unavailable
from postcall.domain.said import said
from postcall.domain.status import Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MOST_PAGES = 20  # of a megabyte each, roughly 60 000 events: more do not fit an answer's patience


@dataclass(frozen=True)
class DayRow:
    """What one event adds to the numbers of its day."""

    status: Status
    received_at: datetime
    delivered_at: datetime | None = None


@dataclass(frozen=True)
class DayEvents:
    """The rows; `complete` is False when the day has more events than were read."""

    rows: tuple[DayRow, ...]
    complete: bool


def events_of_day(client: DynamoDBClient, table: str, day: date) -> DayEvents:
    """Read a day (in UTC) from the index `by_day`. Raises `Unavailable`."""
    pages = client.get_paginator("query").paginate(
        TableName=table,
        IndexName="by_day",
        KeyConditionExpression="#day = :day",
        ExpressionAttributeNames={"#day": "day", "#status": "status"},
        ExpressionAttributeValues={":day": {"S": day.isoformat()}},
        ProjectionExpression="#status, received_at, delivered_at",
    )
    rows: list[DayRow] = []
    try:
        for number, page in enumerate(pages, start=1):
            rows += [_row(from_item(item)) for item in page["Items"]]
            if number == MOST_PAGES and "LastEvaluatedKey" in page:
                return DayEvents(tuple(rows), complete=False)
    except (ClientError, BotoCoreError) as error:
        raise Unavailable(said("store.day_unread")) from error
    return DayEvents(tuple(rows), complete=True)


def _row(item: Item) -> DayRow:
    delivered = item.get("delivered_at")
    return DayRow(Status(item["status"]), read_time(item["received_at"]), read_time(delivered) if delivered else None)
