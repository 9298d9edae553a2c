"""The sparse indexes `by_phone` and `by_email`: which events are of one person, by the keyed hash of the contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.party_index import read_found
from postcall.domain.errors import Unavailable
from postcall.domain.parties import Role
from postcall.domain.said import said

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class ContactIndex:
    """What search and erasure by person read. It holds keys only: erasing the event's own attribute empties it."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def by_phone(self, key: str, *, limit: int) -> list[str]:
        """The ids of the events with this `phone_key`, newest first.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        return self._ids("by_phone", "phone_key", key, limit)

    def by_email(self, key: str, *, limit: int) -> list[str]:
        """The ids of the events with this `email_key`, newest first.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        return self._ids("by_email", "email_key", key, limit)

    def _ids(self, index: str, name: str, key: str, limit: int) -> list[str]:
        try:
            answer = self._client.query(
                TableName=self._table,
                IndexName=index,
                KeyConditionExpression="#key = :key",
                ExpressionAttributeNames={"#key": name},
                ExpressionAttributeValues={":key": {"S": key}},
                ScanIndexForward=False,
                Limit=limit,
            )
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.contacts_unread")) from error
        found = (read_found(item["event_id"]["S"]) for item in answer["Items"])
        return list(dict.fromkeys(each.id for each in found if each.role is Role.OWN))
