"""dispatch's Lambda: for each message, send one lead, then say when to come again or put the message aside."""

from __future__ import annotations

import random
from datetime import timedelta
from functools import cache, partial
from os import environ
from typing import Any

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from functions.dispatch.bpmsoft import BpmsoftCrm, Endpoint
from functions.dispatch.classify import Terms
from functions.dispatch.field_map import field_map
from functions.dispatch.settings import Settings
from functions.dispatch.usecase import Dispatched, Mode, dispatch
from functions.dispatch.wire import Wire, compose
from postcall.aws import clients
from postcall.aws.analysis_table import AnalysisTable
from postcall.aws.batch import each_record
from postcall.aws.dispatch_table import DispatchTable
from postcall.aws.event_table import EventTable
from postcall.aws.observe import count, flush_metrics, logger
from postcall.aws.queues import Queue, postpone
from postcall.domain.clock import SystemClock
from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.messages import read_call_analyzed
from postcall.domain.outcome import Outcome
from postcall.domain.retry import retry_delay
from postcall.settings import read_settings

METRICS = {
    Outcome.DELIVERED: "LeadsDelivered",
    Outcome.DELIVERED_WITH_WARNING: "LeadsDelivered",
    Outcome.ACCEPTED_UNCONFIRMED: "LeadsDelivered",
    Outcome.ALREADY_THERE: "LeadsDelivered",
    Outcome.PARTIAL: "LeadsPartial",
    Outcome.REJECTED_CONTRACT: "LeadsRejected",
    Outcome.REJECTED_CONFIGURATION: "LeadsRejected",
    Outcome.REJECTED_DATA: "LeadsRejected",
    Outcome.UNAVAILABLE: "CrmUnavailable",
    Outcome.UNKNOWN: "OutcomesUnknown",
    Outcome.DRY_RUN: "LeadsDryRun",
    Outcome.DISABLED: "LeadsDisabled",
}


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Serve a batch of the dispatch queue."""
    try:
        return each_record(event, _serve, later=_come_again)
    finally:
        flush_metrics()


@cache
def _settings() -> Settings:
    return read_settings(Settings, environ)


@cache
def _dead_letters() -> Queue:
    return Queue(clients.sqs(), _settings().dispatch_dead_letters_url)


@cache
def _dispatch() -> partial[Dispatched]:
    settings = _settings()
    days, client = settings.event_ttl_days, clients.dynamodb()
    names = {"events": settings.events_table}
    wire = _wire(settings)
    return partial(
        dispatch,
        events=EventTable(client, settings.events_table, None, ttl_days=days),
        analyses=AnalysisTable(client, analyses=settings.analyses_table, ttl_days=days, **names),
        dispatches=DispatchTable(client, dispatches=settings.dispatches_table, ttl_days=days, **names),
        compose=partial(compose, wire=wire),
        crm=_crm(settings, sends_contact_fields=wire.sends_contact_fields),
        mode=Mode(
            enabled=settings.external_crm_enabled,
            dry_run=settings.external_crm_dry_run,
            repeats_are_safe=settings.crm_deduplication.repeats_are_safe,
            lease=timedelta(seconds=settings.dispatch_lease_seconds),
        ),
        clock=SystemClock(),
    )


def _wire(settings: Settings) -> Wire:
    return Wire(
        landing_id=settings.crm_landing_id,
        rows=field_map(settings.crm_field_map),
        wire_format=settings.crm_wire_format,
        deduplication=settings.crm_deduplication,
        required_contact=settings.crm_require_contact,
        max_body_bytes=settings.crm_max_body_bytes,
    )


def _crm(settings: Settings, *, sends_contact_fields: bool) -> BpmsoftCrm:
    return BpmsoftCrm(
        Endpoint(
            url=settings.crm_service_url,
            origin=settings.crm_trusted_origin,
            referer=settings.referer,
            timeout=settings.crm_timeout_seconds,
            ca_bundle=settings.crm_ca_bundle,
        ),
        Terms(settings.crm_wire_format, settings.crm_deduplication, sends_contact_fields=sends_contact_fields),
    )


def _serve(record: SQSRecord) -> None:
    try:
        done = _dispatch()(read_call_analyzed(record.body))
    except Rejected as error:
        logger().error("dispatch.refused", extra={"message_id": record.message_id, "reason": str(error)})
        _dead_letters().park(record.body, reason=str(error))
        return
    _tell(done)
    if done.again:
        raise Unavailable(done.reason, retry_after=done.again_in)
    if done.park is not None:
        _dead_letters().park(record.body, reason=done.park)


def _tell(done: Dispatched) -> None:
    verdict = done.verdict
    told: dict[str, Any] = {"event_id": done.event_id, "reason": done.reason, "attempt": done.attempt}
    if verdict is not None:
        count(METRICS[verdict.outcome])
        told |= {"outcome": verdict.outcome, "http_status": verdict.http_status, "duration_ms": verdict.duration_ms}
    logger().info("dispatch.attempted" if verdict else "dispatch.skipped", extra=told)


def _come_again(record: SQSRecord, error: Unavailable) -> None:
    settings = _settings()
    seconds = retry_delay(
        int(record.attributes.approximate_receive_count),
        base=settings.dispatch_retry_base_seconds,
        cap=settings.dispatch_retry_cap_seconds,
        retry_after=error.retry_after,
        random=random.random,
    )
    postpone(
        clients.sqs(),
        queue_url=settings.dispatch_queue_url,
        receipt_handle=record.receipt_handle,
        seconds=seconds,
    )
