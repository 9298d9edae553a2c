"""The two work queues: how full they are, their dead letters, and the redrive of these."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from functions.operations import wiring
from functions.operations.bodies import asked_reason, read_flag, read_text
from functions.operations.dead_letters import DeadLetter, WorkQueue
from functions.operations.routes.refusal import refused
from functions.operations.telemetry import report
from postcall.aws.http import HttpError, Request, Response, json_response
from postcall.domain.clock import write_time
from postcall.domain.event_id import public_id
from postcall.domain.json_object import read_object
from postcall.domain.said import said, said_members


def depths(_request: Request, _who: str) -> Response:
    """How many messages wait, are being served, or are dead letters."""
    return json_response(HTTPStatus.OK, {word: queue.depths() for word, queue in wiring.work_queues().items()})


def redrive(request: Request, who: str, queue: str) -> Response:
    """Send the dead letters back to their queue; or, as a preview, show them.

    Raises:
        HttpError: 404 for a queue that is not ours.
    """
    members = read_object(request.body or b"{}")
    preview = read_flag(members, "preview", default=False)
    cause = read_text(members, "cause") if "cause" in members else None
    settings = wiring.work_queues().get(queue)
    if settings is None:
        raise HttpError(HTTPStatus.NOT_FOUND, said("request.queue"))
    depth = settings.depths()["dead_letters"]
    if preview:
        return json_response(HTTPStatus.OK, {"depth_before": depth, "messages": _shown(settings), "task": None})
    reason = asked_reason(request, why=said("request.reason.redrive"))
    with refused():
        moved = _moved(settings, cause)
    report("redrive", by=who, reason=reason, queue=queue, depth=depth, **moved)
    return json_response(HTTPStatus.ACCEPTED, {"depth_before": depth, "messages": [], "requested_by": who} | moved)


def _moved(queue: WorkQueue, cause: str | None) -> dict[str, Any]:
    if cause is None:
        return {"task": queue.redrive()}
    return {"task": None, "moved": queue.redrive_cause(cause)}


def _shown(queue: WorkQueue) -> list[dict[str, Any]]:
    """Each with where its event stands now: a redrive sends only what was surely not created."""
    return [
        {
            "event_id": letter.event_id and public_id(letter.event_id),
            **said_members("reason", letter.reason),
            "cause": letter.cause,
            "since": letter.sent_at and write_time(letter.sent_at),
            "status": _status(letter),
        }
        for letter in queue.look()
    ]


def _status(letter: DeadLetter) -> str | None:
    event = wiring.events().get(letter.event_id) if letter.event_id else None
    return None if event is None else event.status.value
