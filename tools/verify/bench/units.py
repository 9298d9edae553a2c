"""What a call costs in DynamoDB's units and in requests to AWS, counted by AWS's own rules.

    python -m tools.verify.bench.units [--calls N] [--out FILE]

The real handlers take a call of 26 KB the whole way over moto. Before and after each request the tables are read past
their API, and each item that has changed is billed as AWS bills it: its size as DynamoDB reckons it, in units of 1 KB
begun, the larger of before and after, twice in a transaction; and each index whose share of it has changed once more
(where its key in the index has changed, once for the old entry and once for the new). A condition that a transaction
checks of another item is billed as a write of that item would be.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from botocore.awsrequest import AWSPreparedRequest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from postcall.aws import clients
from tests.support.builders import SAMPLES
from tests.support.in_memory_aws import REGION, indexes, keys
from tools.simulators.crm.simulator import CrmSimulator
from tools.verify.bench.findings import Bench, Findings, Target, silence
from tools.verify.bench.sandbox import sandbox
from tools.verify.bench.sides.sizes import Entry, entry_of, size_of, write_units

SAMPLE = SAMPLES / "elevenlabs" / "wire-ru-utf8.raw"
UNITS_A_SECOND = 1_000  # what one partition of a table or an index takes
SECRET_READ = "GetSecretValue"  # noqa: S105 — an operation; once a process and five minutes, and not a call's
Rows = dict[tuple[str, ...], Entry]
"""Every item, by its table and key."""


@dataclass
class Billed:
    """What one step's requests cost."""

    requests: Counter[str] = field(default_factory=Counter)
    tables: Counter[str] = field(default_factory=Counter)
    indexes: Counter[str] = field(default_factory=Counter)

    @property
    def units(self) -> int:
        return self.tables.total() + self.indexes.total()


def rows() -> Rows:
    """What lies in moto's tables now."""
    backend = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION]
    found: Rows = {}
    for table, names in keys().items():
        if table not in backend.tables:  # not made yet
            continue
        for item in backend.get_table(table).all_items():
            entry: Entry = {name: value.to_regular_json() for name, value in item.attrs.items()}
            found[(table, *(json.dumps(entry[name]) for name in names))] = entry
    return found


def bill(billed: Billed, before: Rows, after: Rows, *, times: int) -> None:
    """Add what a request cost that led from one state to another; `times` is 2 for a transaction."""
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        table = key[0]
        billed.tables[table] += times * write_units(max(size_of(old), size_of(new)))
        for name, entry in indexes(table).items():
            billed.indexes[name] += _index_units(entry_of(old, *entry), entry_of(new, *entry), entry[:2])


def _index_units(old: Entry | None, new: Entry | None, key: tuple[str, ...]) -> int:
    if old == new:
        return 0
    if old and new and all(old[name] == new[name] for name in key):
        return write_units(max(size_of(old), size_of(new)))
    return sum(write_units(size_of(entry)) for entry in (old, new) if entry)


def checked(transaction: Any) -> list[tuple[str, ...]]:  # noqa: ANN401 — botocore's own body
    """The items, by table and key, of which a transaction only checks a condition."""
    every = json.loads(transaction)["TransactItems"]
    steps = [step["ConditionCheck"] for step in every if "ConditionCheck" in step]
    return [(step["TableName"], *(json.dumps(value) for value in step["Key"].values())) for step in steps]


class Meter:
    """Bills the requests of the functions' clients."""

    def __init__(self) -> None:
        self.step = Billed()
        self._before: Rows = {}
        self._checked: list[tuple[str, ...]] = []

    def begin(self) -> Billed:
        """A new bill."""
        self.step = Billed()
        return self.step

    def _sending(self, request: AWSPreparedRequest, event_name: str, **_: object) -> None:
        is_transaction = event_name.endswith(".TransactWriteItems")
        self._before, self._checked = rows(), checked(request.body) if is_transaction else []

    def _answered(self, model: Any, **_: object) -> None:  # noqa: ANN401 — botocore's model of an operation
        if model.name == SECRET_READ:
            return
        self.step.requests[model.name] += 1
        bill(self.step, self._before, rows(), times=2 if model.name.startswith("Transact") else 1)
        for key in self._checked:
            self.step.tables[key[0]] += 2 * write_units(size_of(self._before.get(key)))

    def watch(self, client: Any) -> Any:  # noqa: ANN401 — any of botocore's clients
        """Hook a client."""
        client.meta.events.register_first("before-send", self._sending)
        client.meta.events.register("after-call", self._answered)
        return client


@contextmanager
def metered() -> Iterator[Meter]:
    """Every client that the functions make from now on is billed."""
    meter, make = Meter(), clients._client  # noqa: SLF001 — the one place where clients are made

    def watched(*arguments: Any) -> Any:  # noqa: ANN401 — see above
        return meter.watch(make(*arguments))

    with mock.patch.object(clients, "_client", watched):
        clients.forget()
        yield meter
    clients.forget()


def bills(body: bytes) -> dict[str, Billed]:
    """A call's bill, by step."""
    with CrmSimulator() as crm, metered() as meter, sandbox(crm.service_url) as ours:
        steps: dict[str, Callable[[], object]] = {
            "intake": lambda: ours.ingest(body),
            "analysis": ours.analyse,
            "dispatch": ours.dispatch,
        }
        found: dict[str, Billed] = {}
        for name, serve in steps.items():
            found[name] = meter.begin()
            serve()
    return found


def measure(calls: int) -> Findings:
    """The bill of one call, step by step, and what it leads to.

    Raises:
        RuntimeError: The same call is not billed the same.
    """
    found = Findings(not_covered=["What Lambda's poller asks of SQS: receiving and deleting.", "Read units."])
    with silence():
        every = [bills(SAMPLE.read_bytes()) for _ in range(calls)]
    if any(each != every[0] for each in every):
        raise RuntimeError("The same call is not billed the same.")
    by_index: Counter[str] = Counter()
    for step, billed in every[0].items():
        by_index += billed.indexes
        made = ", ".join(f"{name} {count}" for name, count in sorted(billed.requests.items()))
        found.note(**{f"{step}_requests": billed.requests.total()})
        found.note(**{f"{step}_made": made})
        found.note(**{f"{step}_units_of_tables": billed.tables.total()})
        found.note(**{f"{step}_units_of_indexes": billed.indexes.total()})
    for name, units in sorted(by_index.items()):
        found.note(**{f"{name}_units_a_call": units, f"{name}_calls_a_second": UNITS_A_SECOND // units})
    found.note(
        write_units_a_call=sum(billed.units for billed in every[0].values()),
        requests_a_call=sum(billed.requests.total() for billed in every[0].values()),
    )
    found.hold(Target("write_units_a_call", 38), Target("requests_a_call", 9))
    return found


BENCH = Bench("units", __doc__.splitlines()[0], measure, size=1, size_means="calls")

if __name__ == "__main__":
    BENCH.main()
