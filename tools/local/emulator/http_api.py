"""The deployed HTTP API at the root of a port, as behind its own host name on AWS: limits, throttle, forwarded headers.

ministack serves an API below `/_aws/execute-api/<id>/$default/`, where `$default` is a trap in any shell, and without
API Gateway's limits. Sources: API Gateway's quotas for HTTP APIs (10 MB of payload), its developer guide on throttling.
"""
# ruff: noqa: SLF001 — the gaps are closed from outside, in ministack's private functions

from __future__ import annotations

import base64
import json
import os
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from ministack import app as ministack_app
from ministack.core.responses import set_request_region
from ministack.services import apigateway

from tools.local.emulator.throttle import Throttle

MAX_BODY_BYTES = 10 * 1024 * 1024
STAGE = "$default"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Answer = tuple[int, dict[str, Any], bytes]


def application(port: int) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """The ASGI application for the port."""
    throttle = Throttle()

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            status, headers, body = await _answer(scope, receive, port, throttle)
            headers.setdefault("apigw-requestid", base64.b64encode(os.urandom(11)).decode())
            await ministack_app._send_response(send, status, headers, body, head=scope["method"] == "HEAD")

    return serve


async def _answer(scope: Scope, receive: Receive, port: int, throttle: Throttle) -> Answer:
    body = await _body(receive)
    if body is None:
        return _message(413, "Request Entity Too Large")
    found = _newest_api()
    if found is None:
        return _message(404, "Not Found")
    api_id, region = found
    set_request_region(region)
    if not throttle.admits(api_id, apigateway.stages_for_api(api_id).get(STAGE) or {}):
        return _message(429, "Too Many Requests")
    query = scope.get("query_string", b"").decode("latin-1")
    answer: Answer = await apigateway.handle_execute(
        api_id,
        STAGE,
        apigateway.decode_http_api_path(scope["raw_path"].decode("latin-1")),
        scope["method"],
        _headers(scope, port),
        body,
        parse_qs(query, keep_blank_values=True),
        raw_query_string=query,
    )
    return answer


def _newest_api() -> tuple[str, str] | None:
    """The id and the region of the HTTP API deployed last: the local stack has one."""
    apis = [(key, api) for key, api in apigateway._apis.all_items() if api.get("protocolType") == "HTTP"]
    if not apis:
        return None
    (_account, region, api_id), _api = apis[-1]
    return api_id, region


def _headers(scope: Scope, port: int) -> dict[str, str]:
    """The request's headers in lower case, repeated ones joined, with those API Gateway adds."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}{'; ' if name == 'cookie' else ','}{value}" if name in headers else value
    client = (scope.get("client") or ("127.0.0.1",))[0]
    headers["x-forwarded-for"] = ", ".join(filter(None, [headers.get("x-forwarded-for"), client]))
    headers["x-forwarded-port"] = str(port)
    headers["x-forwarded-proto"] = str(scope.get("scheme", "http"))
    headers.setdefault("x-amzn-trace-id", f"Root=1-{int(time.time()):08x}-{secrets.token_hex(12)}")
    return headers


async def _body(receive: Receive) -> bytes | None:
    """The whole body; nothing when it is over the limit (it is read to its end, so that the client hears why)."""
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= MAX_BODY_BYTES:
            chunks.append(chunk)
        if message["type"] != "http.request" or not message.get("more_body", False):
            return b"".join(chunks) if size <= MAX_BODY_BYTES else None


def _message(status: int, text: str) -> Answer:
    """API Gateway's own answer."""
    return status, {"Content-Type": "application/json"}, json.dumps({"message": text}, separators=(",", ":")).encode()


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
