"""The numbers of a day, and the state of the whole at a glance."""

from __future__ import annotations

from datetime import UTC, date, datetime
from http import HTTPStatus
from os import environ

from functions.operations import health as state
from functions.operations import wiring
from functions.operations.bodies import asked, day
from functions.operations.numbers import numbers
from postcall.aws import clients
from postcall.aws.circuit_table import CircuitTable
from postcall.aws.day_events import events_of_day
from postcall.aws.http import Answer, Request, answer
from postcall.aws.pending_index import PendingIndex
from postcall.domain.event_id import public_id


def of_day(request: Request, _who: str) -> Answer:
    """Sums over the events that came on one day (UTC), today unless asked for another."""
    chosen: date = asked(request, "day", day) or datetime.now(UTC).date()
    found = events_of_day(clients.dynamodb(), wiring.settings().events_table, chosen)
    return answer(HTTPStatus.OK, {"day": chosen.isoformat(), "complete": found.complete, **numbers(found.rows)})


def health(_request: Request, _who: str) -> Answer:
    """The circuit to the CRM, events that nobody moves any more, the webhook and the last reconciliation."""
    client, chosen = clients.dynamodb(), wiring.settings()
    stuck = PendingIndex(client, chosen.events_table).given_up(limit=state.STUCK_SHOWN)
    return answer(
        HTTPStatus.OK,
        {
            "environment": environ.get("POSTCALL_ENVIRONMENT", ""),
            "breaker": state.breaker(CircuitTable(client, chosen.circuits_table).get()),
            "stuck": [public_id(event_id) for event_id in stuck],
            "search": bool(wiring.contact_key()),
            **wiring.watch(),
        },
    )
