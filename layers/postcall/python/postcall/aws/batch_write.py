"""Many items put or deleted at once, twenty-five a request.

A batch is no transaction: whoever dies, or is refused, may leave some of its items written. So it is only for items
that may lie there in part and be put again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from postcall.aws.clients import WORST_CALL_SECONDS
from postcall.aws.items import Item, to_item
from postcall.aws.unprocessed import answers

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

AT_ONCE = 25


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
    """What is left out is asked again for no longer than one call may take: other calls wait meanwhile."""
    for start in range(0, len(requests), AT_ONCE):
        batch, ask = {table: requests[start : start + AT_ONCE]}, client.batch_write_item
        for _ in answers(ask, batch, left_out="UnprocessedItems", what=what, seconds=WORST_CALL_SECONDS):
            pass
