"""The window on a simulated server, on a port of its own: JSON in and out, for pages of this very address alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tools.simulators.http.messages import BadRequest, Request, Response, json_response

JsonObject = dict[str, Any]
Routes = Mapping[tuple[str, str], Callable[[JsonObject], object]]
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
SAFE = (
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class AdminApi:
    """The admin API without its sockets.

    A route gets the members of the body, or of the query where there is no body. `files` are those of its page.
    """

    def __init__(self, host: str, routes: Routes, files: Mapping[str, Path] | None = None) -> None:
        self._host = host
        self._routes = routes
        self._files = files or {}

    def answer(self, request: Request) -> Response:
        """Whatever is asked for."""
        if self._is_foreign(request.headers):
            return json_response(403, {"error": "only pages of this address may ask"}, *SAFE)
        parts = urlsplit(request.path)
        if request.method == "GET" and parts.path in self._files:
            file = self._files[parts.path]
            return Response(200, file.read_bytes(), (("Content-Type", f"{KINDS[file.suffix]}; charset=utf-8"), *SAFE))
        route = self._routes.get((request.method, parts.path))
        if route is None:
            return json_response(404, {"error": f"there is no {request.method} {parts.path}"}, *SAFE)
        try:
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            return json_response(200, route(_object(request.body) if request.body else query), *SAFE)
        except (BadRequest, TypeError) as error:
            return json_response(400, {"error": str(error)}, *SAFE)

    def _is_foreign(self, headers: Mapping[str, str]) -> bool:
        """Whether a page of another site asks, by its Origin or by a name that it lets point to loopback."""
        host, origin = headers.get("host", ""), headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return True
        return self._host in _LOOPBACK and urlsplit(f"//{host}").hostname not in _LOOPBACK


def fault_order(order: JsonObject) -> tuple[str, int, float | None]:
    """`{"fault": name, "count": 1, "number": seconds or Retry-After}`.

    Raises:
        BadRequest: What a simulator's admin is asked for cannot be; one sentence for the caller.
    """
    count, number = order.get("count", 1), order.get("number")
    if not isinstance(count, int) or count < 1:
        raise BadRequest("count must be a positive whole number")
    if number is not None and not isinstance(number, int | float):
        raise BadRequest("number must be a number: seconds of a delay, or Retry-After")
    return str(order.get("fault")), count, number


def _object(body: bytes) -> JsonObject:
    """Raises `BadRequest`."""
    try:
        found = json.loads(body)
    except ValueError as error:
        raise BadRequest(f"the body is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise BadRequest("the body must be a JSON object")
    return found
