"""Act on one call: send its lead again, say what became of it, bring it on, or close it."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from functions.operations import interventions, wiring
from functions.operations.bodies import asked_reason, query_param, read_reason, read_resolution
from functions.operations.routes.refusal import refused
from functions.operations.usecases import resend as usecase
from postcall.aws.http import Request, Response, json_response
from postcall.aws.observe import count, logger
from postcall.domain.clock import SystemClock
from postcall.domain.json_object import read_object
from postcall.domain.said import said, said_members
from postcall.settings import flag


def resend(request: Request, who: str, event_id: str) -> Response:
    """Order one more attempt; by force, with a reason."""
    force = query_param(request, "force", flag) or False
    reason = asked_reason(request, why=said("request.reason.resend")) if force else ""
    with refused(event_id):
        ordered = usecase.resend(
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
    count("EventsResent")
    logger().info("operations.resend", extra={"event_id": event_id, "forced": force, "requested_by": who})
    members: dict[str, Any] = {"event_id": event_id, "status": "queued", "order_id": ordered.order_id, "forced": force}
    if ordered.warning is not None:
        members |= said_members("warning", ordered.warning)
    return json_response(HTTPStatus.ACCEPTED, members | {"requested_by": who})


def reanalyze(request: Request, who: str, event_id: str) -> Response:
    """Order a further analysis."""
    reason = read_reason(read_object(request.body), why=said("request.reason.analysis"))
    with refused(event_id):
        order = usecase.reanalyze(
            event_id,
            reason=reason,
            requested_by=who,
            events=wiring.events(),
            orders=wiring.reanalyses(),
            queue=wiring.analysis_queue(),
            clock=SystemClock(),
            new_id=lambda: str(uuid.uuid4()),
        )
    count("AnalysesOrdered")
    logger().info("operations.reanalyze", extra={"event_id": event_id, "requested_by": who})
    members = {"event_id": event_id, "status": "queued", "order_id": order.order_id, "requested_by": who}
    return json_response(HTTPStatus.ACCEPTED, members)


def resolve(request: Request, who: str, event_id: str) -> Response:
    """Settle an unknown outcome by what a person saw."""
    found = read_resolution(request.body, resolved_by=who)
    with refused(event_id):
        usecase.resolve(event_id, found, events=wiring.events(), dispatches=wiring.dispatches(), clock=SystemClock())
    count("OutcomesResolved")
    logger().info("operations.resolved", extra={"event_id": event_id, "delivered": found.delivered, "resolved_by": who})
    status = "delivered" if found.delivered else "rejected"
    return json_response(HTTPStatus.OK, {"event_id": event_id, "status": status, "resolved_by": who})


def continue_step(_request: Request, who: str, event_id: str) -> Response:
    """Bring on what stands still."""
    with refused(event_id):
        interventions.continue_step(
            event_id,
            events=wiring.events(),
            interventions=wiring.interventions(),
            analysis_queue=wiring.analysis_queue(),
            dispatch_queue=wiring.dispatch_queue(),
            clock=SystemClock(),
        )
    count("EventsContinued")
    logger().info("operations.continued", extra={"event_id": event_id, "requested_by": who})
    return json_response(HTTPStatus.ACCEPTED, {"event_id": event_id, "status": "queued", "requested_by": who})


def withdraw(_request: Request, who: str, event_id: str) -> Response:
    """Take an open order back."""
    with refused(event_id):
        event = interventions.withdraw(
            event_id, events=wiring.events(), interventions=wiring.interventions(), clock=SystemClock()
        )
    logger().info("operations.withdrawn", extra={"event_id": event_id, "requested_by": who})
    return json_response(HTTPStatus.OK, {"event_id": event_id, "status": event.status, "withdrawn_by": who})


def close(request: Request, who: str, event_id: str) -> Response:
    """Close a call without a lead."""
    reason = read_reason(read_object(request.body), why=said("request.reason.close"))
    with refused(event_id):
        interventions.close(
            event_id,
            reason=reason,
            closed_by=who,
            events=wiring.events(),
            interventions=wiring.interventions(),
            clock=SystemClock(),
        )
    count("EventsClosed")
    logger().info("operations.closed", extra={"event_id": event_id, "requested_by": who})
    return json_response(HTTPStatus.OK, {"event_id": event_id, "status": "excluded", "closed_by": who})
