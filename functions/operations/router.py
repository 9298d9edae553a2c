"""Which path is whose: one table, and the rules that hold for all of it (a token, a size, 404 and 405).

A table and not Powertools' resolver: it is a screen of code, costs no import, and a test reads it beside the OpenAPI
document.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote

from functions.operations.routes import actions, console, erasing, events, ledger, numbers, quarantine, queues
from functions.operations.wiring import settings
from postcall.aws.http import Answer, HttpError, Request, require_size, require_token

MAXIMUM_BODY_BYTES = 65_536


@dataclass(frozen=True)
class Route:
    """`path` as in the OpenAPI document; each `{name}` is handed to `serve` as text, after the request and the name of
    whoever asks (empty where `is_public`).
    """

    method: str
    path: str
    serve: Callable[..., Answer]
    is_public: bool = False

    def match(self, path: str) -> tuple[str, ...] | None:
        """What stands for each `{name}`, or None."""
        pattern = "".join("([^/]+)" if part.startswith("{") else re.escape(part) for part in _PARTS.split(self.path))
        found = re.fullmatch(pattern, path)
        return None if found is None else tuple(unquote(part) for part in found.groups())


_PARTS = re.compile(r"(\{\w+\})")
ROUTES = (
    Route("GET", "/api/events", events.listed),
    Route("GET", "/api/events/{event_id}", events.show),
    Route("GET", "/api/events/{event_id}/call", events.call),
    Route("POST", "/api/search", events.search),
    Route("POST", "/api/events/{event_id}/resend-crm", actions.resend),
    Route("POST", "/api/events/{event_id}/resolve", actions.resolve),
    Route("POST", "/api/events/{event_id}/reanalyze", actions.reanalyze),
    Route("POST", "/api/events/{event_id}/continue", actions.continue_step),
    Route("POST", "/api/events/{event_id}/withdraw", actions.withdraw),
    Route("POST", "/api/events/{event_id}/close", actions.close),
    Route("POST", "/api/events/{event_id}/erase", erasing.event),
    Route("POST", "/api/erase-person", erasing.person),
    Route("GET", "/api/queues", queues.depths),
    Route("POST", "/api/queues/{queue}/redrive", queues.redrive),
    Route("GET", "/api/numbers", numbers.of_day),
    Route("GET", "/api/health", numbers.health),
    Route("GET", "/api/quarantine", quarantine.listed),
    Route("POST", "/api/quarantine/{quarantine_id}/release", quarantine.release),
    Route("DELETE", "/api/quarantine/{quarantine_id}", quarantine.discard),
    Route("GET", "/api/ledger/{day}", ledger.show),
    Route("POST", "/api/reconcile", ledger.reconcile),
    Route("GET", "/api/openapi.json", console.openapi, is_public=True),
    Route("GET", "/api/docs", console.docs, is_public=True),
    Route("GET", "/console", console.page, is_public=True),
    Route("GET", "/console/{file}", console.file, is_public=True),
)


def serve(request: Request) -> Answer:
    """Answer one request. Raises `HttpError` and what the routes raise."""
    require_size(request, limit=MAXIMUM_BODY_BYTES)
    here = [(route, parts) for route in ROUTES if (parts := route.match(request.path)) is not None]
    for route, parts in here:
        if route.method == request.method and route.is_public:
            return route.serve(request, "", *parts)
    who = require_token(request, secret_id=settings().operator_tokens_secret_id)
    for route, parts in here:
        if route.method == request.method:
            return route.serve(request, who, *parts)
    if here:
        raise HttpError(HTTPStatus.METHOD_NOT_ALLOWED, "This path does not take that method.")
    raise HttpError(HTTPStatus.NOT_FOUND, "There is nothing at this path.")
