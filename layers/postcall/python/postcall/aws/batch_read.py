"""Many items of a table at once, whole or some of their attributes, a hundred a request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from postcall.aws.items import Item, from_item, to_item
from postcall.aws.unprocessed import answers
from postcall.domain.event_id import body_id

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

AT_ONCE = 100


def read_many(
    client: DynamoDBClient,
    table: str,
    ids: Sequence[str],
    *,
    attributes: str | None,
    key: str = "event_id",
    newest: bool = False,
) -> Iterator[Item]:
    """The items that there are, in no order; `#name` in `attributes` is a reserved word, and None means all of them.

    `newest` reads each as its last write left it.

    Raises:
        Unavailable: DynamoDB does not answer now.
    """
    for start in range(0, len(ids), AT_ONCE):
        keys = [{key: {"S": each}} for each in ids[start : start + AT_ONCE]]
        asked = {"Keys": keys, "ConsistentRead": newest} | _projection(attributes)
        yield from (item for _, item in _batch(client, {table: asked}))


def read_together(client: DynamoDBClient, keys: Mapping[str, Item]) -> dict[str, Item]:
    """An item of each table, by the table, each as its last write left it; they are not of one moment.

    Raises:
        Unavailable: DynamoDB does not answer now, or not for each of them.
    """
    asked: dict[str, dict[str, Any]] = {
        table: {"Keys": [to_item(key)], "ConsistentRead": True} for table, key in keys.items()
    }
    return dict(_batch(client, asked))


def _projection(attributes: str | None) -> dict[str, Any]:
    if attributes is None:
        return {}
    names = {word: word[1:] for word in attributes.split(", ") if word.startswith("#")}
    return {"ProjectionExpression": attributes} | ({"ExpressionAttributeNames": names} if names else {})


def _batch(client: DynamoDBClient, asked: dict[str, dict[str, Any]]) -> Iterator[tuple[str, Item]]:
    for answer in answers(client.batch_get_item, asked, left_out="UnprocessedKeys", what="store.events_unread"):
        for table, items in answer["Responses"].items():
            yield from ((table, from_item(item)) for item in items)


def read_with_body(client: DynamoDBClient, table: str, event_id: str) -> tuple[Item | None, Item]:
    """The event's item, and what leads to the body beside it: nothing where that is gone, or lies in the bucket.

    Raises:
        Unavailable: What it asks does not answer now; later can help.
    """
    both = (event_id, body_id(event_id))
    found = {item["event_id"]: item for item in read_many(client, table, both, attributes=None, newest=True)}
    return found.get(event_id), {"payload": body["payload"]} if (body := found.get(body_id(event_id))) else {}
