"""intake's needs, put together once a process, when the first request comes."""

from __future__ import annotations

from datetime import datetime
from functools import cache, partial
from os import environ

from functions.intake import secret_rotation
from functions.intake.elevenlabs import read_envelope
from functions.intake.settings import Settings
from functions.intake.signature import Flaw
from functions.intake.usecases import (
    Gate,
    IngestResult,
    QuarantineResult,
    Receipt,
    Release,
    ingest,
    quarantine,
    release,
)
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
def load_settings() -> Settings:
    return read_settings(Settings, environ)


def access() -> Access:
    """Who may bring calls."""
    use = DailyUse(clients.dynamodb(), load_settings().quarantine_table)
    return Access(load_settings().operator_tokens_secret_id, use, SystemClock())


def ingest_call(call: IncomingCall) -> Receipt:
    """Take a call in, whoever brings it, and tell of it in numbers and in the log."""
    receipt = _ingest()(call)
    if call.excluded_because is not None:
        count("EventsExcluded")
    else:
        count("EventsReceived" if receipt.status is IngestResult.RECEIVED else "EventsDuplicate")
    if receipt.revised:
        count("EventsRevised")
    if receipt.superseded is not None:
        count("CallsSuperseded")
        logger().warning(
            "intake.superseded", extra={"event_id": receipt.superseded_by, "superseded": receipt.superseded}
        )
    log_fields = {"event_id": call.event_id, "event_type": call.type, "source": call.source, "status": receipt.status}
    logger().info("intake.ingested", extra=log_fields | {"bytes": len(call.body)})
    return receipt


def signature_flaw(header: str | None, body: bytes) -> Flaw | None:
    """What is wrong with the signature of a webhook that has just come."""
    return secret_rotation.flaw_now(
        header,
        body,
        secret_id=load_settings().elevenlabs_webhook_secret_id,
        tolerance_seconds=load_settings().intake_signature_tolerance_seconds,
        clock=SystemClock(),
    )


@cache
def quarantine_webhook() -> partial[QuarantineResult]:
    """Put a refused webhook aside."""
    settings = load_settings()
    bounds = limits(
        entries_per_minute=settings.quarantine_entries_per_minute,
        entries_per_day=settings.quarantine_entries_per_day,
        bytes_per_day=settings.quarantine_bytes_per_day,
    )
    return partial(quarantine, quarantine=_quarantine(), limits=bounds, gate=Gate(), clock=SystemClock())


def released(quarantine_id: str) -> Release:
    """Release a webhook from the quarantine."""
    return release(
        quarantine_id,
        quarantine=_quarantine(),
        flaw_at=_flaw_at,
        read=read_envelope,
        ingest=ingest_call,
        clock=SystemClock(),
    )


def _flaw_at(header: str | None, body: bytes, moment: datetime) -> Flaw | None:
    return secret_rotation.flaw_at(
        header,
        body,
        moment,
        secret_id=load_settings().elevenlabs_webhook_secret_id,
        tolerance_seconds=load_settings().intake_signature_tolerance_seconds,
        fresh=True,
    )


@cache
def _ingest() -> partial[Receipt]:
    settings = load_settings()
    payloads = Payloads(clients.s3(), settings.payload_bucket)
    return partial(
        ingest,
        events=EventTable(clients.dynamodb(), settings.events_table, payloads, ttl_days=settings.event_ttl_days),
        queue=Queue(clients.sqs(), settings.analysis_queue_url),
        clock=SystemClock(),
    )


@cache
def _quarantine() -> QuarantineTable:
    settings = load_settings()
    payloads = Payloads(clients.s3(), settings.payload_bucket, folder=FOLDER)
    return QuarantineTable(
        clients.dynamodb(), settings.quarantine_table, payloads, ttl_days=settings.quarantine_ttl_days
    )
