"""The handlers behind a plain HTTP server on loopback: for tools that must speak HTTP to find faults in an API."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import functions.intake.handler
import functions.operations.handler
from tools.simulators.http.messages import Request, Response
from tools.simulators.http.server import Listener

INTAKE = {("POST", "/webhooks/elevenlabs"), ("POST", "/api/analyze")}


def _answer(request: Request) -> Response:
    """Turns a request into API Gateway's event (payload 2.0), and the answer back."""
    parts = urlsplit(request.path)
    event = {
        "version": "2.0",
        "rawPath": parts.path,
        "headers": request.headers,
        "queryStringParameters": dict(parse_qsl(parts.query, keep_blank_values=True)) or None,
        "requestContext": {"http": {"method": request.method, "path": unquote(parts.path)}},
        "body": base64.b64encode(request.body).decode(),
        "isBase64Encoded": True,
    }
    to_intake = (request.method, parts.path) in INTAKE
    handler = functions.intake.handler if to_intake else functions.operations.handler
    try:
        answer: dict[str, Any] = handler.handler(event, None)
    except Exception as error:  # noqa: BLE001 — what Lambda makes a 500 of; the tool must see it
        answer = {"statusCode": 500, "headers": {}, "body": repr(error)}
    text = answer.get("body") or ""
    body = base64.b64decode(text) if answer.get("isBase64Encoded") else text.encode()
    return Response(answer["statusCode"], body, tuple(answer.get("headers", {}).items()))


@contextmanager
def serving() -> Iterator[str]:
    """The address of the running server."""
    with Listener(_answer) as server:
        yield server.url
