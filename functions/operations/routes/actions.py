"""Act on one call: send its lead again, say what became of it, bring it on, or close it."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from functions.operations import usecases, wiring
from functions.operations.bodies import asked_reason, query_param, read_reason, read_resolution
from functions.operations.routes.refusal import refused
from functions.operations.telemetry import report
from postcall.aws.http import Request, Response, json_response
from postcall.domain.clock import SystemClock
from postcall.domain.event import ReanalysisOrder
from postcall.domain.json_object import read_object
from postcall.domain.said import said, said_members
from postcall.settings import flag


def resend(request: Request, who: str, event_id: str) -> Response:
    """Order one more attempt; by force, with a reason."""
    force = query_param(request, "force", flag) or False
    reason = asked_reason(request, why=said("request.reason.resend")) if force else ""
    with refused(event_id):
        ordered = usecases.resend(
            event_id,
            force=force,
            requested_by=who,
            reason=reason,
            today=wiring.guarantee(),
            events=wiring.events(),
            dispatches=wiring.dispatches(),
            queue=wiring.dispatch_queue(),
            clock=SystemClock(),
            new_id=lambda: str(uuid.uuid4()),
        )
    report("resend", by=who, event_id=event_id, forced=force)
    members: dict[str, Any] = {"event_id": event_id, "status": "queued", "order_id": ordered.order_id, "forced": force}
    if ordered.warning is not None:
        members |= said_members("warning", ordered.warning)
    return json_response(HTTPStatus.ACCEPTED, members | {"requested_by": who})


def reanalyze(request: Request, who: str, event_id: str) -> Response:
    """Order a further analysis."""
    reason = read_reason(read_object(request.body), why=said("request.reason.analysis"))
    with refused(event_id):
        order = order_reanalysis(event_id, reason=reason, requested_by=who)
    report("reanalyze", by=who, event_id=event_id)
    members = {"event_id": event_id, "status": "queued", "order_id": order.order_id, "requested_by": who}
    return json_response(HTTPStatus.ACCEPTED, members)


def order_reanalysis(event_id: str, *, reason: str, requested_by: str) -> ReanalysisOrder:
    """The use case with its needs.

    Raises:
        UnknownEvent: Nobody has stored one with this id.
        Conflict: The event's state forbids it, or it has just moved.
    """
    return usecases.reanalyze(
        event_id,
        reason=reason,
        requested_by=requested_by,
        events=wiring.events(),
        orders=wiring.reanalyses(),
        queue=wiring.analysis_queue(),
        clock=SystemClock(),
        new_id=lambda: str(uuid.uuid4()),
    )


def resolve(request: Request, who: str, event_id: str) -> Response:
    """Settle an unknown outcome by what a person saw."""
    found = read_resolution(request.body, resolved_by=who)
    with refused(event_id):
        usecases.resolve(event_id, found, events=wiring.events(), dispatches=wiring.dispatches(), clock=SystemClock())
    report("resolved", by=who, event_id=event_id, delivered=found.delivered)
    status = "delivered" if found.delivered else "rejected"
    return json_response(HTTPStatus.OK, {"event_id": event_id, "status": status, "resolved_by": who})


def continue_step(_request: Request, who: str, event_id: str) -> Response:
    """Bring on what stands still."""
    with refused(event_id):
        usecases.continue_step(
            event_id,
            events=wiring.events(),
            interventions=wiring.interventions(),
            analysis_queue=wiring.analysis_queue(),
            dispatch_queue=wiring.dispatch_queue(),
            clock=SystemClock(),
        )
    report("continued", by=who, event_id=event_id)
    return json_response(HTTPStatus.ACCEPTED, {"event_id": event_id, "status": "queued", "requested_by": who})


def withdraw(_request: Request, who: str, event_id: str) -> Response:
    """Take an open order back."""
    with refused(event_id):
        event = usecases.withdraw(
            event_id, events=wiring.events(), interventions=wiring.interventions(), clock=SystemClock()
        )
    report("withdrawn", by=who, event_id=event_id)
    return json_response(HTTPStatus.OK, {"event_id": event_id, "status": event.status, "withdrawn_by": who})


def close(request: Request, who: str, event_id: str) -> Response:
    """Close a call without a lead."""
    reason = read_reason(read_object(request.body), why=said("request.reason.close"))
    with refused(event_id):
        usecases.close(
            event_id,
            reason=reason,
            closed_by=who,
            events=wiring.events(),
            persons=wiring.parties(),
            interventions=wiring.interventions(),
            clock=SystemClock(),
        )
    report("closed", by=who, event_id=event_id)
    return json_response(HTTPStatus.OK, {"event_id": event_id, "status": "excluded", "closed_by": who})
