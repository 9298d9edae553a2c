"""Whose calls the events of a list are: the indexes hold no contact, so a page's are read in one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from postcall.aws.batch_read import read_many
from postcall.domain.event import CallEvent

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class Persons:
    """Reads `webhook_events`."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def known(self, events: Sequence[CallEvent]) -> list[CallEvent]:
        """The same events with their contacts.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        contacts = self.contacts([event.event_id for event in events if not event.contact])
        return [replace(event, contact=contacts.get(event.event_id, event.contact)) for event in events]

    def contacts(self, event_ids: Sequence[str]) -> dict[str, dict[str, str]]:
        """Contacts by the id of the event; one without a contact is left out.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        items = read_many(self._client, self._table, event_ids, attributes="event_id, contact")
        return {item["event_id"]: item["contact"] for item in items if "contact" in item}
