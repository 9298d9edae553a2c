"""intake's Lambda: a request of the API, or a command of another step."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from functions.intake.commands import serve_command
from functions.intake.usecases import IngestResult
from functions.intake.webhook import serve_webhook
from functions.intake.wiring import access, ingest_call, load_settings
from postcall.aws.http import HttpError, Request, Response, handle_request, json_response, require_size
from postcall.aws.invocation import bounded
from postcall.aws.observe import flush_metrics
from postcall.domain.access import Right
from postcall.domain.event import IncomingCall, Source
from postcall.domain.event_id import api_event_id
from postcall.domain.said import said


@bounded
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Serve one HTTP request, or one command: only a call of the function itself has no request context."""
    try:
        if "requestContext" not in event:
            return serve_command(event)
        return handle_request(_serve, event)
    finally:
        flush_metrics()


def _serve(request: Request) -> Response:
    require_size(request, limit=load_settings().intake_max_body_bytes)
    if request.path == "/webhooks/elevenlabs":
        return serve_webhook(request)
    if request.path == "/api/analyze":
        return access().serve(request, serve_analyze, route="POST /api/analyze", right=Right.BRING)
    raise HttpError(HTTPStatus.NOT_FOUND, said("request.no_path"))


def serve_analyze(request: Request) -> Response:
    """A call that one of our own systems brings.

    Raises:
        HttpError: The body is no such call.
    """
    from postcall.domain.analyze_request import (  # noqa: PLC0415 — no webhook needs it
        read_analyze_request,
        require_no_contact,
    )

    asked = read_analyze_request(request.body)
    require_no_contact(asked)
    receipt = ingest_call(
        IncomingCall(
            event_id=api_event_id(asked.event_id),
            source=Source.API,
            type="analyze_request",
            body=request.body,
            agent_id=asked.agent_id,
            conversation_id=asked.conversation_id,
            brought_by=request.token.name if request.token else None,
        )
    )
    status = HTTPStatus.ACCEPTED if receipt.status is IngestResult.RECEIVED else HTTPStatus.OK
    return json_response(status, {"event_id": asked.event_id, "status": receipt.status})
