"""A request reads the same whichever kind of API handed it on: payload 2.0 (HTTP API) or 1.0 (REST API)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest

from postcall.aws.http import HttpError, Request, read_request

Event = dict[str, Any]
BODY = '{"имя": "Пётр"}'


def payload_2(**members: Any) -> Event:
    """What an HTTP API hands on: a repeated name's values are joined already."""
    return {
        "version": "2.0",
        "rawPath": "/api/events/conv_1",
        "headers": {"elevenlabs-signature": "t=1,v0=ab", "accept": "text/html,application/json"},
        "queryStringParameters": {"status": "unknown,rejected"},
        "pathParameters": {"event_id": "conv_1"},
        "requestContext": {"http": {"method": "POST", "path": "/api/events/conv_1"}},
        "body": BODY,
        "isBase64Encoded": False,
    } | members


def payload_1(**members: Any) -> Event:
    """What a REST API hands on: names as they were sent, every value of a repeated one, null for what is not there."""
    return {
        "resource": "/api/{proxy+}",
        "path": "/api/events/conv_1",
        "httpMethod": "POST",
        "headers": {"ElevenLabs-Signature": "t=1,v0=ab", "Accept": "application/json"},
        "multiValueHeaders": {"ElevenLabs-Signature": ["t=1,v0=ab"], "Accept": ["text/html", "application/json"]},
        "queryStringParameters": {"status": "rejected"},
        "multiValueQueryStringParameters": {"status": ["unknown", "rejected"]},
        "pathParameters": {"event_id": "conv_1"},
        "requestContext": {"httpMethod": "POST", "path": "/live/api/events/conv_1", "stage": "live"},
        "body": BODY,
        "isBase64Encoded": False,
    } | members


KINDS = pytest.mark.parametrize("event", [payload_2, payload_1])


@KINDS
def test_a_request_is_the_same_from_either_kind_of_api(event: Callable[..., Event]) -> None:
    assert read_request(event()) == Request(
        method="POST",
        path="/api/events/conv_1",
        body=BODY.encode(),
        headers={"elevenlabs-signature": "t=1,v0=ab", "accept": "text/html,application/json"},
        query={"status": "unknown,rejected"},
    )


@KINDS
def test_a_body_in_base64_is_the_bytes_that_were_sent(event: Callable[..., Event]) -> None:
    sent = b"\xff\x00" + BODY.encode()

    assert read_request(event(body=base64.b64encode(sent).decode(), isBase64Encoded=True)).body == sent


@KINDS
def test_what_claims_to_be_base64_and_is_not_is_refused(event: Callable[..., Event]) -> None:
    with pytest.raises(HttpError, match="not valid base64"):
        read_request(event(body="п", isBase64Encoded=True))


def test_a_bare_get_of_a_rest_api_has_nulls_for_what_there_is_none_of() -> None:
    nothing = dict.fromkeys(
        ("headers", "multiValueHeaders", "queryStringParameters", "multiValueQueryStringParameters", "pathParameters")
    )

    assert read_request(payload_1(httpMethod="GET", body=None, **nothing)) == Request("GET", "/api/events/conv_1")


def test_a_bare_get_of_an_http_api_leaves_out_what_there_is_none_of() -> None:
    event = {"rawPath": "/console", "requestContext": {"http": {"method": "GET", "path": "/console"}}}

    assert read_request(event) == Request("GET", "/console")
