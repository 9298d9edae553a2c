"""What intake says about its work: one log line a request and its counts, nothing personal."""

from __future__ import annotations

from functools import cache
from typing import Any

from functions.intake.elevenlabs import Ignored
from functions.intake.usecases import IngestResult, QuarantineResult, Receipt
from functions.intake.usecases.log_sample import LogSample
from postcall.aws.observe import count, logger
from postcall.domain.clock import SystemClock
from postcall.domain.event import IncomingCall
from postcall.domain.event_id import loggable
from postcall.domain.quarantine import FORGEABLE, Kind


@cache
def _sample() -> LogSample:
    return LogSample(SystemClock())


def report_ingested(call: IncomingCall, receipt: Receipt) -> None:
    """A call that was taken in, for the first time or not, and what it did to others."""
    if call.excluded_because is not None:
        count("EventsExcluded")
    else:
        count("EventsReceived" if receipt.status is IngestResult.RECEIVED else "EventsDuplicate")
    if receipt.revised:
        count("EventsRevised")
    if receipt.superseded is not None:
        count("CallsSuperseded")
        log_fields = {"event_id": receipt.superseded_by, "superseded": receipt.superseded}
        logger().warning("intake.superseded", extra=log_fields)
    done = {"event_id": call.event_id, "event_type": call.type, "source": call.source, "status": receipt.status}
    logger().info("intake.ingested", extra=done | {"bytes": len(call.body)})


def report_ignored(call: Ignored) -> None:
    """A webhook of a type that brings no call."""
    count("EventsIgnored")
    logger().info("intake.ignored", extra={"event_type": call.type, "event_id": call.event_id})


def report_unverified(kind: Kind, *, is_ours: bool) -> None:
    """A webhook whose signature does not hold, by whose fault it is: ours, the vendor's, or anybody's."""
    refused = "VendorRefused" if kind is Kind.VENDOR else "SignatureRejected"
    count("WebhookSecretUnusable" if is_ours else refused)


def report_content_rejected() -> None:
    """A genuine webhook whose body is none of a call."""
    count("ContentRejected")


def report_unknown_type() -> None:
    """A genuine webhook of a call in a form that we do not know."""
    count("EventsOfUnknownType")


def report_refused(code: str, kind: Kind, became: QuarantineResult, *, size: int) -> None:
    """A webhook that was refused, by sample; and what the quarantine did with its `size` bytes."""
    if became is QuarantineResult.KEPT and kind is not Kind.UNKNOWN_TYPE:  # which has a number of its own
        count("QuarantineForgeable" if kind in FORGEABLE else "QuarantineEntries")
    elif became is QuarantineResult.OVER_LIMIT:
        count("QuarantineOverflow")
    if became is QuarantineResult.KEPT or _sample().admits_one_more():
        log_fields = {"reason_code": code, "kind": kind, "quarantine": became, "bytes": size}
        logger().warning("intake.refused", extra=log_fields)


def report_command(command: str, result: dict[str, Any]) -> None:
    """What another step ordered, and what came of it; an id that nobody knows may be anything that was mistyped."""
    log_fields: dict[str, Any] = {"command": command, **result}
    for name in {"quarantine_id", "event_id"} & result.keys():
        log_fields[name] = loggable(str(result[name]))
    logger().info("intake.command", extra=log_fields)
