"""The list of the quarantine, newest first, from its index by day: what operations shows to a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.batch_read import read_many
from postcall.aws.cursor import NOT_OURS, cursor_day, read_cursor, write_cursor
from postcall.aws.items import from_item
from postcall.aws.quarantine import read_entry
from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.quarantine import Quarantined
from postcall.domain.said import said

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class QuarantinePage:
    """Some entries, newest first; `cursor` leads to the next page and is None on the last."""

    entries: tuple[Quarantined, ...]
    cursor: str | None


class QuarantineList:
    """Reads the index `by_day` (day, received_at) of the quarantine's table, and of what was released, by whom."""

    def __init__(self, client: DynamoDBClient, table: str, *, ttl_days: int) -> None:
        self._client = client
        self._table = table
        self._ttl_days = ttl_days

    def page(self, *, now: datetime, limit: int, cursor: str | None) -> QuarantinePage:
        """From today back to the oldest that can still be there.

        Raises:
            Rejected: For a cursor of another list.
            Unavailable: DynamoDB does not answer now.
        """
        entries, following = self._page(now=now, limit=limit, cursor=cursor)
        return QuarantinePage(tuple(self._with_names(entries)), following)

    def _page(self, *, now: datetime, limit: int, cursor: str | None) -> tuple[list[Quarantined], str | None]:
        start = read_cursor(cursor, partition="day", entry="quarantine_id")
        day = now.date() if start is None else cursor_day(start)
        oldest = now.date() - timedelta(days=self._ttl_days + 1)
        found: list[Quarantined] = []
        while day >= oldest:
            entries, last = self._query(day, limit=limit - len(found), start=start)
            found += entries
            if last is not None:
                return found, write_cursor(last)
            day, start = day - timedelta(days=1), None
            if len(found) >= limit:
                return found, write_cursor({"day": {"S": day.isoformat()}})
        return found, None

    def _with_names(self, entries: list[Quarantined]) -> Iterable[Quarantined]:
        """The entries with who released them, which the index does not hold: its projection cannot be changed."""
        released = [entry.quarantine_id for entry in entries if entry.released_at is not None]
        whole = read_many(
            self._client, self._table, released, attributes="quarantine_id, released_by", key="quarantine_id"
        )
        names = {item["quarantine_id"]: item.get("released_by") or None for item in whole}
        return (replace(entry, released_by=names.get(entry.quarantine_id)) for entry in entries)

    def _query(
        self, day: date, *, limit: int, start: dict[str, Any] | None
    ) -> tuple[list[Quarantined], dict[str, Any] | None]:
        more: dict[str, Any] = {"ExclusiveStartKey": start} if start is not None and len(start) > 1 else {}
        try:
            answer = self._client.query(
                TableName=self._table,
                IndexName="by_day",
                KeyConditionExpression="#day = :day",
                ExpressionAttributeNames={"#day": "day"},
                ExpressionAttributeValues={":day": {"S": day.isoformat()}},
                ScanIndexForward=False,
                Limit=limit,
                **more,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationException" and more:
                raise Rejected(NOT_OURS) from error
            raise Unavailable(said("quarantine.unread")) from error
        except BotoCoreError as error:
            raise Unavailable(said("quarantine.unread")) from error
        return [read_entry(from_item(item)) for item in answer["Items"]], answer.get("LastEvaluatedKey")
