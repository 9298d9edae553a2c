"""intake's needs, put together once a process, when the first request comes."""

from __future__ import annotations

from datetime import datetime
from functools import cache, partial
from os import environ

from functions.intake import secret_rotation, telemetry
from functions.intake.elevenlabs import read_envelope
from functions.intake.senders import Networks, is_of, published
from functions.intake.settings import Settings
from functions.intake.usecases import (
    Gate,
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
from postcall.aws.party_index import PartyIndex
from postcall.aws.payloads import Payloads
from postcall.aws.quarantine import FOLDER, QuarantineTable
from postcall.aws.queues import Queue
from postcall.aws.search_key import search_key
from postcall.domain.clock import SystemClock
from postcall.domain.errors import Rejected
from postcall.domain.event import IncomingCall
from postcall.domain.parties import Role
from postcall.domain.quarantine import limits
from postcall.settings import read_settings


@cache
def load_settings() -> Settings:
    return read_settings(Settings, environ)


def access() -> Access:
    """Who may bring calls."""
    use = DailyUse(clients.dynamodb(), load_settings().quarantine_table)
    return Access(load_settings().operator_tokens_secret_id, use, SystemClock())


@cache
def parties() -> PartyIndex:
    """By whom events and refused webhooks can be found."""
    settings = load_settings()
    key = partial(search_key, settings.search_key_secret_id)
    return PartyIndex(clients.dynamodb(), settings.events_table, key=key, ttl_days=settings.event_ttl_days)


def ingest_call(call: IncomingCall) -> Receipt:
    """Take a call in, whoever brings it, and report it."""
    receipt = _ingest()(call)
    telemetry.report_ingested(call, receipt)
    return receipt


def verify_webhook(header: str | None, body: bytes) -> None:
    """Verify the signature of a webhook that has just come.

    Raises:
        SignatureError: The signature is missing, wrong, or of another time.
        Unavailable: The secrets cannot be read.
    """
    secret_rotation.verify_now(
        header,
        body,
        secret_id=load_settings().elevenlabs_webhook_secret_id,
        tolerance_seconds=load_settings().intake_signature_tolerance_seconds,
        clock=SystemClock(),
    )


def is_vendor(source_ip: str) -> bool:
    """Whether an address is one that ElevenLabs sends from."""
    return is_of(source_ip, load_settings().intake_vendor_addresses or _published())


@cache
def _published() -> Networks:
    return published()


@cache
def quarantine_webhook() -> partial[QuarantineResult]:
    """Quarantine a refused webhook."""
    settings = load_settings()
    bounds = limits(
        entries_per_minute=settings.quarantine_entries_per_minute,
        entries_per_day=settings.quarantine_entries_per_day,
        bytes_per_day=settings.quarantine_bytes_per_day,
    )
    return partial(
        quarantine,
        quarantine=_quarantine(),
        limits=bounds,
        gate=Gate(),
        is_erased=_is_erased,
        index=_index_refused,
        clock=SystemClock(),
    )


def _is_erased(body: bytes) -> bool:
    """Whether an unverified body names an event of ours that was erased."""
    try:
        call = read_envelope(body)
    except Rejected:
        return False
    event = _events().get(call.event_id) if isinstance(call, IncomingCall) else None
    return event is not None and event.erased_at is not None


def _index_refused(quarantine_id: str, body: bytes) -> None:
    parties().add(quarantine_id, body, now=SystemClock().now(), role=Role.REFUSED)


def released(quarantine_id: str, released_by: str | None) -> Release:
    """Release a webhook from the quarantine."""
    return release(
        quarantine_id,
        released_by=released_by,
        quarantine=_quarantine(),
        verify=_verify_quarantined,
        read=read_envelope,
        ingest=ingest_call,
        clock=SystemClock(),
    )


def _verify_quarantined(header: str | None, body: bytes, received_at: datetime) -> None:
    secret_rotation.verify_at(
        header,
        body,
        received_at,
        secret_id=load_settings().elevenlabs_webhook_secret_id,
        tolerance_seconds=load_settings().intake_signature_tolerance_seconds,
        fresh=True,
    )


@cache
def _ingest() -> partial[Receipt]:
    settings = load_settings()
    return partial(
        ingest,
        events=_events(),
        persons=parties(),
        queue=Queue(clients.sqs(), settings.analysis_queue_url),
        clock=SystemClock(),
    )


@cache
def _events() -> EventTable:
    settings = load_settings()
    payloads = Payloads(clients.s3, settings.payload_bucket)
    return EventTable(
        clients.dynamodb(),
        settings.events_table,
        payloads,
        ttl_days=settings.event_ttl_days,
        day_partitions=settings.event_day_partitions,
    )


@cache
def _quarantine() -> QuarantineTable:
    settings = load_settings()
    payloads = Payloads(clients.s3, settings.payload_bucket, folder=FOLDER)
    return QuarantineTable(
        clients.dynamodb(), settings.quarantine_table, payloads, ttl_days=settings.quarantine_ttl_days
    )
