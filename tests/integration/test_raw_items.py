"""A query's items come as DynamoDB wrote them, and mean what they meant before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.session import Session
from moto import mock_aws

from postcall.aws.items import from_item, to_item
from postcall.aws.raw_items import keep_items_raw
from tests.support.in_memory_aws import REGION

ROW = {"day": "d", "n": 1, "f": 0.5, "t": "Щёголев", "b": b"\x00\xff", "l": [True, None, {"m": b"a"}], "e": ""}


@pytest.fixture
def client() -> Iterator[Any]:
    with mock_aws():
        made: Any = Session().create_client("dynamodb", region_name=REGION)
        key = {"AttributeName": "day", "KeyType": "HASH"}, {"AttributeName": "n", "KeyType": "RANGE"}
        types = [{"AttributeName": "day", "AttributeType": "S"}, {"AttributeName": "n", "AttributeType": "N"}]
        made.create_table(TableName="t", KeySchema=key, AttributeDefinitions=types, BillingMode="PAY_PER_REQUEST")
        yield keep_items_raw(made)


def query(client: Any, **more: Any) -> dict[str, Any]:
    values = {":d": {"S": "d"}}
    found: dict[str, Any] = client.query(
        TableName="t",
        KeyConditionExpression="#day = :d",
        ExpressionAttributeNames={"#day": "day"},
        ExpressionAttributeValues=values,
        **more,
    )
    return found


def test_a_row_comes_back_as_it_was_written(client: Any) -> None:
    client.put_item(TableName="t", Item=to_item(ROW))
    assert [from_item(item) for item in query(client)["Items"]] == [ROW]


def test_an_empty_answer_is_empty(client: Any) -> None:
    assert query(client)["Items"] == []


def test_the_next_page_begins_where_this_one_ended(client: Any) -> None:
    for number in (1, 2, 3):
        client.put_item(TableName="t", Item=to_item({"day": "d", "n": number}))
    first = query(client, Limit=2)
    rest = query(client, ExclusiveStartKey=first["LastEvaluatedKey"])
    assert [from_item(item)["n"] for page in (first, rest) for item in page["Items"]] == [1, 2, 3]


def test_a_count_without_items_stays_one(client: Any) -> None:
    client.put_item(TableName="t", Item=to_item(ROW))
    assert query(client, Select="COUNT")["Count"] == 1


def test_an_error_is_raised_as_ever(client: Any) -> None:
    with pytest.raises(ClientError, match="ValidationException"):
        query(client, FilterExpression="of no form")
