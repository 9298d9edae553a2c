"""Which path is whose and who may ask: one table, and the rules that hold for all of it (a token, a size, 404, 405).

A table and not Powertools' resolver: it is a screen of code, costs no import, and a test reads it beside the OpenAPI
document.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote

from functions.operations.routes import (
    actions,
    attention,
    console,
    erasing,
    events,
    export,
    ledger,
    me,
    numbers,
    quarantine,
    queues,
    runbooks,
)
from functions.operations.routes.refusal import as_asked
from functions.operations.wiring import access
from functions.operations.wiring import events as events_table
from postcall.aws.http import HttpError, Request, Response, require_size
from postcall.domain.access import Right
from postcall.domain.said import said

MAXIMUM_BODY_BYTES = 65_536


@dataclass(frozen=True)
class Route:
    """`path` as in the OpenAPI document; each `{name}` is handed to `serve` as text, after the request and the name of
    whoever asks (empty where `is_public`). `right` is what the token must have; None is for any token.
    """

    method: str
    path: str
    serve: Callable[..., Response]
    right: Right | None
    is_public: bool = False

    def match(self, path: str) -> tuple[str, ...] | None:
        """What stands for each `{name}`, or None. An event's id may hold a slash, nothing else may."""
        pattern = "".join(_SLOTS.get(part, "([^/]+)") if part[:1] == "{" else re.escape(part) for part in _parts(self))
        found = re.fullmatch(pattern, path)
        return None if found is None else tuple(unquote(part) for part in found.groups())

    @property
    def literal_length(self) -> int:
        """How much of the path is fixed: of two routes that match, the longer one is meant."""
        return sum(len(part) for part in _parts(self) if part[:1] != "{")


def _parts(route: Route) -> list[str]:
    return re.split(r"(\{\w+\})", route.path)


_SLOTS = {"{event_id}": "(.+)"}
LOOK, ACT, ERASE = Right.LOOK, Right.ACT, Right.ERASE
ROUTES = (
    Route("GET", "/api/me", me.show, None),
    Route("GET", "/api/events", events.listed, LOOK),
    Route("GET", "/api/events/{event_id}", events.show, LOOK),
    Route("GET", "/api/events/{event_id}/call", events.call, LOOK),
    Route("POST", "/api/search", events.search, LOOK),
    Route("POST", "/api/events/{event_id}/resend-crm", actions.resend, ACT),
    Route("POST", "/api/events/{event_id}/resolve", actions.resolve, ACT),
    Route("POST", "/api/events/{event_id}/reanalyze", actions.reanalyze, ACT),
    Route("POST", "/api/events/{event_id}/continue", actions.continue_step, ACT),
    Route("POST", "/api/events/{event_id}/withdraw", actions.withdraw, ACT),
    Route("POST", "/api/events/{event_id}/close", actions.close, ACT),
    Route("POST", "/api/events/{event_id}/erase", erasing.event, ERASE),
    Route("POST", "/api/erase-person", erasing.person, ERASE),
    Route("POST", "/api/erasures/again", erasing.again, ERASE),
    Route("GET", "/api/export", export.show, LOOK),
    Route("GET", "/api/attention", attention.show, LOOK),
    Route("GET", "/api/runbooks/{name}", runbooks.show, LOOK),
    Route("GET", "/api/queues", queues.depths, LOOK),
    Route("POST", "/api/queues/{queue}/redrive", queues.redrive, ACT),
    Route("GET", "/api/numbers", numbers.of_days, LOOK),
    Route("GET", "/api/health", numbers.health, LOOK),
    Route("GET", "/api/quarantine", quarantine.listed, LOOK),
    Route("POST", "/api/quarantine/{quarantine_id}/release", quarantine.release, ACT),
    Route("DELETE", "/api/quarantine/{quarantine_id}", quarantine.discard, ACT),
    Route("GET", "/api/ledger/{day}", ledger.show, LOOK),
    Route("POST", "/api/ledger/{day}", ledger.make, ACT),
    Route("POST", "/api/reconcile", ledger.reconcile, ACT),
    Route("GET", "/api/openapi.json", console.openapi, None, is_public=True),
    Route("GET", "/api/docs", console.docs, None, is_public=True),
    Route("GET", "/", console.front, None, is_public=True),
    Route("GET", "/console", console.page, None, is_public=True),
    Route("GET", "/console/{file}", console.file, None, is_public=True),
)
_NOTHING_HERE = Route("", "none", lambda *_: {}, None)


def serve(request: Request) -> Response:
    """Answer one request. Raises `HttpError` and what the routes raise."""
    require_size(request, limit=MAXIMUM_BODY_BYTES)
    here = [(route, parts) for route in ROUTES if (parts := route.match(request.path)) is not None]
    here.sort(key=lambda found: found[0].literal_length, reverse=True)
    route, parts = next((each for each in here if each[0].method == request.method), (_NOTHING_HERE, ()))
    if route.is_public:
        return route.serve(request, "", *parts)
    return access().serve(
        request,
        lambda known: _served(known, route, parts, nearest=here[0][0] if here else _NOTHING_HERE),
        route=f"{request.method} {here[0][0].path if here else 'none'}",
        right=route.right,
        event_id=parts[0] if "{event_id}" in route.path else None,
    )


def _served(request: Request, route: Route, parts: tuple[str, ...], *, nearest: Route) -> Response:
    """`nearest` is the route of the longest path, whatever its method: `e1/close` is that action unless it is an id."""
    if nearest is _NOTHING_HERE:
        raise HttpError(HTTPStatus.NOT_FOUND, said("request.no_path"))
    if route is _NOTHING_HERE:
        raise HttpError(HTTPStatus.METHOD_NOT_ALLOWED, said("request.no_method"))
    who = request.token.name if request.token else ""
    if "{event_id}" not in route.path:
        return route.serve(request, who, *parts)
    given, *rest = parts
    event = events_table().find(given)
    if event is None and nearest.path != route.path:
        raise HttpError(HTTPStatus.METHOD_NOT_ALLOWED, said("request.no_method"))
    key = given if event is None else event.event_id
    return as_asked(lambda: route.serve(request, who, key, *rest), key=key, given=given)
