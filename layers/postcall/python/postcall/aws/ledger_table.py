"""`ledgers` in DynamoDB: one item a day, and beside the days what reconciliation reported last, under a word."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.items import Item, from_item, to_item
from postcall.domain.clock import write_time
from postcall.domain.errors import Unavailable
from postcall.domain.ledger import Ledger, read_ledger, write_ledger
from postcall.domain.said import said

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

LAST_RECONCILIATION = "last:reconciliation"
LAST_WEBHOOK_HEALTH = "last:webhooks"
LAST_ERASURE_CHECK = "last:erasures"


class LedgerTable:
    """Written by reconciliation, read by operations."""

    def __init__(self, client: DynamoDBClient, table: str, *, ttl_days: int) -> None:
        self._client = client
        self._table = table
        self._ttl = timedelta(days=ttl_days)

    def put(self, ledger: Ledger) -> None:
        """Store a day's ledger in place of an earlier one.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        self._put(write_ledger(ledger), until=ledger.made_at + self._ttl)

    def get(self, day: date) -> Ledger | None:
        """A day's ledger, or None when none was made.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        item = self._get(day.isoformat())
        return None if item is None else read_ledger(item)

    def put_report(self, word: str, members: dict[str, Any], *, now: datetime) -> None:
        """Keep what was found last; `word` is one of this module's.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        self._put({"day": word, "made_at": write_time(now), "report": members}, until=now + self._ttl)

    def report(self, word: str) -> dict[str, Any] | None:
        """`{"made_at": …, "report": {…}}` of what was found last, or None.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        item = self._get(word)
        return None if item is None else {name: item[name] for name in ("made_at", "report")}

    def _put(self, members: Item, *, until: datetime) -> None:
        try:
            self._client.put_item(TableName=self._table, Item=to_item(members | {"expires_at": int(until.timestamp())}))
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.ledger_unwritten")) from error

    def _get(self, key: str) -> Item | None:
        try:
            answer = self._client.get_item(TableName=self._table, Key={"day": {"S": key}}, ConsistentRead=True)
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.ledger_unread")) from error
        return from_item(answer["Item"]) if "Item" in answer else None
