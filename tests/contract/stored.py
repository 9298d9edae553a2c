"""A store behind its ports, for the contract that the fake and the tables share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from postcall.aws import clients
from postcall.aws.reanalysis import Reanalyses
from postcall.domain.event import CallEvent, ResendOrder
from postcall.domain.outcome import Attempt, AttemptStatus, Outcome, Verdict
from tests.support.aws import EVENTS, SEARCH_KEY, LocalAws
from tests.support.builders import CONVERSATION, any_incoming, any_recorded
from tests.support.fakes.clock import START
from tests.support.fakes.personal import MemoryContacts, MemoryEraser
from tests.support.fakes.reanalyses import MemoryReanalyses
from tests.support.fakes.store import MemoryAnalyses, MemoryStore

SAVED = Verdict(Outcome.DELIVERED, "The CRM saved the lead.", http_status=200, answer="{}", duration_ms=12)
DOWN = Verdict(Outcome.UNAVAILABLE, "HTTP 503: the CRM is not available.", http_status=503)
LATER = START + timedelta(minutes=1)


@dataclass(frozen=True)
class Store:
    """The ports of one store. `Any`, since either implementation stands behind them."""

    events: Any
    analyses: Any
    dispatches: Any
    pending: Any
    contacts: Any
    eraser: Any
    reanalyses: Any

    def analyzed(self, event_id: str = CONVERSATION, at: datetime = START, **members: Any) -> CallEvent:
        """An event that waits to be sent."""
        self.events.add(any_incoming(event_id), now=at)
        self.analyses.record(any_recorded(event_id, at=at, **members))
        return self.now(event_id)

    def now(self, event_id: str = CONVERSATION) -> CallEvent:
        event = self.events.get(event_id)
        assert isinstance(event, CallEvent)
        return event


def in_memory() -> Store:
    """The fakes."""
    store = MemoryStore()
    contacts = MemoryContacts(store, SEARCH_KEY)
    return Store(store, MemoryAnalyses(store), store, store, contacts, MemoryEraser(store), MemoryReanalyses(store))


def in_tables(aws: LocalAws) -> Store:
    """The adapters."""
    reanalyses = Reanalyses(clients.dynamodb(), EVENTS)
    return Store(aws.events, aws.analyses, aws.dispatches, aws.pending, aws.contacts, aws.eraser, reanalyses)


def any_attempt(number: int = 1, **members: Any) -> Attempt:
    attempt = Attempt(CONVERSATION, number, AttemptStatus.SENDING, payload='{"a": 1}', started_at=START)
    return replace(attempt, **members)


def order(order_id: str = "o1", *, forced: bool = True) -> ResendOrder:
    """An operator's order."""
    return ResendOrder(order_id, requested_by="anna", requested_at=LATER, forced=forced)


def items(table: str) -> dict[str, dict[str, Any]]:
    """What DynamoDB holds in a table of events, by `event_id`, as attribute values."""
    return {item["event_id"]["S"]: dict(item) for item in clients.dynamodb().scan(TableName=table)["Items"]}
