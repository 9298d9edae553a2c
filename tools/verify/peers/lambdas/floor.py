"""The floor: a function that puts what it is sent and answers. Whatever is slower pays for what it promises beyond."""

import os

import boto3  # type: ignore[import-untyped,unused-ignore]  # the runtime brings it

TABLE = os.environ["TABLE"]
dynamodb = boto3.client("dynamodb")


def handler(event: dict, _context: object) -> dict:  # type: ignore[type-arg]  # as it is usually written
    """Put, answer."""
    item = {"event_id": {"S": event["requestContext"]["requestId"]}, "body": {"S": event["body"]}}
    dynamodb.put_item(TableName=TABLE, Item=item)
    return {"statusCode": 200, "body": "{}"}
