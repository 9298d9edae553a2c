"""`POST /webhooks/elevenlabs`: verified on its bytes, read, taken in; what is refused is put aside and told so."""

from __future__ import annotations

from http import HTTPStatus

from functions.intake.elevenlabs import Ignored, UnknownType, read_envelope
from functions.intake.signature import OURS, Flaw
from functions.intake.usecases import IngestResult, QuarantineResult
from functions.intake.wiring import ingest_call, is_vendor, quarantine_webhook, refusals, signature_flaw
from postcall.aws.http import HttpError, Request, Response, json_response
from postcall.aws.observe import count, logger
from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.event import IncomingCall
from postcall.domain.quarantine import FORGEABLE, Kind
from postcall.domain.said import said

SECRET_MENDED_AFTER_SECONDS = 60
KIND_OF = {
    Flaw.MISSING: Kind.UNSIGNED,
    Flaw.MALFORMED: Kind.SIGNATURE,
    Flaw.MISMATCH: Kind.SIGNATURE,
    Flaw.NO_SECRET: Kind.SIGNATURE,
    Flaw.WRAPPED_SECRET: Kind.SIGNATURE,
    Flaw.STALE: Kind.TIME,
    Flaw.FUTURE: Kind.TIME,
}


def serve_webhook(request: Request) -> Response:
    """Answer 200 to everything genuine (ElevenLabs takes any other status for a failure), 401 or 400 to the rest."""
    try:
        call = _genuine(request)
    except UnknownType as unknown:
        return _kept(request, unknown)
    if isinstance(call, Ignored):
        count("EventsIgnored")
        logger().info("intake.ignored", extra={"event_type": call.type, "event_id": call.event_id})
        return json_response(HTTPStatus.OK, {"event_id": call.event_id, "status": IngestResult.IGNORED})
    receipt = ingest_call(call)
    return json_response(HTTPStatus.OK, {"event_id": receipt.event_id, "status": receipt.status})


def _genuine(request: Request) -> IncomingCall | Ignored:
    """What the body is. Raises `HttpError` 401 and `Rejected` after the body was put aside.

    Raises `Unavailable` where our own secret is at fault: a 5xx is tried again, a 401 never.
    """
    flaw = signature_flaw(_signature(request), request.body)
    if flaw in OURS:
        count("WebhookSecretUnusable")
        _quarantine(request, _kind_of(flaw, request), said(flaw), flaw=flaw.name)
        raise Unavailable(said(flaw), retry_after=SECRET_MENDED_AFTER_SECONDS)
    if flaw is not None:
        kind = _kind_of(flaw, request)
        count("VendorRefused" if kind is Kind.VENDOR else "SignatureRejected")
        _quarantine(request, kind, said(flaw), flaw=flaw.name)
        raise HttpError(HTTPStatus.UNAUTHORIZED, said(flaw))
    try:
        return read_envelope(request.body)
    except UnknownType:
        raise
    except Rejected as error:
        count("ContentRejected")
        _quarantine(request, Kind.CONTENT, str(error), flaw="CONTENT")
        raise


def _kind_of(flaw: Flaw, request: Request) -> Kind:
    """What a stranger can send is told from what ElevenLabs may have sent."""
    kind = KIND_OF[flaw]
    return Kind.VENDOR if kind in FORGEABLE and is_vendor(request.source_ip) else kind


def _kept(request: Request, unknown: UnknownType) -> Response:
    """A 4xx would count against the webhook for a form that only we do not know."""
    count("EventsOfUnknownType")
    _quarantine(request, Kind.UNKNOWN_TYPE, str(unknown), flaw="UNKNOWN_TYPE")
    return json_response(HTTPStatus.OK, {"event_id": unknown.conversation_id, "status": IngestResult.QUARANTINED})


def _quarantine(request: Request, kind: Kind, reason: str, *, flaw: str) -> None:
    """Raises `Unavailable` when it cannot be kept: then a 503 lets the sender try again."""
    became = quarantine_webhook()(kind, reason, request.body, signature=_signature(request))
    if became is QuarantineResult.KEPT and kind is not Kind.UNKNOWN_TYPE:  # which has a number of its own
        count("QuarantineForgeable" if kind in FORGEABLE else "QuarantineEntries")
    elif became is QuarantineResult.OVER_LIMIT:
        count("QuarantineOverflow")
    if became is QuarantineResult.KEPT or refusals().admits_one_more():
        logger().warning(
            "intake.refused", extra={"flaw": flaw, "kind": kind, "quarantine": became, "bytes": len(request.body)}
        )


def _signature(request: Request) -> str | None:
    return request.headers.get("elevenlabs-signature")
