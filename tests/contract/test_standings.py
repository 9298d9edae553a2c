"""What dispatch reads in one request: the fake and the tables answer the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from postcall.aws import clients
from postcall.aws.circuit_table import CircuitTable
from postcall.aws.reanalysis import Reanalyses
from postcall.aws.standings import Standings
from postcall.domain.circuit import Circuit
from postcall.domain.errors import Unavailable
from postcall.domain.event import ReanalysisOrder
from postcall.domain.standing import Standing
from tests.support.aws import CIRCUITS, EVENTS, LocalAws, local_aws
from tests.support.builders import CONVERSATION, any_incoming, any_recorded
from tests.support.fakes.circuits import MemoryCircuits
from tests.support.fakes.clock import START
from tests.support.fakes.reanalyses import MemoryReanalyses
from tests.support.fakes.standings import MemoryStandings
from tests.support.fakes.store import MemoryAnalyses, MemoryStore

LATER = START + timedelta(minutes=1)
ORDER = ReanalysisOrder("o1", "anna", LATER, "wrong topic")


@dataclass(frozen=True)
class Store:
    """`Any`, since either implementation stands behind them."""

    events: Any
    analyses: Any
    reanalyses: Any
    circuits: Any
    standings: Any

    def now(self, event_id: str = CONVERSATION) -> Standing:
        found = self.standings.standing(event_id)
        assert isinstance(found, Standing)
        return found


def tables(aws: LocalAws, *, circuits: str = CIRCUITS) -> Store:
    client = clients.dynamodb()
    standings = Standings(client, events=EVENTS, circuits=circuits, analyses=aws.analyses)
    return Store(aws.events, aws.analyses, Reanalyses(client, EVENTS), CircuitTable(client, CIRCUITS), standings)


@pytest.fixture(params=["memory", "dynamodb"])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    if request.param == "memory":
        memory, circuits = MemoryStore(), MemoryCircuits()
        standings = MemoryStandings(memory, circuits)
        yield Store(memory, MemoryAnalyses(memory), MemoryReanalyses(memory), circuits, standings)
        return
    with local_aws(monkeypatch) as aws:
        yield tables(aws)


@pytest.mark.parametrize("given", ["nobody", "", "\ud800", "x" * 3_000])
def test_of_an_event_that_nobody_stored_there_is_nothing(store: Store, given: str) -> None:
    assert store.now(given) == Standing(None, None, Circuit())


def test_event_analysis_and_circuit_are_as_they_were_written_last(store: Store) -> None:
    store.events.add(any_incoming(), now=START)
    assert store.now() == Standing(store.events.get(CONVERSATION), None, Circuit())
    store.analyses.record(any_recorded())
    store.circuits.open("worker", now=LATER)
    circuit = Circuit(0, LATER.timestamp())
    assert store.now() == Standing(store.events.get(CONVERSATION), any_recorded(), circuit)


def test_the_newest_of_several_analyses_is_read(store: Store) -> None:
    store.events.add(any_incoming(), now=START)
    store.analyses.record(any_recorded())
    assert store.reanalyses.order(store.events.get(CONVERSATION), ORDER)
    assert store.now().analysis == any_recorded()
    assert store.analyses.record_again(any_recorded(revision=2, at=LATER), order_id="o1")
    assert store.now().analysis == any_recorded(revision=2, at=LATER)


def test_a_circuit_that_cannot_be_read_holds_nothing_back(aws: LocalAws) -> None:
    store = tables(aws, circuits="no-such-table")
    store.events.add(any_incoming(), now=START)
    store.analyses.record(any_recorded())
    assert store.now() == Standing(store.events.get(CONVERSATION), any_recorded(), None)


def test_an_event_that_cannot_be_read_is_unavailable(aws: LocalAws) -> None:
    standings = Standings(clients.dynamodb(), events="no-such-table", circuits=CIRCUITS, analyses=aws.analyses)
    with pytest.raises(Unavailable):
        standings.standing(CONVERSATION)
