"""The three tables, the bucket, the queues and the secrets in moto's in-process AWS, as the template makes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal

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

REGION: Final = "eu-central-1"
EVENTS, ANALYSES, DISPATCHES, CIRCUITS = "webhook_events", "analyses", "crm_dispatches", "circuits"
QUARANTINE, LEDGERS = "quarantine", "ledgers"
BUCKET = "payloads"
LISTED = [
    "source",
    "type",
    "agent_id",
    "agent_name",
    "conversation_id",
    "status",
    "status_reason",
    "updated_at",
    "attempts",
    "revision_count",
    "needs_review",
    "delivered_at",
    "erased_at",
]
SEARCH_KEY = b"invented-search-key"
QUARANTINE_LISTED = ("kind", "reason", "bytes", "released_at", "event_id")


@dataclass(frozen=True)
class LocalAws:
    """An empty AWS with our resources in it."""

    analysis_queue: str
    analysis_dead_letters: str
    dispatch_queue: str
    dispatch_dead_letters: str

    @property
    def events(self) -> EventTable:
        return EventTable(clients.dynamodb(), EVENTS, Payloads(clients.s3(), BUCKET), ttl_days=90)

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
        payloads = Payloads(clients.s3(), BUCKET, folder=FOLDER)
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
        _tables()
        clients.s3().create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        names = ("analysis", "analysis-dead-letters", "dispatch", "dispatch-dead-letters")
        yield LocalAws(*(clients.sqs().create_queue(QueueName=name)["QueueUrl"] for name in names))
    forget()


def forget() -> None:
    """Drop every client."""
    clients.forget()
    secrets.forget()


S: Final = "S"


def _tables() -> None:
    keys: dict[str, list[tuple[str, Literal["S", "N"]]]] = {
        EVENTS: [("event_id", "S")],
        ANALYSES: [("event_id", "S"), ("revision", "N")],
        DISPATCHES: [("event_id", "S"), ("attempt", "N")],
        CIRCUITS: [("id", "S")],
        QUARANTINE: [("quarantine_id", "S")],
        LEDGERS: [("day", "S")],
    }
    indexes = [
        ("by_day", "day", "received_at", {"ProjectionType": "INCLUDE", "NonKeyAttributes": LISTED}),
        (
            "by_status",
            "status",
            "received_at",
            {"ProjectionType": "INCLUDE", "NonKeyAttributes": [name for name in LISTED if name != "status"]},
        ),
        ("pending", "pending", "pending_since", {"ProjectionType": "KEYS_ONLY"}),
        ("by_phone", "phone_key", "received_at", {"ProjectionType": "KEYS_ONLY"}),
        ("by_email", "email_key", "received_at", {"ProjectionType": "KEYS_ONLY"}),
    ]
    for table, key in keys.items():
        more: dict[str, Any] = {}
        names: dict[str, Literal["S", "N"]] = dict(key)
        if table == EVENTS:
            index_keys = ("day", "received_at", "status", "pending", "pending_since", "phone_key", "email_key")
            names.update(dict.fromkeys(index_keys, S))
            more["GlobalSecondaryIndexes"] = [
                {"IndexName": index, "KeySchema": _schema(hash_, range_), "Projection": projection}
                for index, hash_, range_, projection in indexes
            ]
        if table == QUARANTINE:
            names.update(dict.fromkeys(("day", "received_at"), S))
            projection = {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(QUARANTINE_LISTED)}
            more["GlobalSecondaryIndexes"] = [
                {"IndexName": "by_day", "KeySchema": _schema("day", "received_at"), "Projection": projection}
            ]
        clients.dynamodb().create_table(
            TableName=table,
            KeySchema=_schema(*(name for name, _ in key)),
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in names.items()],
            BillingMode="PAY_PER_REQUEST",
            **more,
        )


def _schema(*names: str) -> Any:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"), strict=False)]
