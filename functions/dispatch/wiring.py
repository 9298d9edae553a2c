"""dispatch's needs, put together once a process, when the first message comes."""

from __future__ import annotations

from datetime import timedelta
from functools import cache, partial
from os import environ

from functions.dispatch.bpmsoft import BpmsoftCrm, Endpoint
from functions.dispatch.breaker import Breaker, Serve
from functions.dispatch.classify import Terms
from functions.dispatch.field_map import field_map
from functions.dispatch.rate_limit import RateLimitedCrm
from functions.dispatch.settings import Settings
from functions.dispatch.telemetry import report_breaker
from functions.dispatch.usecases.dispatch import Crm, Dispatched, Lead, Mode, dispatch
from functions.dispatch.wire import Wire, compose, terms
from postcall.aws import clients
from postcall.aws.analysis_table import AnalysisTable
from postcall.aws.circuit_table import CircuitTable
from postcall.aws.dispatch_table import DispatchTable
from postcall.aws.event_table import EventTable
from postcall.aws.invocation import require_time
from postcall.aws.pending_index import PendingIndex
from postcall.aws.queues import Queue
from postcall.aws.standings import Standings
from postcall.aws.time_limit import time_limit
from postcall.domain.analysis import Analysis
from postcall.domain.clock import SystemClock
from postcall.domain.event import CallEvent
from postcall.domain.messages import CallAnalyzed
from postcall.settings import read_settings

COMPOSE_SECONDS = 10.0  # a thousand times what the longest call takes


@cache
def load_settings() -> Settings:
    return read_settings(Settings, environ)


@cache
def dead_letters() -> Queue:
    return Queue(clients.sqs(), load_settings().dispatch_dead_letters_url)


@cache
def pending() -> PendingIndex:
    return PendingIndex(clients.dynamodb(), load_settings().events_table)


@cache
def serve() -> Serve:
    """Serve one message: by how its event stood, and the circuit with it, when the message came."""
    standings, breaker, serve_one = _standings(), _breaker(), dispatch_one()

    def served(message: CallAnalyzed) -> Dispatched:
        standing = standings.standing(message.event_id)
        return breaker.guard(partial(serve_one, standing=standing))(message, standing.circuit)

    return served


@cache
def _standings() -> Standings:
    settings, client = load_settings(), clients.dynamodb()
    events, days = settings.events_table, settings.event_ttl_days
    analyses = AnalysisTable(client, analyses=settings.analyses_table, events=events, ttl_days=days)
    return Standings(client, events=events, circuits=settings.circuits_table, analyses=analyses)


@cache
def _breaker() -> Breaker:
    settings = load_settings()
    return Breaker(
        CircuitTable(clients.dynamodb(), settings.circuits_table),
        failures=settings.crm_breaker_failures,
        recovery=timedelta(seconds=settings.crm_breaker_recovery_seconds),
        lease=timedelta(seconds=settings.dispatch_lease_seconds),
        clock=SystemClock(),
        notice=report_breaker,
    )


@cache
def dispatch_one() -> partial[Dispatched]:
    settings = load_settings()
    days, client = settings.event_ttl_days, clients.dynamodb()
    events = settings.events_table
    wire = _wire(settings)
    return partial(
        dispatch,
        events=EventTable(client, events, None, ttl_days=days),
        dispatches=DispatchTable(client, dispatches=settings.dispatches_table, events=events, ttl_days=days),
        compose=partial(_compose, wire=wire),
        crm=_breaker().listen(_rate_limited(_crm(settings, sends_contact_fields=wire.sends_contact_fields), settings)),
        mode=Mode(
            enabled=settings.external_crm_enabled,
            dry_run=settings.external_crm_dry_run,
            terms=partial(terms, wire=wire),
            lease=timedelta(seconds=settings.dispatch_lease_seconds),
        ),
        clock=SystemClock(),
    )


def _compose(event: CallEvent, analysis: Analysis, *, wire: Wire) -> Lead:
    """Raises `TookTooLong`: of two workers no call may hold one, time after time. Raises `Unavailable` before the claim
    of a lead that could not be sent and recorded in what is left of the invocation.
    """
    require_time(load_settings().crm_timeout_seconds)
    with time_limit(COMPOSE_SECONDS):
        return compose(event, analysis, wire=wire)


def _wire(settings: Settings) -> Wire:
    return Wire(
        landing_id=settings.crm_landing_id,
        rows=field_map(settings.crm_field_map),
        wire_format=settings.crm_wire_format,
        deduplication=settings.crm_deduplication,
        required_contact=settings.crm_require_contact,
        max_body_bytes=settings.crm_max_body_bytes,
        address=settings.crm_service_url,
        field_map=settings.crm_field_map,
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


def _rate_limited(crm: Crm, settings: Settings) -> Crm:
    rate = settings.crm_max_requests_per_second
    return crm if rate is None else RateLimitedCrm(crm, rate=rate, workers=settings.dispatch_concurrency)
