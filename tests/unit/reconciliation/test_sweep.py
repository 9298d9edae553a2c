"""The sweep: whatever stands still is sent again, and given up aloud after so many times."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest

from functions.reconciliation.usecases import SweepPolicy, Swept, sweep
from postcall.domain.errors import Unavailable
from postcall.domain.event import CallEvent, ResendOrder
from postcall.domain.messages import CallAnalyzed, CallReceived
from postcall.domain.status import Status
from tests.support.builders import CONVERSATION, any_event, any_recorded
from tests.support.fakes.clock import START, HandClock
from tests.support.fakes.queue import MemoryQueue
from tests.support.fakes.store import MemoryStore


class Yard:
    def __init__(self, status: Status, **members: Any) -> None:
        self.store, self.clock = MemoryStore(), HandClock()
        self.analysis, self.dispatch = MemoryQueue(), MemoryQueue()
        self.store.events[CONVERSATION] = any_event(status=status, **{"pending_since": START} | members)

    def sweep(self) -> Swept:
        return sweep(
            events=self.store,
            pending=self.store,
            analysis_queue=self.analysis,
            dispatch_queue=self.dispatch,
            policy=SweepPolicy(standing=timedelta(minutes=15), retrying=timedelta(hours=2), sweeps=5),
            clock=self.clock,
        )


def test_what_moves_is_left_alone() -> None:
    yard = Yard(Status.RECEIVED)
    yard.clock.advance(minutes=15)
    assert yard.sweep() == Swept()


def test_a_call_whose_message_was_lost_is_analysed_after_all() -> None:
    yard = Yard(Status.RECEIVED)
    yard.clock.advance(minutes=16)
    assert yard.sweep() == Swept(sent_again=[CONVERSATION])
    assert yard.analysis.sent == [CallReceived(CONVERSATION)]
    assert yard.sweep() == Swept()


@pytest.mark.parametrize(
    ("status", "members"),
    [(Status.ANALYZED, {}), (Status.SENDING, {"lease_expires_at": START + timedelta(minutes=2)})],
)
def test_a_lead_whose_message_was_lost_is_sent_after_all(status: Status, members: dict[str, Any]) -> None:
    yard = Yard(status, **members)
    yard.clock.advance(minutes=16)
    yard.sweep()
    assert yard.dispatch.sent == [CallAnalyzed(CONVERSATION)]


def test_a_worker_that_still_holds_its_lease_is_left_alone() -> None:
    yard = Yard(Status.SENDING, lease_expires_at=START + timedelta(hours=1))
    yard.clock.advance(minutes=16)
    assert yard.sweep() == Swept()


def test_a_lead_that_waits_for_the_crm_is_given_the_queues_own_time() -> None:
    yard = Yard(Status.RETRYING)
    yard.clock.advance(minutes=119)
    assert yard.sweep() == Swept()
    yard.clock.advance(minutes=2)
    assert yard.sweep() == Swept(sent_again=[CONVERSATION])


def test_a_call_that_the_index_has_for_long_counts_from_its_last_step() -> None:
    yard = Yard(Status.RECEIVED)
    yard.clock.advance(minutes=60)
    yard.store.record_analysis(any_recorded(at=yard.clock.now()))
    yard.clock.advance(minutes=14)
    assert yard.sweep() == Swept()
    yard.clock.advance(minutes=2)
    assert yard.sweep() == Swept(sent_again=[CONVERSATION])


def test_an_order_whose_message_was_lost_is_served_after_all() -> None:
    order = ResendOrder("o1", requested_by="anna", requested_at=START, forced=True)
    yard = Yard(Status.DELIVERED, order=order)
    yard.clock.advance(minutes=16)
    yard.sweep()
    assert yard.dispatch.sent == [CallAnalyzed(CONVERSATION, "o1")]


def test_what_does_not_move_after_five_sweeps_is_stuck_and_says_so_until_it_moves() -> None:
    yard = Yard(Status.RECEIVED)
    for _ in range(5):
        yard.clock.advance(minutes=16)
        assert yard.sweep().sent_again == [CONVERSATION]
    yard.clock.advance(minutes=16)
    assert yard.sweep() == Swept(stalled=[CONVERSATION])
    yard.clock.advance(days=1)
    assert yard.sweep() == Swept(stalled=[CONVERSATION])
    yard.store.record_analysis(any_recorded(at=yard.clock.now()))
    assert yard.sweep() == Swept()


def test_what_was_given_up_by_a_sweep_that_failed_is_told_by_the_next() -> None:
    yard = Yard(Status.RECEIVED, sweeps=5)
    yard.store.events["another"] = any_event("another", Status.RECEIVED, pending_since=START + timedelta(seconds=1))
    yard.clock.advance(minutes=16)
    yard.analysis.broken = True
    with pytest.raises(Unavailable):
        yard.sweep()
    assert yard.sweep().stalled == [CONVERSATION]


def test_a_refusal_that_nobody_was_told_of_is_told_until_somebody_moves_it() -> None:
    yard = Yard(Status.SENDING)
    yard.store.awaits_escalation[CONVERSATION] = yard.clock.now()
    yard.store.events[CONVERSATION] = any_event(CONVERSATION, Status.REJECTED)
    assert yard.sweep() == Swept(unescalated=[CONVERSATION])
    assert yard.sweep() == Swept(unescalated=[CONVERSATION])
    yard.store.mark_escalated(CONVERSATION, attempts=yard.store.events[CONVERSATION].attempts)
    assert yard.sweep() == Swept()


def test_after_two_weeks_of_telling_a_person_was_told() -> None:
    yard = Yard(Status.SENDING)
    yard.store.events[CONVERSATION] = any_event(CONVERSATION, Status.DELIVERED)
    yard.store.awaits_escalation[CONVERSATION] = yard.clock.now()
    yard.clock.advance(days=13)
    assert yard.sweep() == Swept(unescalated=[CONVERSATION])
    yard.clock.advance(days=2)
    assert yard.sweep() == Swept(unescalated=[CONVERSATION])
    assert yard.sweep() == Swept()


def test_a_queue_that_is_down_leaves_the_event_for_the_next_sweep() -> None:
    yard = Yard(Status.RECEIVED)
    yard.clock.advance(minutes=16)
    yard.analysis.broken = True
    with pytest.raises(Exception, match="does not take messages"):
        yard.sweep()
    yard.analysis.broken = False
    yard.clock.advance(minutes=16)
    assert yard.sweep() == Swept(sent_again=[CONVERSATION])


def test_a_lead_behind_an_open_circuit_is_looked_at_ever_more_rarely_and_not_given_up_for_hours() -> None:
    yard = Yard(Status.ANALYZED)
    swept_after: list[float] = []
    while not yard.store.stalled:
        yard.clock.advance(minutes=5)
        if yard.sweep().sent_again:
            swept_after.append((yard.clock.now() - START).total_seconds() / 60)
    assert swept_after == [20, 55, 120, 245, 490]
    assert yard.clock.now() - START > timedelta(hours=15)


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


def test_an_ordered_lead_counts_from_its_last_step_to_the_second() -> None:
    order = ResendOrder("o1", requested_by="anna", requested_at=START, forced=True)
    yard = Yard(Status.DELIVERED, order=order, updated_at=START + timedelta(minutes=10))
    yard.clock.advance(minutes=25)
    assert yard.sweep() == Swept()
    yard.clock.advance(seconds=1)
    assert yard.sweep() == Swept(sent_again=[CONVERSATION])


def test_what_has_only_just_come_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    yard, read = Yard(Status.RECEIVED), list[str]()
    monkeypatch.setattr(yard.store, "get", read.append)
    yard.clock.advance(minutes=14)
    assert yard.sweep() == Swept()
    assert read == []
