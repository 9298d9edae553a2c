"""`circuits` in DynamoDB: one item that all workers count in, with conditions that only one of them can meet.

Every write may be repeated by the client of AWS whose answer was lost: a worker's token recognises its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.items import Item, from_item, to_item
from postcall.domain.circuit import Circuit
from postcall.domain.errors import Unavailable
from postcall.domain.said import said

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

CRM = "crm"  # the circuit's key
_FORGOTTEN_AFTER = timedelta(days=7)
_MINE_OR_CLOSED = "attribute_not_exists(opened_at) OR probe = :token"


class CircuitTable:
    """The circuit to the CRM. Every method raises `Unavailable` when the table does not answer."""

    def __init__(self, client: DynamoDBClient, table: str, name: str = CRM) -> None:
        self._client = client
        self._table = table
        self._key = to_item({"id": name})

    def get(self) -> Circuit:
        """How it stands now.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        try:
            answer = self._client.get_item(TableName=self._table, Key=self._key, ConsistentRead=True)
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.circuit_unread")) from error
        return read_circuit(from_item(answer.get("Item", {})))

    def count_failure(self, *, now: datetime) -> Circuit:
        """One failure more, whoever saw it; how the circuit stands then."""
        values = {":one": 1, ":end": int((now + _FORGOTTEN_AFTER).timestamp())}
        found = self._update("ADD failures :one SET expires_at = :end", None, values)
        return read_circuit(found or {})

    def open(self, token: str, *, now: datetime) -> bool:
        """Open it, or keep it open after this worker's probe; False when it is open already."""
        update = "SET opened_at = :now, opened_by = :token REMOVE probe, probe_until"
        mine = f"{_MINE_OR_CLOSED} OR opened_by = :token"
        return self._update(update, mine, {":token": token, ":now": now.timestamp()}) is not None

    def take_probe(self, token: str, *, opened_at: float, now: datetime, until: datetime) -> bool:
        """Be the one that tries the CRM; False when somebody else is, or the circuit has changed."""
        values = {":token": token, ":then": opened_at, ":now": now.timestamp(), ":until": until.timestamp()}
        free = "opened_at = :then AND (attribute_not_exists(probe) OR probe = :token OR probe_until < :now)"
        return self._update("SET probe = :token, probe_until = :until", free, values) is not None

    def give_back(self, token: str) -> None:
        """Let the next worker try: this one did not ask the CRM."""
        self._update("REMOVE probe, probe_until", "probe = :token", {":token": token})

    def close(self, token: str) -> bool:
        """Count anew, and close it after this worker's probe; False when it is open for others."""
        update = "SET failures = :none REMOVE opened_at, probe, probe_until"
        return self._update(update, _MINE_OR_CLOSED, {":none": 0, ":token": token}) is not None

    def _update(self, update: str, condition: str | None, values: Item) -> Item | None:
        """The item afterwards; None when the condition did not hold."""
        conditional = {} if condition is None else {"ConditionExpression": condition}
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=self._key,
                UpdateExpression=update,
                ExpressionAttributeValues=to_item(values),
                ReturnValues="ALL_NEW",
                **conditional,  # type: ignore[arg-type]  # one condition or none
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return None
            raise Unavailable(said("store.circuit_unread")) from error
        except BotoCoreError as error:
            raise Unavailable(said("store.circuit_unread")) from error
        return from_item(answer["Attributes"])


def read_circuit(item: Item) -> Circuit:
    """The circuit behind an item; an empty one is that of a circuit nobody has counted in."""
    return Circuit(int(item.get("failures", 0)), item.get("opened_at"), "probe" in item)
