"""The numbers of a day, and the state of the whole at a glance."""

from __future__ import annotations

from datetime import UTC, date, datetime
from http import HTTPStatus
from os import environ

from functions.operations import health as state
from functions.operations import wiring
from functions.operations.bodies import day, query_param
from functions.operations.usecases.count import numbers
from postcall.aws import clients
from postcall.aws.circuit_table import CircuitTable
from postcall.aws.day_events import events_of_day
from postcall.aws.http import Request, Response, json_response
from postcall.aws.pending_index import PendingIndex
from postcall.domain.event_id import public_id


def of_day(request: Request, _who: str) -> Response:
    """Sums over the events that came on one day (UTC), today unless asked for another."""
    settings: date = query_param(request, "day", day) or datetime.now(UTC).date()
    found = events_of_day(clients.dynamodb(), wiring.load_settings().events_table, settings)
    return json_response(
        HTTPStatus.OK, {"day": settings.isoformat(), "complete": found.complete, **numbers(found.rows)}
    )


def health(_request: Request, _who: str) -> Response:
    """The circuit to the CRM, events that nobody moves any more, the webhook and the last reconciliation."""
    client, settings = clients.dynamodb(), wiring.load_settings()
    stuck = PendingIndex(client, settings.events_table).abandoned(limit=state.STUCK_SHOWN)
    return json_response(
        HTTPStatus.OK,
        {
            "environment": environ.get("POSTCALL_ENVIRONMENT", ""),
            "breaker": state.breaker(CircuitTable(client, settings.circuits_table).get()),
            "stuck": [public_id(event_id) for event_id in stuck],
            "search": bool(wiring.contact_key()),
            **wiring.watch(),
        },
    )
