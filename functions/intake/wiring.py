"""intake's needs, put together once a process, when the first request comes."""

from __future__ import annotations

from datetime import datetime
from functools import cache, partial
from os import environ

from functions.intake import secret_rotation
from functions.intake.elevenlabs import read_envelope
from functions.intake.settings import Settings
from functions.intake.signature import Flaw
from functions.intake.usecase import Aside, Gate, Receipt, Release, Taken, put_aside, release, take_in
from postcall.aws import clients
from postcall.aws.access import Access, DailyUse
from postcall.aws.event_table import EventTable
from postcall.aws.observe import count, logger
from postcall.aws.payloads import Payloads
from postcall.aws.quarantine import FOLDER, QuarantineTable
from postcall.aws.queues import Queue
from postcall.domain.clock import SystemClock
from postcall.domain.event import IncomingCall
from postcall.domain.quarantine import limits
from postcall.settings import read_settings


@cache
def settings() -> Settings:
    return read_settings(Settings, environ)


def access() -> Access:
    """Who may bring calls."""
    use = DailyUse(clients.dynamodb(), settings().quarantine_table)
    return Access(settings().operator_tokens_secret_id, use, SystemClock())


def taken(call: IncomingCall) -> Receipt:
    """Take a call in, whoever brings it, and tell of it in numbers and in the log."""
    receipt = _take_in()(call)
    if call.excluded_because is not None:
        count("EventsExcluded")
    else:
        count("EventsReceived" if receipt.status is Taken.RECEIVED else "EventsDuplicate")
    if receipt.revised:
        count("EventsRevised")
    if receipt.superseded is not None:
        count("CallsSuperseded")
        logger().warning(
            "intake.superseded", extra={"event_id": receipt.superseded_by, "superseded": receipt.superseded}
        )
    told = {"event_id": call.event_id, "event_type": call.type, "source": call.source, "status": receipt.status}
    logger().info("intake.taken", extra=told | {"bytes": len(call.body)})
    return receipt


def signature_flaw(header: str | None, body: bytes) -> Flaw | None:
    """What is wrong with the signature of a webhook that has just come."""
    return secret_rotation.flaw_now(
        header,
        body,
        secret_id=settings().elevenlabs_webhook_secret_id,
        tolerance_seconds=settings().intake_signature_tolerance_seconds,
        clock=SystemClock(),
    )


@cache
def aside() -> partial[Aside]:
    """Put a refused webhook aside."""
    chosen = settings()
    bounds = limits(
        entries_per_minute=chosen.quarantine_entries_per_minute,
        entries_per_day=chosen.quarantine_entries_per_day,
        bytes_per_day=chosen.quarantine_bytes_per_day,
    )
    return partial(put_aside, quarantine=_quarantine(), limits=bounds, gate=Gate(), clock=SystemClock())


def released(quarantine_id: str) -> Release:
    """Release a webhook from the quarantine."""
    return release(
        quarantine_id,
        quarantine=_quarantine(),
        flaw_at=_flaw_at,
        read=read_envelope,
        take_in=taken,
        clock=SystemClock(),
    )


def _flaw_at(header: str | None, body: bytes, moment: datetime) -> Flaw | None:
    return secret_rotation.flaw_at(
        header,
        body,
        moment,
        secret_id=settings().elevenlabs_webhook_secret_id,
        tolerance_seconds=settings().intake_signature_tolerance_seconds,
        fresh=True,
    )


@cache
def _take_in() -> partial[Receipt]:
    chosen = settings()
    payloads = Payloads(clients.s3(), chosen.payload_bucket)
    return partial(
        take_in,
        events=EventTable(clients.dynamodb(), chosen.events_table, payloads, ttl_days=chosen.event_ttl_days),
        queue=Queue(clients.sqs(), chosen.analysis_queue_url),
        clock=SystemClock(),
    )


@cache
def _quarantine() -> QuarantineTable:
    chosen = settings()
    payloads = Payloads(clients.s3(), chosen.payload_bucket, folder=FOLDER)
    return QuarantineTable(clients.dynamodb(), chosen.quarantine_table, payloads, ttl_days=chosen.quarantine_ttl_days)
