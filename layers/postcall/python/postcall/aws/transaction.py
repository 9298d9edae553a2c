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


def put_new(table: str, item: Item, *, key: str) -> Step:
    """Put an item whose key must be new."""
    return {
        "Put": {"TableName": table, "Item": to_item(item), "ConditionExpression": f"attribute_not_exists({key})"},
    }


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
    try:
        client.transact_write_items(TransactItems=steps)  # type: ignore[arg-type]  # built above from plain dicts
    except ClientError as error:
        reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]  # untyped
        if any(reason.get("Code") == "ConditionalCheckFailed" for reason in reasons):
            return False
        sentence = said("store.unwritten_code", what=said(what), error=error.response["Error"]["Code"])
        raise failed(error, sentence) from error
    except BotoCoreError as error:
        raise Unavailable(said("store.unwritten", what=said(what))) from error
    return True
