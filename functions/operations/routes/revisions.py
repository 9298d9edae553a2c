"""The bodies that came under one id: look at what each says, and let the analysis read another one."""

from __future__ import annotations

import uuid
from http import HTTPStatus
from typing import Any

from functions.operations import wiring
from functions.operations.bodies import read_reason, read_text
from functions.operations.routes.refusal import refused
from functions.operations.telemetry import report
from functions.operations.usecases import UnknownRevision, use_revision
from postcall.aws.http import HttpError, Request, Response, json_response
from postcall.aws.revisions import StoredRevision
from postcall.domain.clock import SystemClock, write_time
from postcall.domain.event import ReanalysisOrder
from postcall.domain.json_object import read_object
from postcall.domain.parties import Role, parties_of
from postcall.domain.said import said


def listed(_request: Request, _who: str, event_id: str) -> Response:
    """Each content once, with whose numbers and addresses it names.

    Raises:
        HttpError: 404 for an event that nobody has stored.
    """
    if wiring.events().get(event_id) is None:
        raise HttpError(HTTPStatus.NOT_FOUND, said("event.missing"), event_id=event_id)
    found = [_shown(each) for each in wiring.revisions().of(event_id)]
    return json_response(HTTPStatus.OK, {"event_id": event_id, "revisions": found})


def use(request: Request, who: str, event_id: str) -> Response:
    """Let another content be the call's, and order the analysis of it; no lead is sent by that.

    Raises:
        HttpError: 404 for an unknown event or content, 409 where its state forbids it.
    """
    members = read_object(request.body)
    reason, sha256 = read_reason(members, why=said("request.reason.revision")), read_text(members, "sha256")
    with refused(event_id):
        try:
            order = _ordered(event_id, sha256, reason=reason, requested_by=who)
        except UnknownRevision as error:
            raise HttpError(HTTPStatus.NOT_FOUND, said("event.no_revision"), event_id=event_id) from error
    report("revision_used", by=who, event_id=event_id, sha256=sha256)
    members = {"event_id": event_id, "status": "queued", "order_id": order.order_id, "requested_by": who}
    return json_response(HTTPStatus.ACCEPTED, members)


def _ordered(event_id: str, sha256: str, *, reason: str, requested_by: str) -> ReanalysisOrder:
    return use_revision(
        event_id,
        sha256,
        reason=reason,
        requested_by=requested_by,
        events=wiring.events(),
        revisions=wiring.revisions(),
        queue=wiring.analysis_queue(),
        clock=SystemClock(),
        new_id=lambda: str(uuid.uuid4()),
    )


def _shown(revision: StoredRevision) -> dict[str, Any]:
    own = [party for party, role in parties_of(revision.body).items() if role is Role.OWN]
    return {
        "sha256": revision.sha256,
        "received_at": write_time(revision.received_at),
        "bytes": len(revision.body),
        "source": revision.source,
        "is_used": revision.is_used,
        "phones": sorted(f"+{party.value}" for party in own if party.kind == "phone"),
        "emails": sorted(party.value for party in own if party.kind == "email"),
    }
