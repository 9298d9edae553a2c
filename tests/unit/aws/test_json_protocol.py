"""A client that speaks AWS's protocol itself asks, answers, tries again and raises as botocore's own does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError, ReadTimeoutError
from botocore.session import Session
from moto import mock_aws

from postcall.aws.clients import TRIES
from postcall.aws.items import from_item, to_item
from postcall.aws.json_protocol import DIRECT, UnreadableAnswer, speak_directly
from tests.support.in_memory_aws import REGION

ROW = {"day": "d", "n": 1, "f": 0.5, "t": "Щёголев", "b": b"\x00\xff", "l": [True, None, {"m": b"a"}], "e": ""}
KEY = {"day": {"S": "d"}, "n": {"N": "1"}}
NEW = "attribute_not_exists(n)"
QUEUE = f"https://sqs.{REGION}.amazonaws.com/1/one"
Make = Callable[[str], Any]


@cache
def session() -> Session:
    """One for all: it reads AWS's models."""
    made = Session()
    made.set_credentials("invented", "invented", "invented")
    return made


def a_client(service: str, *, is_direct: bool, region: str = REGION) -> Any:
    """A client of either kind."""
    config = Config(retries={"total_max_attempts": TRIES, "mode": "standard"})
    client: Any = session().create_client(service, region_name=region, config=config)
    if is_direct:
        speak_directly(client, session().get_credentials(), _never)
    return client


def _never(_request: AWSPreparedRequest) -> AWSResponse:
    raise AssertionError("Every request is answered before it is sent.")


@pytest.fixture(params=["direct", "by botocore"])
def make(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Make:
    """What makes clients of either kind."""
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    return lambda service: a_client(service, is_direct=request.param == "direct")


@pytest.fixture
def table(make: Make) -> Iterator[Any]:
    """A client with a table `t`."""
    with mock_aws():
        client = make("dynamodb")
        keys = {"AttributeName": "day", "KeyType": "HASH"}, {"AttributeName": "n", "KeyType": "RANGE"}
        types = [{"AttributeName": "day", "AttributeType": "S"}, {"AttributeName": "n", "AttributeType": "N"}]
        client.create_table(TableName="t", KeySchema=keys, AttributeDefinitions=types, BillingMode="PAY_PER_REQUEST")
        yield client


class Answers:
    """Stands where the network is: gives one answer after another, and keeps what was sent."""

    def __init__(self, client: Any, *answers: tuple[int, str] | Exception) -> None:
        self._answers = list(answers)
        self.sent: list[AWSPreparedRequest] = []
        client.meta.events.register("before-send", self._answer)

    def _answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        self.sent.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, text = answer
        raw: Any = SimpleNamespace(stream=lambda *_args, **_named: [text.encode()])
        return AWSResponse(request.url, status, HTTPHeaders(), raw)


def refusal(code: str, **more: object) -> str:
    return json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "invented"} | more)


def query(client: Any, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = client.query(
        TableName="t",
        KeyConditionExpression="#day = :d",
        ExpressionAttributeNames={"#day": "day"},
        ExpressionAttributeValues={":d": {"S": "d"}},
        **more,
    )
    return found


def test_a_row_comes_back_as_it_was_written(table: Any) -> None:
    table.put_item(TableName="t", Item=to_item(ROW))
    assert from_item(table.get_item(TableName="t", Key=KEY)["Item"]) == ROW
    assert [from_item(item) for item in query(table)["Items"]] == [ROW]
    [read] = table.batch_get_item(RequestItems={"t": {"Keys": [KEY]}})["Responses"]["t"]
    assert from_item(read) == ROW


def test_what_is_not_there_is_no_item(table: Any) -> None:
    assert "Item" not in table.get_item(TableName="t", Key=KEY)
    assert query(table)["Items"] == []


def test_writes_of_every_kind_are_done(table: Any) -> None:
    table.batch_write_item(RequestItems={"t": [{"PutRequest": {"Item": to_item(ROW)}}]})
    table.update_item(
        TableName="t", Key=KEY, UpdateExpression="SET e = :e", ExpressionAttributeValues={":e": {"S": "Я"}}
    )
    table.transact_write_items(TransactItems=[{"Put": {"TableName": "t", "Item": to_item(ROW | {"n": 2})}}])
    assert [from_item(item)["e"] for item in query(table)["Items"]] == ["Я", ""]
    gone = table.delete_item(TableName="t", Key=KEY, ReturnValues="ALL_OLD")["Attributes"]
    assert from_item(gone) == ROW | {"e": "Я"}
    assert query(table, Select="COUNT")["Count"] == 1


def test_the_next_page_begins_where_this_one_ended(table: Any) -> None:
    for number in (1, 2, 3):
        table.put_item(TableName="t", Item=to_item({"day": "d", "n": number}))
    first = query(table, Limit=2)
    rest = query(table, ExclusiveStartKey=first["LastEvaluatedKey"])
    assert [from_item(item)["n"] for page in (first, rest) for item in page["Items"]] == [1, 2, 3]


def test_a_condition_that_fails_names_itself_and_shows_the_item(table: Any) -> None:
    table.put_item(TableName="t", Item=to_item(ROW))
    with pytest.raises(ClientError) as raised:
        table.put_item(
            TableName="t",
            Item=to_item(ROW),
            ConditionExpression=NEW,
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert isinstance(raised.value, table.exceptions.ConditionalCheckFailedException)
    answer: Any = raised.value.response
    assert answer["Error"]["Code"] == "ConditionalCheckFailedException"
    assert from_item(answer["Item"]) == ROW


def test_a_transaction_that_is_cancelled_gives_the_reason_of_each_step(table: Any) -> None:
    table.put_item(TableName="t", Item=to_item(ROW))
    put = {"TableName": "t", "ConditionExpression": NEW}
    with pytest.raises(ClientError) as raised:
        table.transact_write_items(
            TransactItems=[{"Put": put | {"Item": to_item(ROW | {"n": 2})}}, {"Put": put | {"Item": to_item(ROW)}}]
        )
    answer: Any = raised.value.response
    assert [reason["Code"] for reason in answer["CancellationReasons"]] == ["None", "ConditionalCheckFailed"]
    assert query(table, Select="COUNT")["Count"] == 1


def test_a_refusal_for_good_is_raised_at_once(make: Make) -> None:
    client = make("dynamodb")
    answers = Answers(client, (400, refusal("ValidationException")))
    with pytest.raises(ClientError, match="ValidationException"):
        query(client, FilterExpression="of no form")
    assert len(answers.sent) == 1


@pytest.mark.parametrize(
    "first",
    [
        (500, "{}"),
        (503, "no JSON"),
        (400, refusal("ProvisionedThroughputExceededException")),
        (400, refusal("TransactionInProgressException")),
        ReadTimeoutError(endpoint_url="store"),
        ConnectionClosedError(endpoint_url="store"),
    ],
    ids=str,
)
def test_what_may_pass_is_tried_again_as_the_same_request(make: Make, first: Any) -> None:
    client = make("dynamodb")
    answers = Answers(client, first, (200, "{}"))
    client.transact_write_items(TransactItems=[{"Put": {"TableName": "t", "Item": to_item(ROW)}}])
    tokens = [_json(request)["ClientRequestToken"] for request in answers.sent]
    assert len(tokens) == TRIES
    assert len(set(tokens)) == 1


@pytest.mark.parametrize(
    ("always", "raised"),
    [((500, "{}"), ClientError), (ReadTimeoutError(endpoint_url="store"), ReadTimeoutError)],
    ids=str,
)
def test_what_does_not_pass_is_raised_after_the_last_try(make: Make, always: Any, raised: type[Exception]) -> None:
    client = make("dynamodb")
    answers = Answers(client, *[always] * (TRIES + 1))
    with pytest.raises(raised):
        client.get_item(TableName="t", Key=KEY)
    assert len(answers.sent) == TRIES


def test_a_store_that_never_answers_is_soon_asked_but_once(make: Make) -> None:
    client = make("dynamodb")
    calls = 200
    answers = Answers(client, *[(500, "{}")] * TRIES * calls)
    for _ in range(calls):
        with pytest.raises(ClientError):
            client.get_item(TableName="t", Key=KEY)
    assert calls < len(answers.sent) < TRIES * calls


def test_answers_that_come_again_allow_tries_again(make: Make) -> None:
    client = make("dynamodb")
    calls = 200
    answers = Answers(client, *[(500, "{}"), (200, "{}")] * calls)
    for _ in range(calls):
        client.get_item(TableName="t", Key=KEY)
    assert len(answers.sent) == TRIES * calls


def test_a_message_is_sent_and_an_unknown_queue_has_its_old_name(make: Make) -> None:
    client = make("sqs")
    unknown = json.dumps({"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "none"})
    answers = Answers(client, (200, json.dumps({"MessageId": "1"})), (400, unknown))
    assert client.send_message(QueueUrl=QUEUE, MessageBody="Щ")["MessageId"] == "1"
    assert _json(answers.sent[0]) == {"QueueUrl": QUEUE, "MessageBody": "Щ"}
    with pytest.raises(client.exceptions.QueueDoesNotExist):
        client.send_message(QueueUrl=QUEUE, MessageBody="Щ")


def test_a_trace_goes_with_the_request(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "intake")
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-2-3")
    client = make("sqs")
    answers = Answers(client, (200, "{}"))
    client.send_message(QueueUrl=QUEUE, MessageBody="text")
    assert _text(answers.sent[0].headers["X-Amzn-Trace-Id"]) == "Root=1-2-3"


@pytest.mark.parametrize("answer", [(200, ""), (200, "<html>"), (200, "[]"), (202, "{}"), (204, ""), (300, "{}")])
def test_an_answer_that_is_not_awss_is_no_success(answer: tuple[int, str]) -> None:
    """Botocore takes it for one without members."""
    client = a_client("dynamodb", is_direct=True)
    Answers(client, answer)
    with pytest.raises(UnreadableAnswer) as raised:
        client.transact_write_items(TransactItems=[])
    assert isinstance(raised.value, BotoCoreError)


@pytest.mark.parametrize("region", ["eu-central-1", "cn-north-1", "us-gov-west-1"])
@pytest.mark.parametrize("service", DIRECT)
def test_it_goes_to_the_same_place_with_the_same_signature(service: str, region: str) -> None:
    direct, by_botocore = (_asked(service, region, is_direct=is_direct) for is_direct in (True, False))
    assert direct == by_botocore


def _asked(service: str, region: str, *, is_direct: bool) -> dict[str, object]:
    client = a_client(service, is_direct=is_direct, region=region)
    answers = Answers(client, (200, "{}"))
    if service == "dynamodb":
        client.put_item(TableName="t", Item=to_item(ROW))
    else:
        client.send_message(QueueUrl=f"https://sqs.{region}.amazonaws.com/1/one", MessageBody="text")
    [sent] = answers.sent
    headers = {name.lower(): _text(value) for name, value in sent.headers.items()}
    return {
        "method": sent.method,
        "url": sent.url,
        "body": _json(sent),
        "scope": headers["authorization"].split(", ")[0].split("/")[2:],
        "target": headers["x-amz-target"],
        "type": headers["content-type"],
        "agent": headers["user-agent"].split()[0],
        "token": headers["x-amz-security-token"],
    }


def _json(request: AWSPreparedRequest) -> Any:
    body: Any = request.body
    return json.loads(body)


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
