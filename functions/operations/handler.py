"""operations' Lambda: the operator API. Each route asks for a token, reads or orders, and answers."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from http import HTTPStatus
from os import environ
from typing import Any
from urllib.parse import unquote

from functions.operations.resolution import read_resolution
from functions.operations.settings import Settings
from functions.operations.usecase import Conflict, UnknownEvent, resend, resolve
from functions.operations.views import analysis_detail, attempt_detail, event_detail, event_summary
from postcall.aws import clients
from postcall.aws.analysis_table import AnalysisTable
from postcall.aws.dispatch_table import DispatchTable
from postcall.aws.event_lists import EventLists
from postcall.aws.event_table import EventTable
from postcall.aws.http import Answer, HttpError, Request, answer, answered, require_size, require_token
from postcall.aws.observe import count, flush_metrics, logger
from postcall.aws.queues import Queue
from postcall.domain.clock import SystemClock
from postcall.domain.status import Status
from postcall.settings import flag, read_settings, whole

MAXIMUM_PAGE = 100
MAXIMUM_BODY_BYTES = 65_536


def handler(event: dict[str, Any], _context: object) -> Answer:
    """Serve one HTTP request."""
    try:
        return answered(_serve, event)
    finally:
        flush_metrics()


@cache
def _settings() -> Settings:
    return read_settings(Settings, environ)


@cache
def _events() -> EventTable:
    return EventTable(clients.dynamodb(), _settings().events_table, None, ttl_days=_settings().event_ttl_days)


def _serve(request: Request) -> Answer:
    require_size(request, limit=MAXIMUM_BODY_BYTES)
    who = require_token(request, secret_id=_settings().operator_tokens_secret_id)
    for method, pattern, serve in _ROUTES:
        match = pattern.fullmatch(request.path)
        if match and request.method == method:
            return serve(request, who, *(unquote(part) for part in match.groups()))
    if any(pattern.fullmatch(request.path) for _, pattern, _ in _ROUTES):
        raise HttpError(HTTPStatus.METHOD_NOT_ALLOWED, "This path does not take that method.")
    raise HttpError(HTTPStatus.NOT_FOUND, "There is nothing at this path.")


def _list(request: Request, _who: str) -> Answer:
    settings = _settings()
    lists = EventLists(clients.dynamodb(), settings.events_table, ttl_days=settings.event_ttl_days)
    limit = _asked(request, "limit", whole(1, MAXIMUM_PAGE)) or 25
    cursor = request.query.get("cursor") or None
    status = _asked(request, "status", _status)
    if status is not None:
        page = lists.by_status(status, limit=limit, cursor=cursor)
    else:
        only = _asked(request, "day", _day)
        page = lists.by_day(now=datetime.now(UTC), limit=limit, cursor=cursor, only=only)
    return answer(
        HTTPStatus.OK,
        {"events": [event_summary(event) for event in page.events], "next_cursor": page.cursor},
    )


def _analyses() -> AnalysisTable:
    chosen = _settings()
    return AnalysisTable(
        clients.dynamodb(),
        analyses=chosen.analyses_table,
        events=chosen.events_table,
        ttl_days=chosen.event_ttl_days,
    )


def _dispatches() -> DispatchTable:
    chosen = _settings()
    return DispatchTable(
        clients.dynamodb(),
        dispatches=chosen.dispatches_table,
        events=chosen.events_table,
        ttl_days=chosen.event_ttl_days,
    )


def _show(_request: Request, _who: str, event_id: str) -> Answer:
    event = _events().get(event_id)
    if event is None:
        raise HttpError(HTTPStatus.NOT_FOUND, "There is no event with this id.")
    analyses = _analyses().all(event_id)
    attempts = _dispatches().attempts(event_id)
    return answer(
        HTTPStatus.OK,
        {
            "event": event_detail(event),
            "analysis": analysis_detail(analyses[0]) if analyses else None,
            "earlier_analyses": [analysis_detail(recorded) for recorded in analyses[1:]],
            "dispatches": [attempt_detail(attempt) for attempt in attempts],
        },
    )


def _resend(request: Request, who: str, event_id: str) -> Answer:
    force = _asked(request, "force", flag) or False
    try:
        ordered = resend(
            event_id,
            force=force,
            requested_by=who,
            overwrites=_settings().crm_deduplication == "lead_id",
            events=_events(),
            queue=Queue(clients.sqs(), _settings().dispatch_queue_url),
            clock=SystemClock(),
            new_id=lambda: str(uuid.uuid4()),
        )
    except (UnknownEvent, Conflict) as error:
        raise _refusal(error, event_id) from error
    count("EventsResent")
    logger().info("operations.resend", extra={"event_id": event_id, "forced": force, "requested_by": who})
    members: dict[str, Any] = {"event_id": event_id, "status": "queued", "order_id": ordered.order_id, "forced": force}
    if ordered.warning is not None:
        members["warning"] = ordered.warning
    return answer(HTTPStatus.ACCEPTED, members | {"requested_by": who})


def _resolve(request: Request, who: str, event_id: str) -> Answer:
    found = read_resolution(request.body, resolved_by=who)
    try:
        resolve(event_id, found, events=_events(), dispatches=_dispatches(), clock=SystemClock())
    except (UnknownEvent, Conflict) as error:
        raise _refusal(error, event_id) from error
    count("OutcomesResolved")
    logger().info("operations.resolved", extra={"event_id": event_id, "delivered": found.delivered, "resolved_by": who})
    status = "delivered" if found.delivered else "rejected"
    return answer(HTTPStatus.OK, {"event_id": event_id, "status": status, "resolved_by": who})


def _refusal(error: UnknownEvent | Conflict, event_id: str) -> HttpError:
    status = HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.NOT_FOUND
    return HttpError(status, str(error), event_id=event_id)


def _asked(request: Request, name: str, parse: Callable[[str], Any]) -> Any:  # noqa: ANN401 — whatever the parser makes
    text = request.query.get(name)
    if text is None or text == "":
        return None
    try:
        return parse(text)
    except ValueError as error:
        raise HttpError(HTTPStatus.BAD_REQUEST, f"{name}: {error}") from error


def _status(text: str) -> Status:
    try:
        return Status(text)
    except ValueError:
        raise ValueError(f"the status is none of {', '.join(Status)}.") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("the day is not of the form 2026-01-31.") from None


_ROUTES: tuple[tuple[str, re.Pattern[str], Callable[..., Answer]], ...] = (
    ("GET", re.compile(r"/api/events"), _list),
    ("GET", re.compile(r"/api/events/([^/]+)"), _show),
    ("POST", re.compile(r"/api/events/([^/]+)/resend-crm"), _resend),
    ("POST", re.compile(r"/api/events/([^/]+)/resolve"), _resolve),
)
