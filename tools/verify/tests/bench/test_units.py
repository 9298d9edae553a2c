"""What a call costs by AWS's rules, held exactly: one unit or request more is a red test, and then a decision."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tools.verify.bench.findings import silence
from tools.verify.bench.sides import sizes
from tools.verify.bench.sides.sizes import entry_of, size_of, write_units
from tools.verify.bench.units import SAMPLE, Billed, bill, bills
from tools.verify.report.record import ROOT


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "Иван"}, 8),
        ({"N": "0"}, 2),
        ({"N": "-12300"}, 3),
        ({"N": "1764403200"}, 5),
        ({"B": "AAAA"}, 3),
        ({"B": b"four"}, 4),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}, {"BOOL": False}]}, 8),
        ({"M": {"ab": {"S": "c"}}}, 7),
    ],
)
def test_a_value_has_the_bytes_that_aws_says(value: dict[str, Any], size: int) -> None:
    assert size_of({"name": value}) == len("name") + size


@pytest.mark.parametrize(("size", "units"), [(1, 1), (1024, 1), (1025, 2), (5120, 5), (5121, 6)])
def test_every_kilobyte_begun_is_a_unit(size: int, units: int) -> None:
    assert write_units(size) == units


def test_an_index_holds_only_what_has_its_keys() -> None:
    item = {"event_id": {"S": "e"}, "day": {"S": "d"}, "at": {"S": "t"}, "payload": {"S": "p"}}
    assert entry_of(item, "day", "at", ["event_id", "topic"]) == {
        name: item[name] for name in ("day", "at", "event_id")
    }
    assert entry_of(item, "pending", "at", []) is None


def test_a_transaction_costs_twice_and_an_index_only_what_it_holds() -> None:
    key = ("webhook_events", "e")
    old = {"event_id": {"S": "e"}, "pending": {"S": "1"}, "pending_since": {"S": "t"}, "x": {"S": "x" * 2_000}}
    moved, other = old | {"pending_since": {"S": "u"}}, old | {"x": {"S": "y"}}
    billed = Billed()
    bill(billed, {key: old}, {key: moved}, times=2)
    assert (billed.tables.total(), billed.indexes.total()) == (4, 2)  # its place in the index is another
    billed = Billed()
    bill(billed, {key: old}, {key: other}, times=1)
    assert (billed.tables.total(), billed.indexes.total()) == (2, 0)


def test_a_call_costs_so_many_units_and_requests() -> None:
    with silence():
        found = bills(SAMPLE.read_bytes())
    assert {step: (each.tables.total(), each.indexes.total()) for step, each in found.items()} == {
        "intake": (12, 2),
        "analysis": (7, 6),
        "dispatch": (8, 2),
    }
    assert {step: each.requests.total() for step, each in found.items()} == {"intake": 2, "analysis": 4, "dispatch": 3}


@pytest.mark.long  # a process of its own
def test_both_counts_of_a_call_agree() -> None:
    side = Path(sizes.__file__).with_name("units.py")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run([sys.executable, side], check=True, capture_output=True, text=True, env=environment, cwd=ROOT)
    with silence():
        found = bills(SAMPLE.read_bytes())
    mine = {f"{step}_write_units": each.tables.total() + each.indexes.total() for step, each in found.items()}
    assert {name: value for name, value in json.loads(ran.stdout).items() if name in mine} == mine
