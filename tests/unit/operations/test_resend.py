"""Ordering a resend: who may what, and that no order doubles a lead without being asked to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.operations.forced import CHANGED, DOUBLES, OVERWRITES, REFUSED_THERE, Guarantee
from functions.operations.usecases import (
    Conflict,
    Ordered,
    UnknownEvent,
    reanalyze,
    resend,
    resolve,
)
from postcall.domain.deduplication import Deduplication
from postcall.domain.errors import Unavailable
from postcall.domain.event import CallEvent, ReanalysisOrder, ResendOrder
from postcall.domain.messages import CallAnalyzed, CallReceived
from postcall.domain.outcome import Attempt, AttemptStatus, Resolution
from postcall.domain.status import Status
from postcall.domain.terms import SendingTerms
from tests.support.builders import CONVERSATION, any_event, any_terms
from tests.support.fakes.clock import HandClock
from tests.support.fakes.queue import MemoryQueue
from tests.support.fakes.store import MemoryStore

NOTHING = Guarantee(Deduplication.NONE, landing_id="landing-1", address="https://crm.example/save")
FREE = [Status.ANALYZED, Status.RETRYING, Status.REJECTED, Status.DRY_RUN, Status.DISABLED]
FORCE_ONLY = [Status.DELIVERED, Status.PARTIAL, Status.UNKNOWN]
NEVER = [Status.RECEIVED, Status.SENDING, Status.EXCLUDED]


class ResendHarness:
    def __init__(self, status: Status = Status.REJECTED) -> None:
        self.store, self.queue, self.clock = MemoryStore(), MemoryQueue(), HandClock()
        self.store.events[CONVERSATION] = any_event(status=status)

    def resend(self, event_id: str = CONVERSATION, *, force: bool = False, today: Guarantee = NOTHING) -> Ordered:
        return resend(
            event_id,
            force=force,
            requested_by="anna",
            reason="The landing is on again.",
            today=today,
            events=self.store,
            dispatches=self.store,
            queue=self.queue,
            clock=self.clock,
            new_id=lambda: "o1",
        )


@pytest.mark.parametrize("status", FREE)
def test_what_was_surely_not_created_is_resent_for_the_asking(status: Status) -> None:
    harness = ResendHarness(status)
    assert harness.resend() == Ordered(CONVERSATION, "o1", forced=False)
    assert harness.queue.sent == [CallAnalyzed(CONVERSATION, "o1")]
    order = harness.store.events[CONVERSATION].order
    assert order == ResendOrder(
        "o1", requested_by="anna", requested_at=harness.clock.now(), forced=False, reason="The landing is on again."
    )


@pytest.mark.parametrize("status", FORCE_ONLY)
def test_what_is_or_may_be_in_the_crm_is_resent_by_force_only(status: Status) -> None:
    harness = ResendHarness(status)
    with pytest.raises(Conflict, match="force=true"):
        harness.resend()
    assert harness.queue.sent == []
    assert harness.resend(force=True).forced


@pytest.mark.parametrize("status", NEVER)
@pytest.mark.parametrize("force", [False, True])
def test_what_cannot_be_sent_is_refused_with_its_reason(status: Status, *, force: bool) -> None:
    harness = ResendHarness(status)
    with pytest.raises(Conflict):
        harness.resend(force=force)
    assert harness.queue.sent == []


def test_a_second_order_waits_for_the_first() -> None:
    harness = ResendHarness()
    harness.resend()
    with pytest.raises(Conflict, match="under way"):
        harness.resend()
    assert len(harness.queue.sent) == 1


def test_a_call_that_moves_while_it_is_ordered_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    harness = ResendHarness()
    monkeypatch.setattr(harness.store, "order_resend", lambda *_order, **_named: False)
    with pytest.raises(Conflict, match="just changed"):
        harness.resend()
    assert harness.queue.sent == []


def test_nobody_cannot_be_resent() -> None:
    with pytest.raises(UnknownEvent):
        ResendHarness().resend("nobody")


def test_an_order_whose_message_is_lost_stands_on_the_event_for_the_sweep() -> None:
    harness = ResendHarness()
    harness.queue.broken = True
    with pytest.raises(Unavailable):
        harness.resend()
    event = harness.store.events[CONVERSATION]
    assert event.order is not None
    assert event.order.is_open
    assert event.pending_since == harness.clock.now()


def attempt(terms: SendingTerms | None, status: AttemptStatus = AttemptStatus.UNKNOWN) -> Attempt:
    return Attempt(CONVERSATION, 1, status, payload="{}", started_at=HandClock().now(), terms=terms)


def today(deduplication: Deduplication, **members: str) -> Guarantee:
    terms = any_terms(deduplication)
    return Guarantee(deduplication, **{"landing_id": terms.landing_id, "address": terms.address} | members)


BY_ID, BY_EVENT, PLAIN = (
    any_terms(each) for each in (Deduplication.LEAD_ID, Deduplication.EVENT_ID, Deduplication.NONE)
)


@pytest.mark.parametrize(
    ("sent", "now", "warning"),
    [
        (PLAIN, NOTHING, DOUBLES),
        (BY_ID, NOTHING, DOUBLES),
        (BY_ID, today(Deduplication.LEAD_ID), OVERWRITES),
        (BY_EVENT, today(Deduplication.EVENT_ID), REFUSED_THERE),
        (PLAIN, today(Deduplication.LEAD_ID), CHANGED),
        (BY_EVENT, today(Deduplication.LEAD_ID), CHANGED),
        (BY_ID, today(Deduplication.LEAD_ID, landing_id="another"), CHANGED),
        (BY_EVENT, today(Deduplication.EVENT_ID, address="https://another.example"), CHANGED),
        (None, today(Deduplication.LEAD_ID), CHANGED),
    ],
)
@pytest.mark.parametrize("status", FORCE_ONLY)
def test_a_forced_resend_warns_by_the_terms_of_what_was_sent(
    status: Status, sent: SendingTerms | None, now: Guarantee, warning: str
) -> None:
    harness = ResendHarness(status)
    harness.store.rows[CONVERSATION] = [attempt(sent)]
    assert harness.resend(force=True, today=now).warning == warning


def test_what_surely_made_no_lead_spoils_nothing() -> None:
    harness = ResendHarness(Status.DELIVERED)
    refused = attempt(PLAIN, AttemptStatus.ERROR)
    harness.store.rows[CONVERSATION] = [refused, replace(attempt(BY_ID, AttemptStatus.SUCCESS), attempt=2)]
    assert harness.resend(force=True, today=today(Deduplication.LEAD_ID)).warning == OVERWRITES
    assert ResendHarness(Status.REJECTED).resend(force=True, today=today(Deduplication.LEAD_ID)).warning is None


FOUND = Resolution(delivered=True, resolved_by="anna", reason="Seen in the CRM.")


def settle(harness: ResendHarness, event_id: str = CONVERSATION, found: Resolution = FOUND) -> None:
    resolve(event_id, found, events=harness.store, dispatches=harness.store, clock=harness.clock)


def unknown_desk() -> ResendHarness:
    harness = ResendHarness(Status.UNKNOWN)
    row = Attempt(CONVERSATION, 1, AttemptStatus.UNKNOWN, payload="{}", started_at=harness.clock.now())
    harness.store.rows[CONVERSATION] = [row]
    return harness


def test_a_person_who_saw_the_lead_settles_the_event() -> None:
    harness = unknown_desk()
    settle(harness)
    assert harness.store.events[CONVERSATION].status is Status.DELIVERED
    assert harness.store.rows[CONVERSATION][0].resolution == FOUND
    with pytest.raises(Conflict, match="delivered: only what is unknown, partial or rejected"):
        settle(harness)


def test_a_lead_that_a_person_did_not_find_may_be_resent_without_force() -> None:
    harness = unknown_desk()
    settle(harness, found=Resolution(delivered=False, resolved_by="anna", reason="Not in the CRM."))
    assert harness.store.events[CONVERSATION].status is Status.REJECTED
    assert harness.resend().warning is None


def test_nobody_cannot_be_resolved() -> None:
    with pytest.raises(UnknownEvent):
        settle(ResendHarness(), "nobody")


class Orders:
    """Orders to analyse anew, in memory."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store

    def order(self, event: CallEvent, order: ReanalysisOrder) -> bool:
        known = self.store.events[event.event_id]
        if known.reanalysis is not None and known.reanalysis.is_open:
            return False
        self.store.events[event.event_id] = replace(known, reanalysis=order)
        return True


def reanalyze_at(harness: ResendHarness, event_id: str = CONVERSATION) -> ReanalysisOrder:
    return reanalyze(
        event_id,
        reason="The budget was overheard.",
        requested_by="anna",
        events=harness.store,
        orders=Orders(harness.store),
        queue=harness.queue,
        clock=harness.clock,
        new_id=lambda: "o1",
    )


def test_a_new_analysis_is_ordered_once_and_the_order_says_who_and_why() -> None:
    harness = ResendHarness(Status.DELIVERED)
    order = reanalyze_at(harness)
    assert (order.requested_by, order.reason, order.is_open) == ("anna", "The budget was overheard.", True)
    assert harness.queue.sent == [CallReceived(CONVERSATION, order_id="o1")]
    with pytest.raises(Conflict, match="under way"):
        reanalyze_at(harness)


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.EXCLUDED])
def test_what_was_never_analysed_is_not_analysed_anew(status: Status) -> None:
    harness = ResendHarness(status)
    with pytest.raises(Conflict):
        reanalyze_at(harness)
    assert harness.queue.sent == []


def test_neither_an_erased_call_nor_nobody_is_analysed_anew() -> None:
    harness = ResendHarness(Status.DELIVERED)
    harness.store.events[CONVERSATION] = any_event(status=Status.DELIVERED, erased_at=harness.clock.now())
    with pytest.raises(Conflict, match="erased"):
        reanalyze_at(harness)
    with pytest.raises(UnknownEvent):
        reanalyze_at(harness, "nobody")
