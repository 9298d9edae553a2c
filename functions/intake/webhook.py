"""`POST /webhooks/elevenlabs`: verified on its bytes, read, ingested; what is refused is quarantined."""

from __future__ import annotations

from http import HTTPStatus

from functions.intake import telemetry
from functions.intake.elevenlabs import Ignored, UnknownType, read_envelope
from functions.intake.signature import OUR_FAULTS, SignatureError, SignatureFault
from functions.intake.usecases import IngestResult
from functions.intake.wiring import ingest_call, is_vendor, quarantine_webhook, verify_webhook
from postcall.aws.http import HttpError, Request, Response, json_response
from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.event import IncomingCall
from postcall.domain.quarantine import FORGEABLE, Kind
from postcall.domain.said import said

SECRET_MENDED_AFTER_SECONDS = 60
KIND_OF = {
    SignatureFault.MISSING: Kind.UNSIGNED,
    SignatureFault.MALFORMED: Kind.SIGNATURE,
    SignatureFault.MISMATCH: Kind.SIGNATURE,
    SignatureFault.NO_SECRET: Kind.SIGNATURE,
    SignatureFault.WRAPPED_SECRET: Kind.SIGNATURE,
    SignatureFault.SHORT_SECRET: Kind.SIGNATURE,
    SignatureFault.STALE: Kind.TIME,
    SignatureFault.FUTURE: Kind.TIME,
}


def serve_webhook(request: Request) -> Response:
    """Answer 200 to everything genuine (ElevenLabs takes any other status for a failure), 401 or 400 to the rest."""
    try:
        call = _genuine(request)
    except UnknownType as unknown:
        return _kept(request, unknown)
    if isinstance(call, Ignored):
        telemetry.report_ignored(call)
        return json_response(HTTPStatus.OK, {"event_id": call.event_id, "status": IngestResult.IGNORED})
    receipt = ingest_call(call)
    return json_response(HTTPStatus.OK, {"event_id": receipt.event_id, "status": receipt.status})


def _genuine(request: Request) -> IncomingCall | Ignored:
    """What the body is. Raises `HttpError` 401 and `Rejected` after the body was quarantined.

    Raises `Unavailable` where our own secret is at fault: a 5xx is tried again, a 401 never.
    """
    try:
        verify_webhook(_signature(request), request.body)
    except SignatureError as error:
        raise _unverified(request, error.fault) from error
    try:
        return read_envelope(request.body)
    except UnknownType:
        raise
    except Rejected as error:
        telemetry.report_content_rejected()
        _quarantine(request, Kind.CONTENT, str(error), code="CONTENT")
        raise


def _unverified(request: Request, fault: SignatureFault) -> HttpError | Unavailable:
    """What to answer once the body is in the quarantine."""
    is_ours, kind = fault in OUR_FAULTS, _kind_of(fault, request)
    telemetry.report_unverified(kind, is_ours=is_ours)
    _quarantine(request, kind, said(fault), code=fault.name)
    if is_ours:
        return Unavailable(said(fault), retry_after=SECRET_MENDED_AFTER_SECONDS)
    return HttpError(HTTPStatus.UNAUTHORIZED, said(fault))


def _kind_of(fault: SignatureFault, request: Request) -> Kind:
    """What a stranger can send is told from what ElevenLabs may have sent."""
    kind = KIND_OF[fault]
    return Kind.VENDOR if kind in FORGEABLE and is_vendor(request.source_ip) else kind


def _kept(request: Request, unknown: UnknownType) -> Response:
    """A 4xx would count against the webhook for a form that only we do not know."""
    telemetry.report_unknown_type()
    _quarantine(request, Kind.UNKNOWN_TYPE, str(unknown), code="UNKNOWN_TYPE")
    return json_response(HTTPStatus.OK, {"event_id": unknown.conversation_id, "status": IngestResult.QUARANTINED})


def _quarantine(request: Request, kind: Kind, reason: str, *, code: str) -> None:
    """Raises `Unavailable` when it cannot be kept: then a 503 lets the sender try again."""
    became = quarantine_webhook()(kind, reason, request.body, signature=_signature(request))
    telemetry.report_refused(code, kind, became, size=len(request.body))


def _signature(request: Request) -> str | None:
    return request.headers.get("elevenlabs-signature")
