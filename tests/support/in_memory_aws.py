"""Our tables, bucket, queues and secrets in moto's in-process AWS, shaped as the template makes them.

For the tests and the benches; tests/infra holds the template itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from postcall.aws import clients

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
    "listed_as",
    "status_reason",
    "updated_at",
    "listed_attempts",
    "revision_count",
    "needs_review",
    "delivered_at",
    "erased_at",
    "topic",
    "intent",
    "quality_score",
    "name_keys",
    "contact",
]
QUARANTINE_LISTED = ("kind", "reason", "bytes", "released_at", "event_id")
_KEYS: dict[str, list[tuple[str, Literal["S", "N"]]]] = {
    EVENTS: [("event_id", "S")],
    ANALYSES: [("event_id", "S"), ("revision", "N")],
    DISPATCHES: [("event_id", "S"), ("attempt", "N")],
    CIRCUITS: [("id", "S")],
    QUARANTINE: [("quarantine_id", "S")],
    LEDGERS: [("day", "S")],
}
_LIST_OF_STATUS = [name for name in LISTED if name != "listed_as"]
_INDEXES: dict[str, list[tuple[str, str, str, list[str]]]] = {
    EVENTS: [
        ("by_day", "day", "received_at", LISTED),
        ("by_status", "listed_as", "received_at", _LIST_OF_STATUS),
        ("pending", "pending", "pending_since", []),
        ("by_phone", "phone_key", "received_at", []),
        ("by_email", "email_key", "received_at", []),
    ],
    QUARANTINE: [("by_day", "day", "received_at", list(QUARANTINE_LISTED))],
}


@dataclass(frozen=True)
class Queues:
    """The queues' addresses."""

    analysis: str
    analysis_dead_letters: str
    dispatch: str
    dispatch_dead_letters: str


def make_resources() -> Queues:
    """Make all of it in the AWS that the clients reach now, which must be empty."""
    for table in _KEYS:
        _make_table(table)
    clients.s3().create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    names = ("analysis", "analysis-dead-letters", "dispatch", "dispatch-dead-letters")
    return Queues(*(clients.sqs().create_queue(QueueName=name)["QueueUrl"] for name in names))


def keys() -> dict[str, list[str]]:
    """The names of each table's keys."""
    return {table: [name for name, _ in names] for table, names in _KEYS.items()}


def indexes(table: str) -> dict[str, tuple[str, str, list[str]]]:
    """A table's indexes: each one's keys, and all else that it holds of an item, the table's own keys among it."""
    return {
        name: (partition, sort, [*keys()[table], *listed]) for name, partition, sort, listed in _INDEXES.get(table, [])
    }


def keep_secrets(values: Mapping[str, str]) -> None:
    """Store secrets by name."""
    for name, value in values.items():
        clients.secrets_manager().create_secret(Name=name, SecretString=value)


def _make_table(table: str) -> None:
    names: dict[str, Literal["S", "N"]] = dict(_KEYS[table])
    more: dict[str, Any] = {}
    if table in _INDEXES:
        names |= {name: "S" for _, hash_, range_, _ in _INDEXES[table] for name in (hash_, range_)}
        more["GlobalSecondaryIndexes"] = [
            {"IndexName": index, "KeySchema": _schema(hash_, range_), "Projection": _projection(listed)}
            for index, hash_, range_, listed in _INDEXES[table]
        ]
    clients.dynamodb().create_table(
        TableName=table,
        KeySchema=_schema(*(name for name, _ in _KEYS[table])),
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in names.items()],
        BillingMode="PAY_PER_REQUEST",
        **more,
    )


def _projection(listed: list[str]) -> dict[str, Any]:
    return {"ProjectionType": "INCLUDE", "NonKeyAttributes": listed} if listed else {"ProjectionType": "KEYS_ONLY"}


def _schema(*names: str) -> Any:
    return [{"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"), strict=False)]
