"""A request that names its operation in a header goes straight to its service.

ministack first compares each request with the hosts and paths of some thirty other fronts (load balancers, function
URLs, buckets as hosts, consoles); that is half of what a read of one item costs it, and none of them has this header.
"""
# ruff: noqa: SLF001 — the way through ministack's private functions, as it goes itself

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from uuid import uuid4

from ministack import app as ministack_app
from ministack.core.responses import set_request_account_id, set_request_region
from ministack.core.router import extract_access_key_id, extract_region

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def shortened(application: Application) -> Application:
    """The application, for whatever names no operation; for all requests where permissions are enforced (AUTH)."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers(scope)
        if ministack_app.AUTH or not _is_named(scope, headers):
            await application(scope, receive, send)
            return
        set_request_account_id(extract_access_key_id(headers, {}))
        set_request_region(extract_region(headers, {}))
        try:
            body = await ministack_app._read_request_body(receive, "POST", headers)
        except ministack_app._RequestBodyDisconnected:
            return
        answer = await ministack_app._dispatch_service_request("POST", "/", headers, body, {}, str(uuid4()))
        await ministack_app._send_response(ministack_app._with_date_header(send), *answer)

    return serve


def _headers(scope: Scope) -> dict[str, str]:
    """By name in lower case, as the server hands them on; none of what is no request."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope.get("headers", ())}


def _is_named(scope: Scope, headers: dict[str, str]) -> bool:
    """A signed POST to the root without a query."""
    return (
        scope["type"] == "http"
        and (scope["method"], scope["path"], scope["query_string"]) == ("POST", "/", b"")
        and "x-amz-target" in headers
        and "Credential=" in headers.get("authorization", "")
    )
