"""How the emulated HTTP API treats requests: as API Gateway does, at the root of its port."""

from __future__ import annotations

import pytest

from tests.e2e.local_stack.emulated import Emulated

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("emulator")]


def test_the_function_sees_the_path_the_query_and_the_text_of_the_body(emulated: Emulated) -> None:
    body = '{"имя": "Пётр"}'.encode()
    event = emulated.call("/a/b%20c?d=1&d=2", body, {"Content-Type": "application/json"}).json["event"]
    assert event["rawPath"] == "/a/b c"
    assert event["queryStringParameters"] == {"d": "1,2"}
    assert event["rawQueryString"] == "d=1&d=2"
    assert event["requestContext"]["http"]["method"] == "POST"
    assert event["requestContext"]["stage"] == "$default"
    assert (event["body"], event["isBase64Encoded"]) == (body.decode(), False)


def test_a_body_that_is_no_text_comes_in_base64(emulated: Emulated) -> None:
    event = emulated.call("/a", b"\xff\x00", {"Content-Type": "application/octet-stream"}).json["event"]
    assert (event["body"], event["isBase64Encoded"]) == ("/wA=", True)


def test_the_function_sees_who_called_and_how(emulated: Emulated) -> None:
    headers = emulated.call("/a", headers={"X-Forwarded-For": "192.0.2.1"}).json["event"]["headers"]
    assert headers["x-forwarded-for"] == "192.0.2.1, 127.0.0.1"
    assert headers["x-forwarded-port"] == str(emulated.ports.api)
    assert headers["x-forwarded-proto"] == "http"
    assert headers["x-amzn-trace-id"].startswith("Root=1-")


def test_a_body_over_ten_megabytes_is_refused(emulated: Emulated) -> None:
    refused = emulated.call("/a", b"x" * (10 * 1024 * 1024 + 1))
    assert (refused.status, refused.text) == (413, '{"message":"Request Entity Too Large"}')


def test_a_path_without_a_route_is_not_found(emulated: Emulated) -> None:
    missing = emulated.call("/")
    assert (missing.status, missing.text) == (404, '{"message":"Not Found"}')
