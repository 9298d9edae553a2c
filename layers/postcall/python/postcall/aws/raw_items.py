"""The items of a query as DynamoDB wrote them: botocore's parser would walk every attribute by its model of the API.

That walk is most of what a page of a thousand rows costs; JSON's own parser, in C, gives the same form. Only binary
values differ (Base64 stays text), which `items.from_item` reads in either form.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


def keep_items_raw(client: DynamoDBClient) -> DynamoDBClient:
    """Have a client's queries answer with the items as they came."""
    client.meta.events.register("before-parse.dynamodb.Query", _take_items)
    return client


def _take_items(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object) -> None:
    """Parse the items here and leave botocore the rest. An answer that is no page is botocore's alone."""
    if response_dict["status_code"] != HTTPStatus.OK:
        return
    try:
        members = json.loads(response_dict["body"])
        customized_response_dict["Items"] = members.pop("Items")
    except (ValueError, KeyError, AttributeError):
        return
    response_dict["body"] = json.dumps(members).encode()
