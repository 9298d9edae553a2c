"""reconciliation's needs, put together when a command first asks for them."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from os import environ

from functions.reconciliation.elevenlabs_api import ElevenLabsApi, read_api_key
from functions.reconciliation.elevenlabs_http import Account, ElevenLabsHttp, Time
from functions.reconciliation.intake_commands import IntakeCommands
from functions.reconciliation.received_calls import ReceivedCalls
from functions.reconciliation.settings import Settings
from functions.reconciliation.usecases import ErasureFindings, SweepPolicy, Swept, check_erasures, sweep
from postcall.aws import clients
from postcall.aws.commands import Commands
from postcall.aws.erasure_check import ErasureCheck
from postcall.aws.erasure_register import ErasureRegister
from postcall.aws.event_lists import EventLists
from postcall.aws.event_states import EventStates
from postcall.aws.event_table import EventTable
from postcall.aws.ledger_table import LedgerTable
from postcall.aws.party_index import Found, PartyIndex
from postcall.aws.pending_index import PendingIndex
from postcall.aws.queues import Queue
from postcall.aws.secrets import secret
from postcall.domain.clock import SystemClock
from postcall.settings import read_settings


@cache
def load_settings() -> Settings:
    return read_settings(Settings, environ)


def swept() -> Swept:
    """Sweep once."""
    settings = load_settings()
    return sweep(
        events=EventTable(clients.dynamodb(), settings.events_table, None, ttl_days=settings.event_ttl_days),
        pending=PendingIndex(clients.dynamodb(), settings.events_table),
        analysis_queue=Queue(clients.sqs(), settings.analysis_queue_url),
        dispatch_queue=Queue(clients.sqs(), settings.dispatch_queue_url),
        policy=SweepPolicy(
            standing=timedelta(seconds=settings.reconciliation_stalled_after_seconds),
            retrying=timedelta(seconds=settings.reconciliation_retrying_after_seconds),
            sweeps=settings.reconciliation_max_sweeps,
        ),
        clock=SystemClock(),
    )


def checked_erasures(has_time: Callable[[], bool]) -> ErasureFindings:
    """Look once at what was erased. It needs no key of the hashes: the record holds them."""
    settings = load_settings()
    check = ErasureCheck(
        clients.dynamodb(),
        clients.s3(),
        events=settings.events_table,
        analyses=settings.analyses_table,
        dispatches=settings.dispatches_table,
        bucket=settings.payload_bucket,
    )
    parties = PartyIndex(clients.dynamodb(), settings.events_table, key=bytes, ttl_days=settings.event_ttl_days)

    def find(kind: str, name: str, until: datetime) -> list[Found]:
        return parties.find_keys(kind, [name], until=until)

    records = ErasureRegister(clients.s3(), settings.payload_bucket).records()
    return check_erasures(records, remains=check.remains, find=find, has_time=has_time)


def api_key() -> str:
    """The key of ElevenLabs' API; empty when there is none.

    Raises:
        Unavailable: It cannot be read.
    """
    return read_api_key(secret(load_settings().elevenlabs_api_secret_id))


def elevenlabs(key: str, *, seconds: float) -> ElevenLabsApi:
    """ElevenLabs' API for one run, which may take so many seconds."""
    settings = load_settings()
    account = Account(settings.elevenlabs_api_url, key)
    http = ElevenLabsHttp(account, seconds=seconds, time=Time(time.time, time.sleep))
    return ElevenLabsApi(http, agent_ids=settings.elevenlabs_agent_ids, not_before=settings.elevenlabs_calls_since)


def states() -> EventStates:
    return EventStates(clients.dynamodb(), load_settings().events_table)


def received() -> ReceivedCalls:
    settings = load_settings()
    lists = EventLists(
        clients.dynamodb(),
        settings.events_table,
        ttl_days=settings.event_ttl_days,
        day_partitions=settings.event_day_partitions,
    )
    return ReceivedCalls(lists, agent_ids=settings.elevenlabs_agent_ids)


def intake() -> IntakeCommands:
    return IntakeCommands(Commands(clients.functions(), load_settings().intake_function))


def ledgers() -> LedgerTable:
    return LedgerTable(clients.dynamodb(), load_settings().ledgers_table, ttl_days=load_settings().event_ttl_days)


def grace_period() -> timedelta:
    return timedelta(seconds=load_settings().reconciliation_webhook_grace_seconds)
