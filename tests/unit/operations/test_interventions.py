"""Bring on what stands still, take back an order, close a call: each as the event's state allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.operations.possible import Command
from functions.operations.usecases import Conflict, UnknownEvent, close, continue_step, withdraw
from postcall.domain.clock import write_time
from postcall.domain.errors import Unavailable
from postcall.domain.event import Closure, ResendOrder
from postcall.domain.messages import CallAnalyzed, CallReceived
from postcall.domain.status import Status
from tests.support.builders import CONVERSATION, any_event, any_webhook, encoded
from tests.support.fakes.clock import START, HandClock
from tests.support.fakes.persons import MemoryPersons
from tests.support.fakes.queue import MemoryQueue
from tests.support.fakes.store import MemoryStore

OPEN = ResendOrder("o1", requested_by="anna", requested_at=START, forced=True)


class InterventionHarness:
    def __init__(self, status: Status, *, order: ResendOrder | None = None, stalled: bool = False) -> None:
        self.store, self.clock = MemoryStore(), HandClock()
        self.analysis, self.dispatch = MemoryQueue(), MemoryQueue()
        self.persons = MemoryPersons()
        event = any_event(status=status, order=order, pending_since=START, sweeps=5)
        self.store.events[CONVERSATION] = event
        if stalled:
            self.store.stalled.add(CONVERSATION)

    def continue_step(self, event_id: str = CONVERSATION) -> None:
        continue_step(
            event_id,
            events=self.store,
            interventions=self.store,
            analysis_queue=self.analysis,
            dispatch_queue=self.dispatch,
            clock=self.clock,
        )

    def withdraw(self, event_id: str = CONVERSATION) -> None:
        withdraw(event_id, events=self.store, interventions=self.store, clock=self.clock)

    def close(self, event_id: str = CONVERSATION) -> None:
        close(
            event_id,
            reason="No contact in it.",
            closed_by="anna",
            events=self.store,
            persons=self.persons,
            interventions=self.store,
            clock=self.clock,
        )


def test_a_call_whose_analysis_stalls_is_analysed_after_all() -> None:
    harness = InterventionHarness(Status.RECEIVED, stalled=True)
    harness.continue_step()
    assert harness.analysis.sent == [CallReceived(CONVERSATION)]
    assert harness.dispatch.sent == []
    event = harness.store.get(CONVERSATION)
    assert event is not None
    assert (event.stalled, event.sweeps, event.pending_since) == (False, 0, harness.clock.now())


@pytest.mark.parametrize("order", [None, OPEN, replace(OPEN, is_open=False)])
def test_a_lead_that_stalls_is_sent_with_the_order_that_is_open(order: ResendOrder | None) -> None:
    harness = InterventionHarness(Status.RETRYING, order=order, stalled=True)
    harness.continue_step()
    open_order = "o1" if order is not None and order.is_open else None
    assert harness.dispatch.sent == [CallAnalyzed(CONVERSATION, order_id=open_order)]


def test_what_was_continued_is_found_by_the_sweep_when_its_message_is_lost() -> None:
    harness = InterventionHarness(Status.RECEIVED, stalled=True)
    harness.analysis.broken = True
    with pytest.raises(Unavailable):
        harness.continue_step()
    assert harness.store.pending_since(harness.clock.now().replace(year=2100), limit=1) == [CONVERSATION]


def test_an_order_that_nobody_serves_is_taken_back_and_another_may_follow() -> None:
    harness = InterventionHarness(Status.DELIVERED, order=OPEN)
    harness.withdraw()
    event = harness.store.events[CONVERSATION]
    assert (event.status, event.open_order, event.pending_since) == (Status.DELIVERED, None, None)
    assert event.updated_at == harness.clock.now()
    with pytest.raises(Conflict, match="no open order"):
        harness.withdraw()


def test_a_refused_call_without_a_contact_is_closed_with_its_reason() -> None:
    harness = InterventionHarness(Status.REJECTED)
    harness.close()
    event = harness.store.events[CONVERSATION]
    assert event.status is Status.EXCLUDED
    assert event.closure is not None
    assert event.closure == Closure("anna", harness.clock.now(), "No contact in it.", status_before="rejected")
    with pytest.raises(Conflict, match="closed without a lead by anna"):
        harness.close()


@pytest.mark.parametrize(
    ("status", "resumed", "message"),
    [
        (Status.RECEIVED, Status.RECEIVED, CallReceived(CONVERSATION)),
        (Status.REJECTED, Status.ANALYZED, CallAnalyzed(CONVERSATION)),
        (Status.DRY_RUN, Status.ANALYZED, CallAnalyzed(CONVERSATION)),
    ],
)
def test_a_closed_call_is_taken_up_again(status: Status, resumed: Status, message: CallReceived | CallAnalyzed) -> None:
    harness = InterventionHarness(status)
    harness.close()
    harness.continue_step()
    assert [*harness.analysis.sent, *harness.dispatch.sent] == [message]
    event = harness.store.events[CONVERSATION]
    assert (event.status, event.pending_since, event.sweeps) == (resumed, harness.clock.now(), 0)


def test_what_never_was_a_lead_is_not_taken_up() -> None:
    with pytest.raises(Conflict, match="not a lead"):
        InterventionHarness(Status.EXCLUDED).continue_step()


def test_what_may_be_in_the_crm_is_not_closed_and_the_refusal_says_what_to_do() -> None:
    with pytest.raises(Conflict, match="say what you saw") as refused:
        InterventionHarness(Status.UNKNOWN).close()
    assert refused.value.refusal is not None
    assert Command.RESOLVE_DELIVERED in refused.value.refusal.offers


@pytest.mark.parametrize(
    "act", [InterventionHarness.continue_step, InterventionHarness.withdraw, InterventionHarness.close]
)
def test_a_stranger_is_told_so(act: object) -> None:
    with pytest.raises(UnknownEvent):
        act(InterventionHarness(Status.RECEIVED), "nobody")  # type: ignore[operator]  # one of the methods


def test_a_call_that_moves_meanwhile_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    harness = InterventionHarness(Status.REJECTED, order=OPEN)
    monkeypatch.setattr(harness.store, "_unchanged", lambda _event: False)
    for act in (harness.continue_step, harness.withdraw, harness.close):
        with pytest.raises(Conflict, match="just changed"):
            act()


def test_a_lead_on_the_wire_is_left_alone_until_its_worker_is_taken_for_dead() -> None:
    harness = InterventionHarness(Status.SENDING)
    harness.store.events[CONVERSATION] = any_event(
        status=Status.SENDING, pending_since=START, lease_expires_at=START + timedelta(minutes=2)
    )
    with pytest.raises(Conflict, match="being sent right now"):
        harness.continue_step()
    harness.clock.advance(minutes=2)
    harness.continue_step()
    assert harness.dispatch.sent == [CallAnalyzed(CONVERSATION)]


def test_whose_call_was_closed_unread_is_found_by_every_number_it_came_with() -> None:
    harness = InterventionHarness(Status.RECEIVED)
    bodies = [encoded(any_webhook(metadata=called_from(number))) for number in ("+375291234567", "+375331234567")]
    harness.store.bodies[CONVERSATION] = bodies
    harness.clock.advance(minutes=5)
    harness.close()
    found = harness.persons.items
    assert len(found) == 2
    assert set(found) == set(harness.persons.items_of(CONVERSATION, bodies))
    assert {item["received_at"]["S"] for item in found.values()} == {write_time(START)}


def called_from(number: str) -> dict[str, object]:
    return {"phone_call": {"type": "twilio", "direction": "inbound", "external_number": number}}


def test_who_is_in_a_call_that_was_analysed_is_known_and_noted_no_second_time() -> None:
    harness = InterventionHarness(Status.ANALYZED)
    harness.store.bodies[CONVERSATION] = [encoded(any_webhook())]
    harness.close()
    assert harness.persons.items == {}
