"""dispatch's needs, put together once a process, when the first message comes."""

from __future__ import annotations

from datetime import timedelta
from functools import cache, partial
from os import environ

from functions.dispatch.bpmsoft import BpmsoftCrm, Endpoint
from functions.dispatch.breaker import Breaker, Serve
from functions.dispatch.classify import Terms
from functions.dispatch.field_map import field_map
from functions.dispatch.pace import PacedCrm
from functions.dispatch.settings import Settings
from functions.dispatch.usecase import Crm, Dispatched, Mode, dispatch
from functions.dispatch.wire import Wire, compose, terms
from postcall.aws import clients
from postcall.aws.analysis_table import AnalysisTable
from postcall.aws.circuit_table import CircuitTable
from postcall.aws.dispatch_table import DispatchTable
from postcall.aws.event_table import EventTable
from postcall.aws.observe import count, logger
from postcall.aws.pending_index import PendingIndex
from postcall.aws.queues import Queue
from postcall.domain.clock import SystemClock
from postcall.settings import read_settings


@cache
def settings() -> Settings:
    return read_settings(Settings, environ)


@cache
def dead_letters() -> Queue:
    return Queue(clients.sqs(), settings().dispatch_dead_letters_url)


@cache
def pending() -> PendingIndex:
    return PendingIndex(clients.dynamodb(), settings().events_table)


@cache
def serve() -> Serve:
    return _breaker().guard(dispatch_one())


@cache
def _breaker() -> Breaker:
    chosen = settings()
    return Breaker(
        CircuitTable(clients.dynamodb(), chosen.circuits_table),
        failures=chosen.crm_breaker_failures,
        recovery=timedelta(seconds=chosen.crm_breaker_recovery_seconds),
        lease=timedelta(seconds=chosen.dispatch_lease_seconds),
        clock=SystemClock(),
        notice=_notice,
    )


def _notice(metric: str) -> None:
    count(metric)
    logger().warning("dispatch.breaker", extra={"transition": metric})


@cache
def dispatch_one() -> partial[Dispatched]:
    chosen = settings()
    days, client = chosen.event_ttl_days, clients.dynamodb()
    events = chosen.events_table
    wire = _wire(chosen)
    return partial(
        dispatch,
        events=EventTable(client, events, None, ttl_days=days),
        analyses=AnalysisTable(client, analyses=chosen.analyses_table, events=events, ttl_days=days),
        dispatches=DispatchTable(client, dispatches=chosen.dispatches_table, events=events, ttl_days=days),
        compose=partial(compose, wire=wire),
        crm=_breaker().listen(_paced(_crm(chosen, sends_contact_fields=wire.sends_contact_fields), chosen)),
        mode=Mode(
            enabled=chosen.external_crm_enabled,
            dry_run=chosen.external_crm_dry_run,
            terms=partial(terms, wire=wire),
            lease=timedelta(seconds=chosen.dispatch_lease_seconds),
        ),
        clock=SystemClock(),
    )


def _wire(chosen: Settings) -> Wire:
    return Wire(
        landing_id=chosen.crm_landing_id,
        rows=field_map(chosen.crm_field_map),
        wire_format=chosen.crm_wire_format,
        deduplication=chosen.crm_deduplication,
        required_contact=chosen.crm_require_contact,
        max_body_bytes=chosen.crm_max_body_bytes,
        address=chosen.crm_service_url,
        field_map=chosen.crm_field_map,
    )


def _crm(chosen: Settings, *, sends_contact_fields: bool) -> BpmsoftCrm:
    return BpmsoftCrm(
        Endpoint(
            url=chosen.crm_service_url,
            origin=chosen.crm_trusted_origin,
            referer=chosen.referer,
            timeout=chosen.crm_timeout_seconds,
            ca_bundle=chosen.crm_ca_bundle,
        ),
        Terms(chosen.crm_wire_format, chosen.crm_deduplication, sends_contact_fields=sends_contact_fields),
    )


def _paced(crm: Crm, chosen: Settings) -> Crm:
    rate = chosen.crm_max_requests_per_second
    return crm if rate is None else PacedCrm(crm, rate=rate, workers=chosen.dispatch_concurrency)
