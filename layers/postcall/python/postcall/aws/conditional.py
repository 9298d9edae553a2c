"""One conditional write of one item, and what our store's refusals mean.

The AWS client repeats a write whose answer was lost, and the repeat meets what the first one left. So each write leaves
a token of its own in the item: whose token is there already has succeeded. (A transaction carries such a token itself.)
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.items import Item, to_attribute, to_item
from postcall.domain.errors import PostcallError, StoreRefused, Unavailable
from postcall.domain.said import said

CONDITION_FAILED = "ConditionalCheckFailedException"
# Asked again, the store says the same: an item over 400 KB, an expression it does not take.
_FOR_GOOD = frozenset({"ValidationException", "ValidationError", "ItemCollectionSizeLimitExceeded"})
_TOKEN = "write_token"  # noqa: S105 — an attribute's name
Write = Callable[..., Any]


def put_if(put: Write, table: str, item: Item, condition: str, *, what: str) -> bool:
    """Put an item; False when the condition fails. `what` is the code of the sentence that says what cannot be done.

    Raises:
        StoreRefused: For what the store never takes.
        Unavailable: DynamoDB does not answer now.
    """
    token = uuid.uuid4().hex
    return _done(put, token, what, TableName=table, Item=to_item(item | {_TOKEN: token}), ConditionExpression=condition)


def update_item_if(
    update: Write,
    table: str,
    key: Item,
    expression: str,
    *,
    condition: str,
    values: Item,
    what: str,
    names: dict[str, str] | None = None,
) -> bool:
    """Update an item; False when the condition fails, True also when our own write is what it meets.

    Raises as `put_if` does.
    """
    token = uuid.uuid4().hex
    setting = f"{_TOKEN} = :{_TOKEN}"
    marked = (
        expression.replace("SET ", f"SET {setting}, ", 1) if "SET " in expression else f"{expression} SET {setting}"
    )
    known = {name: to_attribute(value) for name, value in (values | {f":{_TOKEN}": token}).items()}
    return _done(
        update,
        token,
        what,
        TableName=table,
        Key=to_item(key),
        UpdateExpression=marked,
        ConditionExpression=f"({condition}) AND (attribute_not_exists({_TOKEN}) OR {_TOKEN} <> :{_TOKEN})",
        ExpressionAttributeValues=known,
        **({"ExpressionAttributeNames": names} if names else {}),
    )


def failed(error: Exception, sentence: str) -> PostcallError:
    """Our own error for one of the AWS client's: `StoreRefused` where asking again cannot help."""
    codes = _codes(error)
    if codes & _FOR_GOOD:
        return StoreRefused(said("store.refused_for_good", what=sentence, error=", ".join(sorted(codes & _FOR_GOOD))))
    return Unavailable(sentence)


def _codes(error: Exception) -> set[str]:
    """The error's code, or those of a transaction's steps."""
    if not isinstance(error, ClientError):
        return set()
    reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]  # untyped
    return {str(reason.get("Code")) for reason in reasons} | {error.response["Error"]["Code"]}


def _done(write: Write, token: str, what: str, **arguments: Any) -> bool:  # noqa: ANN401 — the client's own
    try:
        write(ReturnValuesOnConditionCheckFailure="ALL_OLD", **arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] != CONDITION_FAILED:
            raise failed(error, said(what)) from error
        there: dict[str, Any] = error.response.get("Item", {})  # type: ignore[assignment]  # untyped
        return bool(there.get(_TOKEN) == {"S": token})
    except BotoCoreError as error:
        raise failed(error, said(what)) from error
    return True
