"""DynamoDB's point-in-time recovery: a table as it was, beside the table as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import ClientError

from tools.postcall.restore.rules import Row

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

SECONDS_BETWEEN_LOOKS = 5.0


class Tables(Protocol):
    """What a restore asks of DynamoDB."""

    def window(self, table: str) -> tuple[datetime, datetime] | None:
        """The first and the last moment that the table can be restored to; None where that is off."""

    def restore(self, source: str, target: str, moment: datetime) -> None:
        """Begin to make `target` as `source` was; where an earlier run has begun it, nothing."""

    def wait_for(self, table: str) -> None:
        """Return when the table can be read."""

    def rows(self, table: str) -> Iterator[Row]:
        """All of the table."""

    def has(self, table: str, row: Row, key: Sequence[str]) -> bool:
        """Whether a row with this key is there."""

    def put_missing(self, table: str, row: Row, key: Sequence[str]) -> bool:
        """Put the row unless one with its key is there."""

    def delete(self, table: str) -> None:
        """Take a restored table away."""


class DynamoTables:
    """The tables of an account. Its errors are botocore's."""

    def __init__(self, client: DynamoDBClient, sleep: Callable[[float], None]) -> None:
        self._client = client
        self._sleep = sleep

    def window(self, table: str) -> tuple[datetime, datetime] | None:
        found = self._client.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
        report = found.get("PointInTimeRecoveryDescription", {})
        if "EarliestRestorableDateTime" not in report or "LatestRestorableDateTime" not in report:
            return None
        return report["EarliestRestorableDateTime"].astimezone(UTC), report["LatestRestorableDateTime"].astimezone(UTC)

    def restore(self, source: str, target: str, moment: datetime) -> None:
        """Without indexes: it is read once, from one end to the other."""
        try:
            self._client.restore_table_to_point_in_time(
                SourceTableName=source,
                TargetTableName=target,
                RestoreDateTime=moment,
                GlobalSecondaryIndexOverride=[],
            )
        except (self._client.exceptions.TableAlreadyExistsException, self._client.exceptions.TableInUseException):
            return

    def wait_for(self, table: str) -> None:
        while self._client.describe_table(TableName=table)["Table"].get("TableStatus") != "ACTIVE":
            self._sleep(SECONDS_BETWEEN_LOOKS)

    def rows(self, table: str) -> Iterator[Row]:
        for page in self._client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
            yield from page["Items"]

    def has(self, table: str, row: Row, key: Sequence[str]) -> bool:
        found = self._client.get_item(
            TableName=table,
            Key={name: row[name] for name in key},
            ConsistentRead=True,
            ProjectionExpression="#key",
            ExpressionAttributeNames={"#key": key[0]},
        )
        return "Item" in found

    def put_missing(self, table: str, row: Row, key: Sequence[str]) -> bool:
        try:
            self._client.put_item(
                TableName=table,
                Item=row,
                ConditionExpression="attribute_not_exists(#key)",
                ExpressionAttributeNames={"#key": key[0]},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def delete(self, table: str) -> None:
        try:
            self._client.delete_table(TableName=table)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
