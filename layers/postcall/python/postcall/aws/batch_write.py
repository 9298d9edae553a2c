"""Many items put or deleted at once, twenty-five a request.

A batch is no transaction: whoever dies, or is refused, may leave some of its items written. So it is only for items
that may lie there in part and be put again.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.clients import WORST_CALL_SECONDS
from postcall.aws.items import Item, to_item
from postcall.domain.errors import Unavailable
from postcall.domain.said import said

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

AT_ONCE = 25
TRIES = 8


def put_many(client: DynamoDBClient, table: str, items: Sequence[Item], *, what: str) -> None:
    """Put items, no two of one key, whatever is there. `what` is the code of the sentence that says what fails.

    Raises:
        Unavailable: Not all of them are written; putting all again is harmless.
    """
    _write_all(client, table, [{"PutRequest": {"Item": to_item(item)}} for item in items], what=what)


def delete_many(client: DynamoDBClient, table: str, keys: Sequence[Item], *, what: str) -> None:
    """Delete items by their keys, no two alike, those that are there. `what` as `put_many` has it.

    Raises:
        Unavailable: Not all of them are gone; deleting all again is harmless.
    """
    _write_all(client, table, [{"DeleteRequest": {"Key": to_item(key)}} for key in keys], what=what)


def _write_all(client: DynamoDBClient, table: str, requests: Sequence[dict[str, Any]], *, what: str) -> None:
    for start in range(0, len(requests), AT_ONCE):
        _write(client, {table: requests[start : start + AT_ONCE]}, what=what)


def _write(client: DynamoDBClient, batch: dict[str, Any], *, what: str) -> None:
    """What a busy table leaves out is asked again, for no longer than one call may take: other calls wait meanwhile."""
    asked: Any = batch
    end = time.monotonic() + WORST_CALL_SECONDS
    for tried in range(TRIES):
        if tried and time.monotonic() > end:
            break
        try:
            answer = client.batch_write_item(RequestItems=asked)
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said(what)) from error
        asked = answer.get("UnprocessedItems")
        if not asked:
            return
    raise Unavailable(said("store.busy"))
