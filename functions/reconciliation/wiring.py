"""reconciliation's needs, put together when a command first asks for them."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import cache
from os import environ

from functions.reconciliation.elevenlabs_api import ElevenLabsApi, read_api_key
from functions.reconciliation.elevenlabs_http import Account, ElevenLabsHttp, Time
from functions.reconciliation.intake_commands import IntakeCommands
from functions.reconciliation.received_calls import ReceivedCalls
from functions.reconciliation.settings import Settings
from functions.reconciliation.usecase import Patience, Swept, sweep
from postcall.aws import clients
from postcall.aws.commands import Commands
from postcall.aws.event_lists import EventLists
from postcall.aws.event_states import EventStates
from postcall.aws.event_table import EventTable
from postcall.aws.ledger_table import LedgerTable
from postcall.aws.pending_index import PendingIndex
from postcall.aws.queues import Queue
from postcall.aws.secrets import secret
from postcall.domain.clock import SystemClock
from postcall.settings import read_settings


@cache
def settings() -> Settings:
    return read_settings(Settings, environ)


def swept() -> Swept:
    """Sweep once."""
    chosen = settings()
    return sweep(
        events=EventTable(clients.dynamodb(), chosen.events_table, None, ttl_days=chosen.event_ttl_days),
        pending=PendingIndex(clients.dynamodb(), chosen.events_table),
        analysis_queue=Queue(clients.sqs(), chosen.analysis_queue_url),
        dispatch_queue=Queue(clients.sqs(), chosen.dispatch_queue_url),
        patience=Patience(
            standing=timedelta(seconds=chosen.reconciliation_stalled_after_seconds),
            retrying=timedelta(seconds=chosen.reconciliation_retrying_after_seconds),
            sweeps=chosen.reconciliation_max_sweeps,
        ),
        clock=SystemClock(),
    )


def api_key() -> str:
    """The key of ElevenLabs' API; empty when there is none. Raises `Unavailable` when it cannot be read."""
    return read_api_key(secret(settings().elevenlabs_api_secret_id))


def elevenlabs(key: str, *, seconds: float) -> ElevenLabsApi:
    """ElevenLabs' API for one run, which may take so many seconds."""
    chosen = settings()
    account = Account(chosen.elevenlabs_api_url, key)
    http = ElevenLabsHttp(account, seconds=seconds, time=Time(time.time, time.sleep))
    return ElevenLabsApi(http, agent_ids=chosen.elevenlabs_agent_ids, not_before=chosen.elevenlabs_calls_since)


def states() -> EventStates:
    return EventStates(clients.dynamodb(), settings().events_table)


def received() -> ReceivedCalls:
    chosen = settings()
    lists = EventLists(clients.dynamodb(), chosen.events_table, ttl_days=chosen.event_ttl_days)
    return ReceivedCalls(lists, agent_ids=chosen.elevenlabs_agent_ids)


def intake() -> IntakeCommands:
    return IntakeCommands(Commands(clients.functions(), settings().intake_function))


def ledgers() -> LedgerTable:
    return LedgerTable(clients.dynamodb(), settings().ledgers_table, ttl_days=settings().event_ttl_days)


def patience() -> timedelta:
    return timedelta(seconds=settings().reconciliation_webhook_grace_seconds)
