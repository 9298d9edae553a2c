"""One HTTP exchange: what came in and what goes out."""

from __future__ import annotations

import json
from dataclasses import dataclass

JSON = ("Content-Type", "application/json; charset=utf-8")


@dataclass(frozen=True)
class Request:
    """A request as it came off the wire; header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    client_ip: str = "127.0.0.1"
    base_url: str = "http://127.0.0.1"


@dataclass(frozen=True)
class Response:
    """What is written back. `drip_seconds` is the pause before each byte of the body, 0 writes all at once."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    drip_seconds: float = 0.0


class BadRequest(ValueError):
    """What a simulator's admin is asked for cannot be; one sentence for the caller."""


def json_response(status: int, value: object, *headers: tuple[str, str]) -> Response:
    """A value as JSON."""
    body = json.dumps(value, ensure_ascii=False, default=str).encode()
    return Response(status, body, (JSON, *headers))
