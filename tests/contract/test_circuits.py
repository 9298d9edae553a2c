"""The circuit that all workers share: what the fake promises, the table keeps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from postcall.aws import clients
from postcall.aws.circuit_table import CircuitTable
from postcall.domain.circuit import Circuit
from postcall.domain.errors import Unavailable
from tests.support.aws import CIRCUITS, local_aws
from tests.support.fakes.circuits import MemoryCircuits
from tests.support.fakes.clock import START

Circuits = CircuitTable | MemoryCircuits
LATER = START + timedelta(minutes=1)
OPENED = START.timestamp()


@pytest.fixture(params=["memory", "table"])
def circuits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Circuits]:
    if request.param == "memory":
        yield MemoryCircuits()
        return
    with local_aws(monkeypatch):
        yield CircuitTable(clients.dynamodb(), CIRCUITS)


def taken(circuits: Circuits, token: str, *, opened_at: float = OPENED) -> bool:
    return circuits.take_probe(token, opened_at=opened_at, now=LATER, until=LATER + timedelta(minutes=2))


def test_nothing_known_is_closed(circuits: Circuits) -> None:
    assert circuits.get() == Circuit()
    assert circuits.get().state == "closed"


def test_failures_are_counted_whoever_sees_them(circuits: Circuits) -> None:
    assert [circuits.count_failure(now=START).failures for _ in range(3)] == [1, 2, 3]
    assert circuits.close("worker")
    assert circuits.get().failures == 0


def test_it_is_opened_once_and_the_opener_is_recognised_when_it_repeats_itself(circuits: Circuits) -> None:
    assert circuits.open("first", now=START)
    assert circuits.get() == Circuit(0, OPENED)
    assert not circuits.open("second", now=LATER)
    assert not circuits.close("second")
    assert circuits.get().opened_at == OPENED


def test_one_at_a_time_tries_the_crm(circuits: Circuits) -> None:
    circuits.open("worker", now=START)
    assert taken(circuits, "first")
    assert taken(circuits, "first"), "its own write, whose answer was lost"
    assert not taken(circuits, "second")
    assert circuits.get().state == "half_open"
    circuits.give_back("second")
    assert not taken(circuits, "second")
    circuits.give_back("first")
    assert taken(circuits, "second")


def test_a_probe_that_died_is_over_with_its_lease(circuits: Circuits) -> None:
    circuits.open("worker", now=START)
    assert taken(circuits, "first")
    much_later = LATER + timedelta(minutes=3)
    assert circuits.take_probe("second", opened_at=OPENED, now=much_later, until=much_later + timedelta(minutes=2))


def test_a_probe_closes_it_or_keeps_it_open(circuits: Circuits) -> None:
    circuits.open("worker", now=START)
    assert taken(circuits, "first")
    assert circuits.open("first", now=LATER)
    assert circuits.get() == Circuit(0, LATER.timestamp())
    assert not taken(circuits, "second"), "it was opened anew meanwhile"
    assert taken(circuits, "second", opened_at=LATER.timestamp())
    assert circuits.close("second")
    assert circuits.get() == Circuit()


def test_a_table_that_does_not_answer_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    with local_aws(monkeypatch):
        away = CircuitTable(clients.dynamodb(), "no-such-table")
        for ask in (
            away.get,
            lambda: away.count_failure(now=START),
            lambda: away.open("t", now=START),
            lambda: away.give_back("t"),
            lambda: away.close("t"),
            lambda: taken(away, "t"),
        ):
            with pytest.raises(Unavailable):
                ask()
