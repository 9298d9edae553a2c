"""Our tables, bucket, queues and secrets in moto's in-process AWS, shaped as the template makes them.

For the tests and the benches; tests/infra holds the template itself.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal
from urllib.parse import urlparse

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.serialize import ResponseSerializer
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import Item
from moto.s3.models import s3_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sqs.models import sqs_backends

from postcall.aws import clients
from postcall.aws.event_item import LISTED

REGION: Final = "eu-central-1"
EVENTS, ANALYSES, DISPATCHES, CIRCUITS = "webhook_events", "analyses", "crm_dispatches", "circuits"
QUARANTINE, LEDGERS = "quarantine", "ledgers"
BUCKET = "payloads"
QUARANTINE_LISTED = ("kind", "reason", "bytes", "released_at", "event_id")
_KEYS: dict[str, list[tuple[str, Literal["S", "N"]]]] = {
    EVENTS: [("event_id", "S")],
    ANALYSES: [("event_id", "S"), ("revision", "N")],
    DISPATCHES: [("event_id", "S"), ("attempt", "N")],
    CIRCUITS: [("id", "S")],
    QUARANTINE: [("quarantine_id", "S")],
    LEDGERS: [("day", "S")],
}
_INDEXES: dict[str, list[tuple[str, str, str, list[str]]]] = {
    EVENTS: [
        ("by_day", "day", "received_at", [*LISTED]),
        ("by_status", "listed_as", "received_at", [name for name in LISTED if name != "listed_as"]),
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
    """Make all of it in moto's AWS, which must be empty: past its API, through which it takes ten times as long."""
    _dynamodb().tables.update(copy.deepcopy(_empty_tables()))
    s3_backends[DEFAULT_ACCOUNT_ID]["aws"].create_bucket(BUCKET, REGION)
    names = ("analysis", "analysis-dead-letters", "dispatch", "dispatch-dead-letters")
    queues = sqs_backends[DEFAULT_ACCOUNT_ID][REGION]
    return Queues(*(queues.create_queue(name).url(urlparse(f"https://sqs.{REGION}.amazonaws.com")) for name in names))


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
        secretsmanager_backends[DEFAULT_ACCOUNT_ID][REGION]._add_secret(name, value)


def _answer_quickly() -> None:
    """Moto looks for each member of an answer under eight names, for those that it lacks, too; DynamoDB's have one."""
    asked = ResponseSerializer.get_value

    def get_value(self: ResponseSerializer, value: Any, key: str, shape: Any) -> Any:
        if type(value) is dict and self.operation_model.service_model.service_name == "dynamodb":
            return value.get(key)
        return asked(self, value, key, shape)

    ResponseSerializer.get_value = get_value  # type: ignore[method-assign]


def _project_quickly() -> None:
    """Moto writes the whole item out anew for each attribute that an index holds; here they are taken as they are."""
    asked = Item.project

    def project(self: Item, projection_expressions: list[list[str]]) -> Item:
        if any(len(path) != 1 or "[" in path[0] for path in projection_expressions):
            return asked(self, projection_expressions)
        projected = Item(self.hash_key, self.range_key, {})
        projected.attrs.update({name: self.attrs[name] for (name,) in projection_expressions if name in self.attrs})
        return projected

    Item.project = project  # type: ignore[method-assign]


_answer_quickly()
_project_quickly()


def _dynamodb() -> DynamoDBBackend:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION]


@cache
def _empty_tables() -> dict[str, Any]:
    """The tables as the API makes them, which is slow: once a process. Nobody writes into these."""
    for table in _KEYS:
        _make_table(table)
    made = copy.deepcopy(_dynamodb().tables)
    _dynamodb().tables.clear()
    return dict(made)


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
