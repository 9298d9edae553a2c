"""What a person checks first: does the CRM take leads, does anything stand still, when was the last reconciliation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.items import from_item
from postcall.domain.errors import Unavailable
from postcall.domain.said import said

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

CIRCUIT = "crm"
CLOSED = "closed"
STUCK_SHOWN = 25


def breaker(client: DynamoDBClient, table: str) -> dict[str, Any]:
    """The circuit to the CRM: `closed` (leads flow), `open`, `half_open` (it is being tried). Raises `Unavailable`."""
    try:
        answer = client.get_item(TableName=table, Key={"id": {"S": CIRCUIT}})
    except (ClientError, BotoCoreError) as error:
        raise Unavailable(said("store.circuit_unread")) from error
    item = from_item(answer["Item"]) if "Item" in answer else {}
    state = str(item.get("state", CLOSED)).lower()
    return {"state": state, "failures": item.get("failure_count", 0), "opened_at": item.get("opened_at")}
