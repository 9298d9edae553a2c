"""Sending a lead: claimed, sent, recorded; and what each failure leaves behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.dispatch.usecases.dispatch import Dispatched, Lead, Mode, dispatch
from postcall.domain.analysis import Analysis
from postcall.domain.deduplication import Deduplication
from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.event import CallEvent, ResendOrder
from postcall.domain.messages import CallAnalyzed
from postcall.domain.outcome import AttemptStatus, Outcome, Verdict
from postcall.domain.said import said
from postcall.domain.status import Status
from tests.support.builders import CONVERSATION, any_incoming, any_recorded, any_terms
from tests.support.fakes.clock import HandClock
from tests.support.fakes.crm import DELIVERED, Crash, ScriptedCrm
from tests.support.fakes.standings import MemoryStandings
from tests.support.fakes.store import MemoryStore

LIVE = Mode(enabled=True, dry_run=False, terms=lambda _event: any_terms(), lease=timedelta(seconds=120))
DOWN = Verdict(Outcome.UNAVAILABLE, "HTTP 503: the CRM is not available.", http_status=503, retry_after=17)
REFUSED = Verdict(Outcome.REJECTED_CONFIGURATION, "The landing is switched off in the CRM.", http_status=200)
UNKNOWN = Verdict(Outcome.UNKNOWN, "No answer came back.")
PARTIAL = Verdict(Outcome.PARTIAL, "Saved without a value.", http_status=200)


class DispatchHarness:
    """An analysed event in front of the use case."""

    def __init__(self, script: Iterable[Verdict | Crash] = (), mode: Mode = LIVE) -> None:
        self.store, self.clock, self.crm, self.mode = MemoryStore(), HandClock(), ScriptedCrm(script), mode
        self.lead = Lead('{"lead": 1}')
        self.store.add(any_incoming(), now=self.clock.now())
        self.store.record_analysis(any_recorded())

    def dispatch(self, order_id: str | None = None, event_id: str = CONVERSATION) -> Dispatched:
        return dispatch(
            CallAnalyzed(event_id, order_id),
            standing=MemoryStandings(self.store).standing(event_id),
            events=self.store,
            dispatches=self.store,
            compose=self._compose,
            crm=self.crm,
            mode=self.mode,
            clock=self.clock,
        )

    def order(self, order_id: str = "o1", *, forced: bool = False) -> None:
        given = ResendOrder(order_id, requested_by="anna", requested_at=self.clock.now(), forced=forced)
        assert self.store.order_resend(self.event, given, now=self.clock.now())

    @property
    def event(self) -> CallEvent:
        return self.store.events[CONVERSATION]

    @property
    def words(self) -> list[AttemptStatus]:
        """The attempts' statuses, in order."""
        return [row.status for row in self.store.attempts(CONVERSATION)]

    def _compose(self, event: CallEvent, analysis: Analysis) -> Lead:
        assert analysis.topic == "apartment_purchase"
        return self.lead


def test_an_analysed_call_becomes_one_lead() -> None:
    harness = DispatchHarness()
    done = harness.dispatch()
    assert (done.verdict, done.attempt, done.retry, done.dead_letter) == (DELIVERED, 1, False, None)
    assert harness.crm.bodies == ['{"lead": 1}']
    assert (harness.event.status, harness.event.delivered_at) == (Status.DELIVERED, harness.clock.now())
    (row,) = harness.store.attempts(CONVERSATION)
    assert (row.status, row.payload, row.http_status, row.forced) == (AttemptStatus.SUCCESS, '{"lead": 1}', 200, False)


def test_a_second_message_sends_nothing() -> None:
    harness = DispatchHarness()
    harness.dispatch()
    assert harness.dispatch().verdict is None
    assert len(harness.crm.bodies) == 1


@pytest.mark.parametrize(
    ("mode", "status", "word"),
    [
        (replace(LIVE, dry_run=True), Status.DRY_RUN, AttemptStatus.DRY_RUN),
        (replace(LIVE, enabled=False), Status.DISABLED, AttemptStatus.SKIPPED),
        (replace(LIVE, enabled=False, dry_run=True), Status.DISABLED, AttemptStatus.SKIPPED),
    ],
)
def test_switched_off_or_dry_the_payload_is_recorded_and_nothing_sent(
    mode: Mode, status: Status, word: AttemptStatus
) -> None:
    harness = DispatchHarness(mode=mode)
    done = harness.dispatch()
    assert (done.retry, done.dead_letter) == (False, None)
    assert harness.crm.bodies == []
    assert harness.event.status is status
    assert (harness.words, harness.store.attempts(CONVERSATION)[0].payload) == ([word], '{"lead": 1}')


def test_a_lead_that_our_own_rules_refuse_waits_for_a_person() -> None:
    harness = DispatchHarness()
    harness.lead = Lead("{}", refused="The call gave no contact that the CRM needs.")
    assert harness.dispatch().dead_letter == "The call gave no contact that the CRM needs."
    assert (harness.crm.bodies, harness.event.status, harness.words) == ([], Status.REJECTED, [AttemptStatus.ERROR])


def test_while_the_crm_is_down_the_queue_tries_again_until_it_is_back() -> None:
    harness = DispatchHarness([DOWN, DOWN])
    for _ in range(2):
        done = harness.dispatch()
        assert (done.retry, done.retry_in, harness.event.status) == (True, 17, Status.RETRYING)
    assert harness.dispatch().verdict == DELIVERED
    assert harness.words == [AttemptStatus.ERROR, AttemptStatus.ERROR, AttemptStatus.SUCCESS]


def test_a_refusal_waits_for_a_person_and_a_redrive_sends_it_again() -> None:
    harness = DispatchHarness([REFUSED])
    assert harness.dispatch().dead_letter == REFUSED.detail
    assert (harness.event.status, harness.event.status_reason) == (Status.REJECTED, REFUSED.detail)
    assert harness.dispatch().verdict == DELIVERED


@pytest.mark.parametrize(("verdict", "status"), [(UNKNOWN, Status.UNKNOWN), (PARTIAL, Status.PARTIAL)])
def test_what_may_be_in_the_crm_is_never_sent_again_by_itself(verdict: Verdict, status: Status) -> None:
    harness = DispatchHarness([verdict])
    assert harness.dispatch().dead_letter == verdict.detail
    for _ in range(3):  # a duplicate, a redrive, another redrive
        assert harness.dispatch().dead_letter is not None
    assert (len(harness.crm.bodies), harness.event.status) == (1, status)


def test_an_unknown_outcome_is_repeated_where_the_crm_guarantees_no_double() -> None:
    harness = DispatchHarness([UNKNOWN], mode=replace(LIVE, terms=lambda _event: any_terms(Deduplication.LEAD_ID)))
    done = harness.dispatch()
    assert (done.retry, done.dead_letter) == (True, None)
    assert harness.event.pending_since is not None  # the sweep finds it if the queue loses it
    assert harness.dispatch().verdict == DELIVERED


def test_a_worker_that_dies_after_sending_leaves_an_event_that_is_held() -> None:
    harness = DispatchHarness([Crash()])
    with pytest.raises(Crash):
        harness.dispatch()
    assert harness.event.status is Status.SENDING
    waiting = harness.dispatch()
    assert (waiting.retry, waiting.retry_in) == (True, 120.0)
    harness.clock.advance(seconds=120)
    assert harness.dispatch().dead_letter is not None
    assert (harness.event.status, harness.words) == (Status.UNKNOWN, [AttemptStatus.UNKNOWN])
    assert len(harness.crm.bodies) == 1


def test_a_dead_workers_lead_is_sent_again_where_a_repeat_is_safe() -> None:
    harness = DispatchHarness([Crash()], mode=replace(LIVE, terms=lambda _event: any_terms(Deduplication.LEAD_ID)))
    with pytest.raises(Crash):
        harness.dispatch()
    harness.clock.advance(seconds=120)
    assert harness.dispatch().verdict == DELIVERED


def test_two_workers_with_the_same_message_send_once() -> None:
    harness = DispatchHarness()
    read_by_both = harness.event
    harness.dispatch()
    harness.store.get = lambda _event_id: read_by_both  # type: ignore[method-assign,assignment]  # the second read before the first claimed
    with pytest.raises(Unavailable):
        harness.dispatch()
    assert (len(harness.crm.bodies), harness.words) == (1, [AttemptStatus.SUCCESS])


def test_a_forced_resend_is_a_second_recorded_attempt_and_served_once() -> None:
    harness = DispatchHarness()
    harness.dispatch()
    harness.order(forced=True)
    assert harness.dispatch("o1").verdict == DELIVERED
    assert harness.dispatch("o1").verdict is None
    second = harness.store.attempts(CONVERSATION)[1]
    assert (second.attempt, second.forced, second.requested_by, second.order_id) == (2, True, "anna", "o1")
    assert len(harness.crm.bodies) == 2


@pytest.mark.parametrize("verdict", [REFUSED, UNKNOWN, PARTIAL])
def test_a_delivered_event_stays_delivered_whatever_a_forced_resend_meets(verdict: Verdict) -> None:
    harness = DispatchHarness([DELIVERED, verdict])
    harness.dispatch()
    harness.order(forced=True)
    harness.dispatch("o1")
    assert harness.event.status is Status.DELIVERED
    assert harness.event.order is not None
    assert not harness.event.order.is_open


def test_a_forced_resend_survives_an_outage_of_the_crm() -> None:
    harness = DispatchHarness([DELIVERED, DOWN])
    harness.dispatch()
    harness.order(forced=True)
    assert harness.dispatch("o1").retry
    assert harness.dispatch("o1").verdict == DELIVERED
    assert harness.words == [AttemptStatus.SUCCESS, AttemptStatus.ERROR, AttemptStatus.SUCCESS]


def test_an_order_after_a_dry_run_sends_for_real() -> None:
    harness = DispatchHarness(mode=replace(LIVE, dry_run=True))
    harness.dispatch()
    harness.mode = LIVE
    harness.order()
    assert harness.dispatch("o1").verdict == DELIVERED
    assert harness.words == [AttemptStatus.DRY_RUN, AttemptStatus.SUCCESS]


def test_an_open_order_is_served_by_whichever_message_comes_first() -> None:
    harness = DispatchHarness()
    harness.order()
    harness.dispatch()
    assert harness.dispatch("o1").verdict is None
    assert harness.store.attempts(CONVERSATION)[0].requested_by == "anna"
    assert harness.event.order is not None
    assert not harness.event.order.is_open
    assert len(harness.crm.bodies) == 1


def test_a_message_about_nobody_is_refused() -> None:
    with pytest.raises(Rejected):
        DispatchHarness().dispatch(event_id="nobody")


def test_a_delivered_event_whose_forced_worker_died_stays_delivered() -> None:
    harness = DispatchHarness([DELIVERED, Crash()])
    harness.dispatch()
    harness.order(forced=True)
    with pytest.raises(Crash):
        harness.dispatch("o1")
    harness.clock.advance(seconds=121)
    harness.dispatch()
    assert harness.event.status is Status.DELIVERED


def test_a_lead_is_composed_of_its_own_event(monkeypatch: pytest.MonkeyPatch) -> None:
    harness = DispatchHarness()
    monkeypatch.setattr(harness, "_compose", lambda event, _analysis: Lead(event.event_id))
    harness.dispatch()
    assert harness.crm.bodies == [CONVERSATION]


def test_an_order_with_nothing_to_do_is_closed_on_its_event_and_nobody_need_look() -> None:
    harness = DispatchHarness([DELIVERED])
    harness.dispatch()
    harness.order()
    done = harness.dispatch("o1")
    assert (done.attempt, done.verdict, done.dead_letter) == (1, None, None)
    assert harness.event.open_order is None
    assert harness.store.awaits_escalation == {}


def test_an_order_without_force_sends_no_lead_that_may_be_there_and_a_person_is_told() -> None:
    harness = DispatchHarness([UNKNOWN])
    harness.dispatch()
    harness.order()
    harness.clock.advance(minutes=5)
    done = harness.dispatch("o1")
    assert (done.attempt, done.dead_letter) == (1, done.reason)
    assert (len(harness.crm.bodies), harness.event.open_order) == (1, None)
    assert harness.store.awaits_escalation == {CONVERSATION: harness.clock.now()}


def test_an_order_whose_event_moves_while_it_is_closed_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    harness = DispatchHarness()
    harness.dispatch()
    harness.order()
    monkeypatch.setattr(harness.store, "close_order", lambda *_event, **_named: False)
    with pytest.raises(Unavailable) as moved:
        harness.dispatch("o1")
    assert (str(moved.value), moved.value.retry_after) == (said("dispatch.moved"), 1)


def test_of_a_lead_that_was_never_in_doubt_no_attempt_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    harness, read = DispatchHarness(), list[str]()
    monkeypatch.setattr(harness.store, "attempts", read.append)
    assert harness.dispatch().verdict == DELIVERED
    assert read == []


def test_a_store_that_fails_for_a_moment_does_not_cost_the_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    harness = DispatchHarness()
    record, failures = harness.store.record, [True]

    def fails_once(*arguments: object, **named: object) -> bool:
        if failures:
            failures.pop()
            raise Unavailable("The outcome cannot be written.")
        return bool(record(*arguments, **named))  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(harness.store, "record", fails_once)
    harness.dispatch()
    assert harness.words == [AttemptStatus.SUCCESS]
