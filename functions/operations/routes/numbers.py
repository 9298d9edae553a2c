"""The numbers of some days, and the state of the whole at a glance."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from http import HTTPStatus
from os import environ
from typing import Any

from functions.operations import health as state
from functions.operations import wiring
from functions.operations.bodies import day, query_param, zone_of
from functions.operations.usecases.count import numbers
from postcall.aws import clients
from postcall.aws.circuit_table import CircuitTable
from postcall.aws.day_events import events_between
from postcall.aws.http import Request, Response, json_response
from postcall.aws.pending_index import PendingIndex
from postcall.domain.event_id import public_id
from postcall.domain.zone import midnight
from postcall.settings import parse_int

MOST_DAYS = 31


def of_days(request: Request, _who: str) -> Response:
    """Sums over the events that came on the `days` days up to `day`, today unless asked for another, of a time zone."""
    return json_response(HTTPStatus.OK, sums_of_days(request))


def sums_of_days(request: Request) -> dict[str, Any]:
    """The sums as the API says them."""
    zone = zone_of(request)
    last: date = query_param(request, "day", day) or datetime.now(zone).date()
    length: int = query_param(request, "days", parse_int(1, MOST_DAYS)) or 1
    days = [last - timedelta(days=back) for back in reversed(range(length))]
    begin, end = midnight(days[0], zone), midnight(last + timedelta(days=1), zone)
    settings = wiring.load_settings()
    found = events_between(
        clients.dynamodb(), settings.events_table, begin, end, day_partitions=settings.event_day_partitions
    )
    return {
        "day": last.isoformat(),
        "zone": zone.key,
        "complete": found.complete,
        **numbers(found.rows, days=days, zone=zone),
    }


def health(_request: Request, _who: str) -> Response:
    """The circuit to the CRM, events that nobody moves any more, the webhook and the last reconciliation."""
    client, settings = clients.dynamodb(), wiring.load_settings()
    stalled = PendingIndex(client, settings.events_table).abandoned(limit=state.STALLED_SHOWN)
    return json_response(
        HTTPStatus.OK,
        {
            "environment": environ.get("POSTCALL_ENVIRONMENT", ""),
            "breaker": state.breaker(CircuitTable(client, settings.circuits_table).get()),
            "stuck": [public_id(event_id) for event_id in stalled],
            "search": bool(wiring.contact_key()),
            **wiring.watch(),
        },
    )
