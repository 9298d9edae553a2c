"""What the emulated AWS is asked is counted by operation."""

from __future__ import annotations

import asyncio
import json
from collections.abc import MutableMapping
from typing import Any

import pytest

from tools.local.emulator.request_count import PATH, WRITES_PATH, counted, named


def signed(service: str, *more: tuple[bytes, bytes]) -> list[tuple[bytes, bytes]]:
    scope = f"AWS4-HMAC-SHA256 Credential=test/20261124/eu-central-1/{service}/aws4_request, SignedHeaders=host"
    return [(b"Authorization", scope.encode()), *more]


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        (signed("dynamodb", (b"X-Amz-Target", b"DynamoDB_20120810.PutItem")), "dynamodb PutItem"),
        (signed("sqs", (b"x-amz-target", b"AmazonSQS.SendMessage")), "sqs SendMessage"),
        (signed("s3"), "s3 PUT"),
        ([(b"x-amz-target", b"AmazonSQS.SendMessage")], None),
        ([], None),
    ],
)
def test_a_request_is_named_by_service_and_operation(headers: list[tuple[bytes, bytes]], name: str | None) -> None:
    assert named("PUT", headers) == name


def test_the_counts_are_told_and_every_request_is_passed_on() -> None:
    passed: list[str] = []
    report: list[bytes] = []

    async def application(scope: MutableMapping[str, Any], _receive: Any, _send: Any) -> None:
        passed.append(scope["type"])

    async def receive() -> MutableMapping[str, Any]:
        return {}

    async def send(message: MutableMapping[str, Any]) -> None:
        report.append(message.get("body", b""))

    async def ask() -> None:
        serve = counted(application)
        put = {"type": "http", "method": "PUT", "path": "/bucket/key", "headers": signed("s3")}
        for scope in ({"type": "lifespan"}, put, put, {"type": "http", "method": "GET", "path": PATH, "headers": []}):
            await serve(scope, receive, send)

    asyncio.run(ask())
    assert passed == ["lifespan", "http", "http"]
    assert json.loads(b"".join(report)) == {"s3 PUT": 2}


def test_a_write_is_counted_by_its_table_and_read_on_whole() -> None:
    read, report = b"", b""
    chunks = [b'{"TableName": "orders", "It', b'em": {"TableName": "no"}}']

    async def application(_scope: Any, receive: Any, _send: Any) -> None:
        nonlocal read
        for _ in chunks:
            read += (await receive())["body"]

    async def send(message: MutableMapping[str, Any]) -> None:
        nonlocal report
        report += message.get("body", b"")

    async def ask() -> None:
        serve = counted(application)
        for operation in ("PutItem", "GetItem"):
            left = iter(chunks)

            async def receive(left: Any = left) -> MutableMapping[str, Any]:
                return {"body": next(left)}

            headers = signed("dynamodb", (b"x-amz-target", f"DynamoDB_20120810.{operation}".encode()))
            await serve({"type": "http", "method": "POST", "path": "/", "headers": headers}, receive, send)
        await serve({"type": "http", "method": "GET", "path": WRITES_PATH, "headers": []}, receive, send)

    asyncio.run(ask())
    assert read == 2 * b"".join(chunks)
    assert json.loads(report) == {"orders PutItem": 1}
