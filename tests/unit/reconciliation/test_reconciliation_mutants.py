"""The edges of reconciliation: each of these once caught a mutant that all other tests missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest

from functions.reconciliation.usecases import SweepPolicy, Swept, sweep
from postcall.domain.event import CallEvent
from postcall.domain.status import Status
from tests.support.builders import any_event, any_incoming
from tests.support.fakes.clock import START, HandClock
from tests.support.fakes.conversations import MemoryConversations
from tests.support.fakes.queue import MemoryQueue
from tests.support.fakes.store import MemoryStore
from tests.unit.reconciliation.test_ledger import DAY, LedgerHarness
from tests.unit.reconciliation.test_reconcile import ReconcileHarness


class Moving(MemoryStore):
    """An event in `moving` is moved by somebody else just before the sweep notes it; one in `gone` is deleted."""

    def __init__(self) -> None:
        super().__init__()
        self.moving: set[str] = set()
        self.gone: set[str] = set()

    def get(self, event_id: str) -> CallEvent | None:
        return None if event_id in self.gone else super().get(event_id)

    def record_sweep(self, event: CallEvent, *, now: object, stalled: bool) -> bool:
        return event.event_id not in self.moving and super().record_sweep(event, now=now, stalled=stalled)  # type: ignore[arg-type]  # a datetime


def swept(store: MemoryStore, clock: HandClock) -> Swept:
    return sweep(
        events=store,
        pending=store,
        analysis_queue=MemoryQueue(),
        dispatch_queue=MemoryQueue(),
        policy=SweepPolicy(standing=timedelta(minutes=15), retrying=timedelta(hours=2), sweeps=5),
        clock=clock,
    )


def test_an_event_that_needs_nothing_does_not_hide_the_next() -> None:
    store, clock = Moving(), HandClock()
    states: list[dict[str, Any]] = [{}, {"lease_expires_at": START + timedelta(hours=9)}, {}, {"sweeps": 5}, {}]
    for number, members in enumerate(states):
        status = Status.SENDING if "lease_expires_at" in members else Status.RECEIVED
        since = START + timedelta(seconds=number)
        store.events[f"c{number}"] = any_event(f"c{number}", status, pending_since=since, **members)
    store.gone.add("c0")
    store.moving.add("c2")
    clock.advance(minutes=20)
    assert swept(store, clock) == Swept(sent_again=["c4"], stalled=["c3"])


def test_a_lead_that_waits_for_the_crm_is_left_alone_to_the_last_moment() -> None:
    store, clock = MemoryStore(), HandClock()
    store.events["c"] = any_event("c", Status.RETRYING, pending_since=START)
    clock.advance(hours=2)
    assert swept(store, clock) == Swept()


def test_a_run_says_what_it_looked_at_and_counts_every_conversation() -> None:
    harness = ReconcileHarness()
    for number in range(4):
        harness.elevenlabs.add(f"k{number}")
        harness.store.add(any_incoming(f"k{number}"), now=START)
    for number in range(3):
        harness.elevenlabs.add(f"w{number}", ended=timedelta(minutes=-1))
    done = harness.run(dry_run=True)
    assert (done.since, done.until, done.dry_run) == (START - timedelta(hours=48), START, True)
    assert (done.listed, done.known, done.waiting) == (7, 4, 3)


def test_only_failures_one_after_another_end_a_run() -> None:
    harness = ReconcileHarness()
    harness.elevenlabs = MemoryConversations(page=9)
    for number in range(7):  # listed from the newest on: fails, fails, works, fails, fails, works, fails
        harness.elevenlabs.add(f"c{number}", ended=timedelta(hours=-1 - number))
        if number not in {2, 5}:
            harness.elevenlabs.broken.add(f"c{number}")
    assert harness.run().stopped is None


MIDNIGHT = int(datetime(DAY.year, DAY.month, DAY.day, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("ended", "unlisted"), [(MIDNIGHT - 1, 0), (MIDNIGHT, 1), (MIDNIGHT + 86_399, 1), (MIDNIGHT + 86_400, 0)]
)
def test_a_day_has_its_first_second_and_not_the_next_days(ended: int, unlisted: int) -> None:
    books = LedgerHarness()
    books.know("stranger", Status.DELIVERED, event_timestamp=ended)
    assert books.ledger().unlisted == unlisted


def test_what_waits_is_counted_under_one_reason_whatever_its_own_says() -> None:
    books = LedgerHarness()
    books.call("c1", Status.UNKNOWN, status_reason="A worker stopped between sending and recording.")
    assert books.ledger().waiting == {"a person: outcome unknown": 1}


class Settled(MemoryStore):
    """Each event is settled after the index named it and before it is read."""

    def get(self, event_id: str) -> CallEvent | None:
        self.events[event_id] = replace(self.events[event_id], status=Status.DELIVERED, pending_since=None)
        return super().get(event_id)


def test_what_was_settled_since_the_index_named_it_is_not_sent_again() -> None:
    store, clock = Settled(), HandClock()
    store.events["c"] = any_event("c", pending_since=START)
    clock.advance(hours=1)
    assert swept(store, clock) == Swept()


def test_a_sweep_takes_no_more_at_once_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("functions.reconciliation.usecases.sweep"), "SWEPT_AT_ONCE", 2)
    store, clock = MemoryStore(), HandClock()
    for kind in ("standing", "stalled", "unescalated"):
        for number in range(3):
            event_id = f"{kind}{number}"
            waits = START + timedelta(seconds=number) if kind != "unescalated" else None
            store.events[event_id] = any_event(event_id, Status.RECEIVED, pending_since=waits)
    store.stalled = {f"stalled{number}" for number in range(3)}
    store.awaits_escalation = {f"unescalated{number}": START + timedelta(seconds=number) for number in range(3)}
    clock.advance(days=15)
    assert swept(store, clock) == Swept(
        sent_again=["standing0", "standing1"],
        stalled=["stalled0", "stalled1"],
        unescalated=["unescalated0", "unescalated1"],
    )
    assert list(store.awaits_escalation) == ["unescalated2"]
