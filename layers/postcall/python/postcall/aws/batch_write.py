"""Many items put at once, twenty-five a request.

A batch is no transaction: whoever dies, or is refused, may leave some of its items written. So it is only for items
that may lie there in part and be put again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

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
    for start in range(0, len(items), AT_ONCE):
        puts = [{"PutRequest": {"Item": to_item(item)}} for item in items[start : start + AT_ONCE]]
        # for no longer than one call may take: other calls wait meanwhile
        for _ in answers(
            client.batch_write_item,
            {table: puts},
            left_out="UnprocessedItems",
            what=what,
            seconds=WORST_CALL_SECONDS,
        ):
            pass
