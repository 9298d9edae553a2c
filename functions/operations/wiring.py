"""operations' needs, put together when a request first asks for them: importing the handler needs no environment."""

from __future__ import annotations

from functools import cache
from os import environ
from typing import Any

from functions.operations.dead_letters import WorkQueue
from functions.operations.forced import Guarantee
from functions.operations.settings import Settings
from functions.operations.usecases.unread_calls import UnreadCalls, unread_calls_of
from postcall.aws import clients
from postcall.aws.access import Access, DailyUse
from postcall.aws.analysis_table import AnalysisTable
from postcall.aws.commands import Commands
from postcall.aws.contact_index import ContactIndex
from postcall.aws.dispatch_table import DispatchTable
from postcall.aws.erasure import Eraser
from postcall.aws.erasure_check import ErasureCheck
from postcall.aws.erasure_register import ErasureRegister
from postcall.aws.event_lists import EventLists
from postcall.aws.event_table import EventTable
from postcall.aws.interventions import Interventions
from postcall.aws.ledger_table import LAST_ERASURE_CHECK, LAST_RECONCILIATION, LAST_WEBHOOK_HEALTH, LedgerTable
from postcall.aws.party_index import PartyIndex
from postcall.aws.payloads import Payloads
from postcall.aws.pending_index import PendingIndex
from postcall.aws.persons import Persons
from postcall.aws.quarantine import FOLDER, QuarantineTable
from postcall.aws.quarantine_list import QuarantineList
from postcall.aws.queues import Queue
from postcall.aws.reanalysis import Reanalyses
from postcall.aws.revisions import Revisions
from postcall.aws.search_key import search_key
from postcall.aws.waiting_events import WaitingEvents
from postcall.domain.clock import SystemClock
from postcall.domain.parties import Party
from postcall.domain.status import Status
from postcall.settings import read_settings


@cache
def load_settings() -> Settings:
    return read_settings(Settings, environ)


def access() -> Access:
    """Who may ask what."""
    use = DailyUse(clients.dynamodb(), load_settings().quarantine_table)
    return Access(load_settings().operator_tokens_secret_id, use, SystemClock())


@cache
def events() -> EventTable:
    settings = load_settings()
    payloads = Payloads(clients.s3, settings.payload_bucket)
    return EventTable(clients.dynamodb(), settings.events_table, payloads, ttl_days=settings.event_ttl_days)


def lists() -> EventLists:
    """The list of calls, and the search by name and by the beginning of an id."""
    settings = load_settings()
    return EventLists(
        clients.dynamodb(),
        settings.events_table,
        ttl_days=settings.event_ttl_days,
        day_partitions=settings.event_day_partitions,
    )


def waiting() -> WaitingEvents:
    """What stands at a status."""
    return WaitingEvents(clients.dynamodb(), load_settings().events_table)


def persons() -> Persons:
    """Whose calls they are."""
    return Persons(clients.dynamodb(), load_settings().events_table)


@cache
def analyses() -> AnalysisTable:
    return AnalysisTable(
        clients.dynamodb(),
        analyses=load_settings().analyses_table,
        events=load_settings().events_table,
        ttl_days=load_settings().event_ttl_days,
    )


@cache
def dispatches() -> DispatchTable:
    return DispatchTable(
        clients.dynamodb(),
        dispatches=load_settings().dispatches_table,
        events=load_settings().events_table,
        ttl_days=load_settings().event_ttl_days,
    )


def _places() -> dict[str, str]:
    """Where what is erased lies."""
    settings = load_settings()
    return {
        "events": settings.events_table,
        "analyses": settings.analyses_table,
        "dispatches": settings.dispatches_table,
        "bucket": settings.payload_bucket,
    }


@cache
def eraser() -> Eraser:
    return Eraser(clients.dynamodb(), clients.s3(), **_places())


def erasure_check() -> ErasureCheck:
    """What is left below an erased event."""
    return ErasureCheck(clients.dynamodb(), clients.s3(), **_places())


def erasures() -> ErasureRegister:
    """The record of erasures."""
    return ErasureRegister(clients.s3(), load_settings().payload_bucket)


def contacts() -> ContactIndex:
    return ContactIndex(clients.dynamodb(), load_settings().events_table)


def parties() -> PartyIndex:
    """By whom events and refused webhooks can be found."""
    settings = load_settings()
    return PartyIndex(clients.dynamodb(), settings.events_table, key=contact_key, ttl_days=settings.event_ttl_days)


def unread_calls(party: Party) -> UnreadCalls:
    """A person's calls that no analysis has read yet."""
    return unread_calls_of(party, waiting=lists().passing(Status.RECEIVED), payload=events().payload)


def contact_key() -> bytes:
    """The key of the search by phone and e-mail; empty when its secret has no value."""
    return search_key(load_settings().search_key_secret_id)


def reanalyses() -> Reanalyses:
    return Reanalyses(clients.dynamodb(), load_settings().events_table)


def revisions() -> Revisions:
    """The bodies under one id."""
    settings = load_settings()
    return Revisions(clients.dynamodb(), settings.events_table, Payloads(clients.s3, settings.payload_bucket))


def guarantee() -> Guarantee:
    """What the settings say today of a repeated lead."""
    settings = load_settings()
    return Guarantee(settings.crm_deduplication, landing_id=settings.crm_landing_id, address=settings.crm_service_url)


def interventions() -> Interventions:
    return Interventions(clients.dynamodb(), load_settings().events_table)


def pending() -> PendingIndex:
    return PendingIndex(clients.dynamodb(), load_settings().events_table)


def analysis_queue() -> Queue:
    return Queue(clients.sqs(), load_settings().analysis_queue_url)


def dispatch_queue() -> Queue:
    return Queue(clients.sqs(), load_settings().dispatch_queue_url)


def work_queues() -> dict[str, WorkQueue]:
    """Both queues with their dead letters, by the step's word."""
    settings, sqs = load_settings(), clients.sqs()
    return {
        "analysis": WorkQueue(
            sqs, url=settings.analysis_queue_url, dead_letters_url=settings.analysis_dead_letters_url
        ),
        "dispatch": WorkQueue(
            sqs, url=settings.dispatch_queue_url, dead_letters_url=settings.dispatch_dead_letters_url
        ),
    }


def quarantine() -> QuarantineTable:
    settings = load_settings()
    payloads = Payloads(clients.s3, settings.payload_bucket, folder=FOLDER)
    return QuarantineTable(
        clients.dynamodb(), settings.quarantine_table, payloads, ttl_days=settings.quarantine_ttl_days
    )


def quarantine_list() -> QuarantineList:
    settings = load_settings()
    return QuarantineList(clients.dynamodb(), settings.quarantine_table, ttl_days=settings.quarantine_ttl_days)


def ledgers() -> LedgerTable:
    return LedgerTable(clients.dynamodb(), load_settings().ledgers_table, ttl_days=load_settings().event_ttl_days)


def watch() -> dict[str, Any]:
    """What reconciliation reported last of the webhook and of itself; None where it has not run yet."""
    table = ledgers()
    words = {"webhook": LAST_WEBHOOK_HEALTH, "reconciliation": LAST_RECONCILIATION, "erasures": LAST_ERASURE_CHECK}
    return {name: table.report(word) for name, word in words.items()}


def intake() -> Commands:
    return Commands(clients.functions(), load_settings().intake_function)


def reconciliation() -> Commands:
    return Commands(clients.functions(), load_settings().reconciliation_function)
