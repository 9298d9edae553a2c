"""The events that stand at a status, a few attributes each, and how many there are: from the index alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.items import from_item
from postcall.domain.errors import Unavailable
from postcall.domain.said import read_said, said
from postcall.domain.status import Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MOST_PAGES = 20  # of a megabyte each: roughly 40 000 events of one status


@dataclass(frozen=True)
class WaitingEvent:
    """An event that does not move by itself, with the reason and since when, as the times are written."""

    event_id: str
    reason: str
    since: str


class WaitingEvents:
    """Reads the index `by_status` of `webhook_events`."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def at(self, status: Status) -> tuple[list[WaitingEvent], bool]:
        """The events at a status, newest first, and whether these are all.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        rows: list[WaitingEvent] = []
        for number, page in enumerate(self._pages(status, "event_id, status_reason, updated_at"), start=1):
            rows += [_row(from_item(item)) for item in page["Items"]]
            if number == MOST_PAGES and "LastEvaluatedKey" in page:
                return rows, False
        return rows, True

    def count(self, status: Status) -> int:
        """How many there are.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        return sum(int(page["Count"]) for page in self._pages(status, None))

    def _pages(self, status: Status, attributes: str | None) -> Iterator[dict[str, Any]]:
        what: dict[str, Any] = {"ProjectionExpression": attributes} if attributes else {"Select": "COUNT"}
        pages = self._client.get_paginator("query").paginate(
            TableName=self._table,
            IndexName="by_status",
            KeyConditionExpression="listed_as = :status",
            ExpressionAttributeValues={":status": {"S": status.value}},
            ScanIndexForward=False,
            **what,
        )
        try:
            yield from pages  # type: ignore[misc]  # a TypedDict is a dict
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.list_unread")) from error


def _row(item: dict[str, Any]) -> WaitingEvent:
    return WaitingEvent(item["event_id"], read_said(item.get("status_reason")) or "", item["updated_at"])
