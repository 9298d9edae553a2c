"""operations' needs, put together when a request first asks for them: importing the handler needs no environment."""

from __future__ import annotations

from functools import cache
from os import environ
from typing import Any

from functions.operations.dead_letters import WorkQueue
from functions.operations.forced import Guarantee
from functions.operations.settings import Settings
from postcall.aws import clients
from postcall.aws.access import Access, DailyUse
from postcall.aws.analysis_table import AnalysisTable
from postcall.aws.commands import Commands
from postcall.aws.contact_index import ContactIndex
from postcall.aws.dispatch_table import DispatchTable
from postcall.aws.erasure import Eraser
from postcall.aws.event_lists import EventLists
from postcall.aws.event_table import EventTable
from postcall.aws.interventions import Interventions
from postcall.aws.ledger_table import LAST_RECONCILIATION, LAST_WEBHOOK_HEALTH, LedgerTable
from postcall.aws.party_index import PartyIndex
from postcall.aws.payloads import Payloads
from postcall.aws.pending_index import PendingIndex
from postcall.aws.persons import Persons
from postcall.aws.quarantine import FOLDER, QuarantineTable
from postcall.aws.quarantine_list import QuarantineList
from postcall.aws.queues import Queue
from postcall.aws.reanalysis import Reanalyses
from postcall.aws.search_key import search_key
from postcall.domain.clock import SystemClock
from postcall.settings import read_settings


@cache
def settings() -> Settings:
    return read_settings(Settings, environ)


def access() -> Access:
    """Who may ask what."""
    use = DailyUse(clients.dynamodb(), settings().quarantine_table)
    return Access(settings().operator_tokens_secret_id, use, SystemClock())


@cache
def events() -> EventTable:
    chosen = settings()
    payloads = Payloads(clients.s3(), chosen.payload_bucket)
    return EventTable(clients.dynamodb(), chosen.events_table, payloads, ttl_days=chosen.event_ttl_days)


def lists() -> EventLists:
    """The list of calls, and the search by name and by the beginning of an id."""
    chosen = settings()
    return EventLists(clients.dynamodb(), chosen.events_table, ttl_days=chosen.event_ttl_days)


def persons() -> Persons:
    """Whose calls they are."""
    return Persons(clients.dynamodb(), settings().events_table)


@cache
def analyses() -> AnalysisTable:
    return AnalysisTable(
        clients.dynamodb(),
        analyses=settings().analyses_table,
        events=settings().events_table,
        ttl_days=settings().event_ttl_days,
    )


@cache
def dispatches() -> DispatchTable:
    return DispatchTable(
        clients.dynamodb(),
        dispatches=settings().dispatches_table,
        events=settings().events_table,
        ttl_days=settings().event_ttl_days,
    )


@cache
def eraser() -> Eraser:
    chosen = settings()
    return Eraser(
        clients.dynamodb(),
        clients.s3(),
        events=chosen.events_table,
        analyses=chosen.analyses_table,
        dispatches=chosen.dispatches_table,
        bucket=chosen.payload_bucket,
    )


def contacts() -> ContactIndex:
    return ContactIndex(clients.dynamodb(), settings().events_table)


def parties() -> PartyIndex:
    """By whom events and refused webhooks can be found."""
    chosen = settings()
    return PartyIndex(clients.dynamodb(), chosen.events_table, key=contact_key, ttl_days=chosen.event_ttl_days)


def contact_key() -> bytes:
    """The key of the search by phone and e-mail; empty when its secret has no value."""
    return search_key(settings().search_key_secret_id)


def reanalyses() -> Reanalyses:
    return Reanalyses(clients.dynamodb(), settings().events_table)


def guarantee() -> Guarantee:
    """What the settings say today of a repeated lead."""
    chosen = settings()
    return Guarantee(chosen.crm_deduplication, landing_id=chosen.crm_landing_id, address=chosen.crm_service_url)


def interventions() -> Interventions:
    return Interventions(clients.dynamodb(), settings().events_table)


def pending() -> PendingIndex:
    return PendingIndex(clients.dynamodb(), settings().events_table)


def analysis_queue() -> Queue:
    return Queue(clients.sqs(), settings().analysis_queue_url)


def dispatch_queue() -> Queue:
    return Queue(clients.sqs(), settings().dispatch_queue_url)


def work_queues() -> dict[str, WorkQueue]:
    """Both queues with their dead letters, by the step's word."""
    chosen, sqs = settings(), clients.sqs()
    return {
        "analysis": WorkQueue(sqs, url=chosen.analysis_queue_url, dead_letters_url=chosen.analysis_dead_letters_url),
        "dispatch": WorkQueue(sqs, url=chosen.dispatch_queue_url, dead_letters_url=chosen.dispatch_dead_letters_url),
    }


def quarantine() -> QuarantineTable:
    chosen = settings()
    payloads = Payloads(clients.s3(), chosen.payload_bucket, folder=FOLDER)
    return QuarantineTable(clients.dynamodb(), chosen.quarantine_table, payloads, ttl_days=chosen.quarantine_ttl_days)


def quarantine_list() -> QuarantineList:
    chosen = settings()
    return QuarantineList(clients.dynamodb(), chosen.quarantine_table, ttl_days=chosen.quarantine_ttl_days)


def ledgers() -> LedgerTable:
    return LedgerTable(clients.dynamodb(), settings().ledgers_table, ttl_days=settings().event_ttl_days)


def watch() -> dict[str, Any]:
    """What reconciliation reported last of the webhook and of itself; None where it has not run yet."""
    table = ledgers()
    return {"webhook": table.report(LAST_WEBHOOK_HEALTH), "reconciliation": table.report(LAST_RECONCILIATION)}


def intake() -> Commands:
    return Commands(clients.functions(), settings().intake_function)


def reconciliation() -> Commands:
    return Commands(clients.functions(), settings().reconciliation_function)
