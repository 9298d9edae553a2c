"""One DynamoDB transaction: all of it, or a clear reason why nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.conditional import failed
from postcall.aws.items import Item, to_attribute, to_item
from postcall.domain.errors import Unavailable
from postcall.domain.said import said

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

Step = dict[str, Any]
_TRIES = 3  # of a transaction that met another one: that one is over in a moment


def put_new(table: str, item: Item, *, key: str) -> Step:
    """Put an item whose key must be new."""
    return {
        "Put": {"TableName": table, "Item": to_item(item), "ConditionExpression": f"attribute_not_exists({key})"},
    }


def put(table: str, item: Item) -> Step:
    """Put an item, whatever is there."""
    return {"Put": {"TableName": table, "Item": to_item(item)}}


def absent(table: str, key: Item) -> Step:
    """Write nothing, and nothing of the other steps either where this item is there."""
    (name, *_) = key
    condition = f"attribute_not_exists({name})"
    return {"ConditionCheck": {"TableName": table, "Key": to_item(key), "ConditionExpression": condition}}


def update_if(table: str, key: Item, update: str, condition: str, values: Item) -> Step:
    """Update an item if a condition holds. `#status` may be used for the reserved word."""
    return {
        "Update": {
            "TableName": table,
            "Key": to_item(key),
            "UpdateExpression": update,
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": {name: to_attribute(value) for name, value in values.items()},
        },
    }


def commit(client: DynamoDBClient, steps: list[Step], *, what: str) -> bool:
    """Run the steps as one; False when a condition did not hold. `what` is the code of what is written.

    The AWS client puts a token into the request, so that its own repeat is not done twice.

    Raises:
        StoreRefused: For what the store never takes.
        Unavailable: For everything else.
    """
    return not failed_steps(client, steps, what=what)


def failed_steps(client: DynamoDBClient, steps: list[Step], *, what: str, tries: int = _TRIES) -> frozenset[int]:
    """Run the steps as one; the places of those whose condition did not hold, none when all is done.

    It is tried again where it met another transaction or write of one of its items.

    Raises:
        StoreRefused: For what the store never takes.
        Unavailable: For everything else.
    """
    try:
        client.transact_write_items(TransactItems=steps)  # type: ignore[arg-type]  # built above from plain dicts
    except ClientError as error:
        reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]  # untyped
        codes = {reason.get("Code") for reason in reasons}
        if "ConditionalCheckFailed" in codes:
            return frozenset(at for at, reason in enumerate(reasons) if reason.get("Code") == "ConditionalCheckFailed")
        if "TransactionConflict" in codes and tries > 1:
            return failed_steps(client, steps, what=what, tries=tries - 1)
        sentence = said("store.unwritten_code", what=said(what), error=error.response["Error"]["Code"])
        raise failed(error, sentence) from error
    except BotoCoreError as error:
        raise Unavailable(said("store.unwritten", what=said(what))) from error
    return frozenset()
