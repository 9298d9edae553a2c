"""Some attributes of many events at once, a hundred a request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.items import Item, from_item
from postcall.domain.errors import Unavailable
from postcall.domain.said import said

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

AT_ONCE = 100
TRIES = 8


def read_many(client: DynamoDBClient, table: str, event_ids: Sequence[str], *, attributes: str) -> Iterator[Item]:
    """The events that there are, in no order; `#name` in `attributes` is a reserved word.

    Raises:
        Unavailable: DynamoDB does not answer now.
    """
    for start in range(0, len(event_ids), AT_ONCE):
        yield from _batch(client, table, event_ids[start : start + AT_ONCE], attributes)


def _batch(client: DynamoDBClient, table: str, event_ids: Sequence[str], attributes: str) -> Iterator[Item]:
    names = {word: word[1:] for word in attributes.split(", ") if word.startswith("#")}
    keys = [{"event_id": {"S": event_id}} for event_id in event_ids]
    asked = {"Keys": keys, "ProjectionExpression": attributes}
    request: Any = {table: asked | ({"ExpressionAttributeNames": names} if names else {})}
    for _ in range(TRIES):
        try:
            answer = client.batch_get_item(RequestItems=request)
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.events_unread")) from error
        yield from (from_item(item) for item in answer["Responses"].get(table, []))
        request = answer.get("UnprocessedKeys")
        if not request:
            return
    raise Unavailable(said("store.busy"))
