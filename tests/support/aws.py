"""The three tables, the bucket, the queues and the secrets in moto's in-process AWS, as the template makes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from moto import mock_aws

from postcall.aws import clients, secrets
from postcall.aws.analysis_table import AnalysisTable
from postcall.aws.contact_index import ContactIndex
from postcall.aws.dispatch_table import DispatchTable
from postcall.aws.erasure import Eraser
from postcall.aws.event_table import EventTable
from postcall.aws.ledger_table import LedgerTable
from postcall.aws.payloads import Payloads
from postcall.aws.pending_index import PendingIndex
from postcall.aws.quarantine import FOLDER, QuarantineTable
from tests.support import quick_moto
from tests.support.in_memory_aws import (
    ANALYSES,
    BUCKET,
    CIRCUITS,
    DISPATCHES,
    EVENTS,
    LEDGERS,
    QUARANTINE,
    QUARANTINE_LISTED,
    REGION,
    make_resources,
)

__all__ = [
    "ANALYSES",
    "BUCKET",
    "CIRCUITS",
    "DISPATCHES",
    "EVENTS",
    "LEDGERS",
    "QUARANTINE",
    "QUARANTINE_LISTED",
    "REGION",
    "SEARCH_KEY",
    "LocalAws",
    "forget",
    "local_aws",
]

SEARCH_KEY = b"invented-search-key"
quick_moto.install()


@dataclass(frozen=True)
class LocalAws:
    """An empty AWS with our resources in it."""

    analysis_queue: str
    analysis_dead_letters: str
    dispatch_queue: str
    dispatch_dead_letters: str

    @property
    def events(self) -> EventTable:
        return EventTable(clients.dynamodb(), EVENTS, Payloads(clients.s3, BUCKET), ttl_days=90)

    @property
    def analyses(self) -> AnalysisTable:
        return AnalysisTable(
            clients.dynamodb(), analyses=ANALYSES, events=EVENTS, ttl_days=90, search_key=lambda: SEARCH_KEY
        )

    @property
    def dispatches(self) -> DispatchTable:
        return DispatchTable(clients.dynamodb(), dispatches=DISPATCHES, events=EVENTS, ttl_days=90)

    @property
    def contacts(self) -> ContactIndex:
        return ContactIndex(clients.dynamodb(), EVENTS)

    @property
    def eraser(self) -> Eraser:
        return Eraser(
            clients.dynamodb(), clients.s3(), events=EVENTS, analyses=ANALYSES, dispatches=DISPATCHES, bucket=BUCKET
        )

    @property
    def quarantine(self) -> QuarantineTable:
        payloads = Payloads(clients.s3, BUCKET, folder=FOLDER)
        return QuarantineTable(clients.dynamodb(), QUARANTINE, payloads, ttl_days=14)

    @property
    def ledgers(self) -> LedgerTable:
        return LedgerTable(clients.dynamodb(), LEDGERS, ttl_days=90)

    @property
    def pending(self) -> PendingIndex:
        return PendingIndex(clients.dynamodb(), EVENTS)

    def messages(self, queue_url: str) -> list[dict[str, Any]]:
        """What lies in a queue, as message bodies; they are taken out."""
        answer = clients.sqs().receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


@contextmanager
def local_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    """Our resources in moto; the clients are made anew on both sides."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        forget()
        queues = make_resources()
        yield LocalAws(queues.analysis, queues.analysis_dead_letters, queues.dispatch, queues.dispatch_dead_letters)
    forget()


def forget() -> None:
    """Drop every client."""
    clients.forget()
    secrets.forget()
