"""intake's Lambda: verify, read, take in, answer."""

from __future__ import annotations

from functools import cache, partial
from http import HTTPStatus
from os import environ
from typing import Any

from functions.intake.elevenlabs import Ignored, read_envelope
from functions.intake.secret_rotation import verify
from functions.intake.settings import Settings
from functions.intake.usecase import Receipt, Taken, take_in
from postcall.aws import clients
from postcall.aws.event_table import EventTable
from postcall.aws.http import Answer, HttpError, Request, answer, answered, require_size, require_token
from postcall.aws.observe import count, flush_metrics, logger
from postcall.aws.payloads import Payloads
from postcall.aws.queues import Queue
from postcall.domain.analyze_request import read_analyze_request
from postcall.domain.clock import SystemClock
from postcall.domain.event import IncomingCall, Source
from postcall.settings import read_settings


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
def _take_in() -> partial[Receipt]:
    settings = _settings()
    payloads = Payloads(clients.s3(), settings.payload_bucket)
    return partial(
        take_in,
        events=EventTable(clients.dynamodb(), settings.events_table, payloads, ttl_days=settings.event_ttl_days),
        queue=Queue(clients.sqs(), settings.analysis_queue_url),
        clock=SystemClock(),
    )


def _serve(request: Request) -> Answer:
    require_size(request, limit=_settings().max_body_bytes)
    if request.path == "/webhooks/elevenlabs":
        return _webhook(request)
    if request.path == "/api/analyze":
        return _analyze(request)
    raise HttpError(HTTPStatus.NOT_FOUND, "There is nothing at this path.")


def _webhook(request: Request) -> Answer:
    settings = _settings()
    verify(
        request,
        secret_id=settings.elevenlabs_webhook_secret_id,
        tolerance_seconds=settings.signature_tolerance_seconds,
        clock=SystemClock(),
    )
    call = read_envelope(request.body)
    if isinstance(call, Ignored):
        count("EventsIgnored")
        logger().info("intake.ignored", extra={"event_type": call.type, "event_id": call.event_id})
        return answer(HTTPStatus.OK, {"event_id": call.event_id, "status": Taken.IGNORED})
    return _told(_taken(call), HTTPStatus.OK)


def _analyze(request: Request) -> Answer:
    require_token(request, secret_id=_settings().operator_tokens_secret_id)
    asked = read_analyze_request(request.body)
    call = IncomingCall(
        event_id=asked.event_id,
        source=Source.API,
        type="analyze_request",
        body=request.body,
        agent_id=asked.agent_id,
        conversation_id=asked.conversation_id,
    )
    return _told(_taken(call), HTTPStatus.ACCEPTED)


def _taken(call: IncomingCall) -> Receipt:
    receipt = _take_in()(call)
    if call.excluded_because is not None:
        count("EventsExcluded")
    else:
        count("EventsReceived" if receipt.status is Taken.RECEIVED else "EventsDuplicate")
    if receipt.revised:
        count("EventsRevised")
    logger().info(
        "intake.taken",
        extra={"event_id": call.event_id, "event_type": call.type, "status": receipt.status, "bytes": len(call.body)},
    )
    return receipt


def _told(receipt: Receipt, when_new: HTTPStatus) -> Answer:
    status = when_new if receipt.status is Taken.RECEIVED else HTTPStatus.OK
    return answer(status, {"event_id": receipt.event_id, "status": receipt.status})
