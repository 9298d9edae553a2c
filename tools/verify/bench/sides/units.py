"""Write units of one call of 26 KB from its webhook to its lead, on tables and their indexes, by DynamoDB's own rules.

    PYTHONPATH=BUILD python units.py

Each write is weighed by the item before and after it, the larger counting, a kilobyte a unit, twice in a transaction,
whose checks weigh as much.
An index is written where what it holds changes, and twice where its key does (DynamoDB's developer guide, "Read and
write capacity", "Item sizes and formats", "Global secondary indexes"). A write whose condition fails is not expected.

After it `CALLS` more: what the busiest partition of each index takes of them tells when one partition is full.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

import sizes  # type: ignore[import-not-found]  # beside this file, whatever build runs it
import tree  # type: ignore[import-not-found]  # as above
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

REGION = "eu-central-1"
BODY_BYTES = 26_000
CALLS = 64
Item = dict[str, dict[str, Any]]
WRITES = {"PutItem": "Item", "UpdateItem": "Key", "DeleteItem": "Key"}
IN_TRANSACTION = {"Put": "Item", "Update": "Key", "Delete": "Key", "ConditionCheck": "Key"}


class Weighed:
    """What writes weigh, by step and by `table` or `table/index`."""

    def __init__(self) -> None:
        self.units: Counter[str] = Counter()
        self.by_partition: dict[str, Counter[str]] = {}
        self._before: list[tuple[str, Item, Item | None]] = []

    def watch(self, client: Any) -> Any:  # noqa: ANN401 — any of botocore's clients
        """Hook a client."""
        client.meta.events.register_first("before-send.dynamodb", self._sent)
        client.meta.events.register("response-received.dynamodb", self._answered)
        return client

    def _sent(self, request: Any, event_name: str, **_: object) -> None:  # noqa: ANN401 — botocore's
        writes = _writes(event_name.rpartition(".")[2], request.body)
        self._before = [(table, key, _item(table, key)) for table, key in writes]
        self._times = 2 if event_name.endswith("TransactWriteItems") else 1

    def _answered(self, **_: object) -> None:
        for table, key, before in self._before:
            after = _item(table, key)
            self.units[table] += self._times * sizes.write_units(max(sizes.size_of(before), sizes.size_of(after)))
            for index in _table(table).global_indexes or []:
                self._index(f"{table}/{index.name}", _index_units(index, before, after))
        self._before = []

    def _index(self, name: str, writes: list[tuple[str, int]]) -> None:
        for partition, units in writes:
            self.units[name] += units
            self.by_partition.setdefault(name, Counter())[partition] += units


def _index_units(index: Any, before: Item | None, after: Item | None) -> list[tuple[str, int]]:  # noqa: ANN401 — moto's
    """Units by the key of the partition that is written: of two where an item moves from one to the other."""
    was, becomes = _projected(index, before), _projected(index, after)
    if was == becomes:
        return []
    keys = [part["AttributeName"] for part in index.schema]
    if was is not None and becomes is not None and all(was[name] == becomes[name] for name in keys):
        return [(_partition(index, becomes), sizes.write_units(max(sizes.size_of(was), sizes.size_of(becomes))))]
    return [
        (_partition(index, each), sizes.write_units(sizes.size_of(each))) for each in (was, becomes) if each is not None
    ]


def _partition(index: Any, item: Item) -> str:  # noqa: ANN401 — moto's
    name = next(part["AttributeName"] for part in index.schema if part["KeyType"] == "HASH")
    return str(item[name])


def _projected(index: Any, item: Item | None) -> Item | None:  # noqa: ANN401 — moto's
    """What the index holds of an item; nothing where a part of its key is missing."""
    keys = [part["AttributeName"] for part in index.schema]
    if item is None or any(name not in item for name in keys):
        return None
    if index.projection["ProjectionType"] == "ALL":
        return item
    listed = {*keys, *index.table_key_attrs, *(index.projection.get("NonKeyAttributes") or [])}
    return {name: value for name, value in item.items() if name in listed}


def _writes(operation: str, body: bytes | str) -> list[tuple[str, Item]]:
    """Table and key, or whole item, of each write of a request."""
    if operation in WRITES:
        request = json.loads(body)
        return [(request["TableName"], request[WRITES[operation]])]
    if operation == "BatchWriteItem":
        tables = json.loads(body)["RequestItems"].items()
        puts = [(table, next(iter(write.values()))) for table, writes in tables for write in writes]
        return [(table, write.get("Item") or write["Key"]) for table, write in puts]
    if operation != "TransactWriteItems":
        return []
    writes = [(kind, write) for each in json.loads(body)["TransactItems"] for kind, write in each.items()]
    return [(write["TableName"], write[IN_TRANSACTION[kind]]) for kind, write in writes if kind in IN_TRANSACTION]


def _table(name: str) -> Any:  # noqa: ANN401 — moto's
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].get_table(name)


def _item(table: str, key: Item) -> Item | None:
    from moto.dynamodb.models.dynamo_type import DynamoType  # noqa: PLC0415 — moto's own

    found = _table(table)
    range_key = DynamoType(key[found.range_key_attr]) if found.has_range_key else None
    item = found.get_item(DynamoType(key[found.hash_key_attr]), range_key)
    return deepcopy(item.to_json()["Attributes"]) if item is not None else None


def main() -> None:
    """Print the units as one line of JSON, by step, and by table and index."""
    from postcall.aws import clients  # noqa: PLC0415 — the build's

    weighed, make = Weighed(), clients._client  # noqa: SLF001 — the one place where clients are made
    clients._client = lambda *names: weighed.watch(make(*names))  # noqa: SLF001 — see above
    figures: dict[str, float] = {}
    with tree.bench("findings").silence(), tree.crm_simulator()() as crm, tree.sandbox(crm.service_url) as ours:
        for step in _steps(ours, 0):
            before = weighed.units.total()
            step.serve()
            figures[f"{step.name}_write_units"] = weighed.units.total() - before
        figures["write_units"] = weighed.units.total()
        figures |= {f"{name}_write_units": count for name, count in sorted(weighed.units.items()) if count}
        weighed.by_partition.clear()
        for number in range(1, CALLS + 1):
            for step in _steps(ours, number):
                step.serve()
    busiest = {name: max(units.values()) / CALLS for name, units in weighed.by_partition.items()}
    figures |= {f"{name}_busiest_partition_units_a_call": units for name, units in sorted(busiest.items())}
    print(json.dumps(figures))


class _Step(NamedTuple):
    name: str
    serve: Callable[[], object]


def _steps(ours: Any, number: int) -> list[_Step]:  # noqa: ANN401 — a harness, of either build
    body = tree.bench("bodies").webhook(f"conv_bench{number:023}", size=BODY_BYTES)
    ingest = _Step("intake", lambda: tree.ingest(ours, body))
    return [ingest, _Step("analysis", ours.analyse), _Step("dispatch", ours.dispatch)]


if __name__ == "__main__":
    main()
