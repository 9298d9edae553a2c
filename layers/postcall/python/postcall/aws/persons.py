"""Whose calls some events are, by their ids, in one batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from postcall.aws.batch_read import read_many

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class Persons:
    """Reads `webhook_events`."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def contacts(self, event_ids: Sequence[str]) -> dict[str, dict[str, str]]:
        """Contacts by the id of the event; one without a contact is left out.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        items = read_many(self._client, self._table, event_ids, attributes="event_id, contact")
        return {item["event_id"]: item["contact"] for item in items if "contact" in item}
