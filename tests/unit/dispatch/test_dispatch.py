"""Sending a lead: claimed, sent, recorded; and what each failure leaves behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from functions.dispatch.usecase import Dispatched, Lead, Mode, dispatch
from postcall.domain.analysis import Analysis
from postcall.domain.deduplication import Deduplication
from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.event import CallEvent, ResendOrder
from postcall.domain.messages import CallAnalyzed
from postcall.domain.outcome import AttemptStatus, Outcome, Verdict
from postcall.domain.status import Status
from tests.builders import CONVERSATION, any_incoming, any_recorded, any_terms
from tests.fakes.clock import HandClock
from tests.fakes.crm import DELIVERED, Crash, ScriptedCrm
from tests.fakes.store import MemoryAnalyses, MemoryStore

LIVE = Mode(enabled=True, dry_run=False, terms=lambda _event: any_terms(), lease=timedelta(seconds=120))
DOWN = Verdict(Outcome.UNAVAILABLE, "HTTP 503: the CRM is not available.", http_status=503, retry_after=17)
REFUSED = Verdict(Outcome.REJECTED_CONFIGURATION, "The landing is switched off in the CRM.", http_status=200)
UNKNOWN = Verdict(Outcome.UNKNOWN, "No answer came back.")
PARTIAL = Verdict(Outcome.PARTIAL, "Saved without a value.", http_status=200)


class Desk:
    """An analysed event in front of the use case."""

    def __init__(self, script: Iterable[Verdict | Crash] = (), mode: Mode = LIVE) -> None:
        self.store, self.clock, self.crm, self.mode = MemoryStore(), HandClock(), ScriptedCrm(script), mode
        self.lead = Lead('{"lead": 1}')
        self.store.add(any_incoming(), now=self.clock.now())
        self.store.record_analysis(any_recorded())

    def dispatch(self, order_id: str | None = None, event_id: str = CONVERSATION) -> Dispatched:
        return dispatch(
            CallAnalyzed(event_id, order_id),
            events=self.store,
            analyses=MemoryAnalyses(self.store),
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
    desk = Desk()
    done = desk.dispatch()
    assert (done.verdict, done.attempt, done.again, done.park) == (DELIVERED, 1, False, None)
    assert desk.crm.bodies == ['{"lead": 1}']
    assert (desk.event.status, desk.event.delivered_at) == (Status.DELIVERED, desk.clock.now())
    (row,) = desk.store.attempts(CONVERSATION)
    assert (row.status, row.payload, row.http_status, row.forced) == (AttemptStatus.SUCCESS, '{"lead": 1}', 200, False)


def test_a_second_message_sends_nothing() -> None:
    desk = Desk()
    desk.dispatch()
    assert desk.dispatch().verdict is None
    assert len(desk.crm.bodies) == 1


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
    desk = Desk(mode=mode)
    done = desk.dispatch()
    assert (done.again, done.park) == (False, None)
    assert desk.crm.bodies == []
    assert desk.event.status is status
    assert (desk.words, desk.store.attempts(CONVERSATION)[0].payload) == ([word], '{"lead": 1}')


def test_a_lead_that_our_own_rules_refuse_waits_for_a_person() -> None:
    desk = Desk()
    desk.lead = Lead("{}", refused="The call gave no contact that the CRM needs.")
    assert desk.dispatch().park == "The call gave no contact that the CRM needs."
    assert (desk.crm.bodies, desk.event.status, desk.words) == ([], Status.REJECTED, [AttemptStatus.ERROR])


def test_while_the_crm_is_down_the_queue_tries_again_until_it_is_back() -> None:
    desk = Desk([DOWN, DOWN])
    for _ in range(2):
        done = desk.dispatch()
        assert (done.again, done.again_in, desk.event.status) == (True, 17, Status.RETRYING)
    assert desk.dispatch().verdict == DELIVERED
    assert desk.words == [AttemptStatus.ERROR, AttemptStatus.ERROR, AttemptStatus.SUCCESS]


def test_a_refusal_waits_for_a_person_and_a_redrive_sends_it_again() -> None:
    desk = Desk([REFUSED])
    assert desk.dispatch().park == REFUSED.detail
    assert (desk.event.status, desk.event.status_reason) == (Status.REJECTED, REFUSED.detail)
    assert desk.dispatch().verdict == DELIVERED


@pytest.mark.parametrize(("verdict", "status"), [(UNKNOWN, Status.UNKNOWN), (PARTIAL, Status.PARTIAL)])
def test_what_may_be_in_the_crm_is_never_sent_again_by_itself(verdict: Verdict, status: Status) -> None:
    desk = Desk([verdict])
    assert desk.dispatch().park == verdict.detail
    for _ in range(3):  # a duplicate, a redrive, another redrive
        assert desk.dispatch().park is not None
    assert (len(desk.crm.bodies), desk.event.status) == (1, status)


def test_an_unknown_outcome_is_repeated_where_the_crm_guarantees_no_double() -> None:
    desk = Desk([UNKNOWN], mode=replace(LIVE, terms=lambda _event: any_terms(Deduplication.LEAD_ID)))
    done = desk.dispatch()
    assert (done.again, done.park) == (True, None)
    assert desk.event.pending_since is not None  # the sweep finds it if the queue loses it
    assert desk.dispatch().verdict == DELIVERED


def test_a_worker_that_dies_after_sending_leaves_an_event_that_is_held() -> None:
    desk = Desk([Crash()])
    with pytest.raises(Crash):
        desk.dispatch()
    assert desk.event.status is Status.SENDING
    waiting = desk.dispatch()
    assert (waiting.again, waiting.again_in) == (True, 120.0)
    desk.clock.advance(seconds=120)
    assert desk.dispatch().park is not None
    assert (desk.event.status, desk.words) == (Status.UNKNOWN, [AttemptStatus.UNKNOWN])
    assert len(desk.crm.bodies) == 1


def test_a_dead_workers_lead_is_sent_again_where_a_repeat_is_safe() -> None:
    desk = Desk([Crash()], mode=replace(LIVE, terms=lambda _event: any_terms(Deduplication.LEAD_ID)))
    with pytest.raises(Crash):
        desk.dispatch()
    desk.clock.advance(seconds=120)
    assert desk.dispatch().verdict == DELIVERED


def test_two_workers_with_the_same_message_send_once() -> None:
    desk = Desk()
    read_by_both = desk.event
    desk.dispatch()
    desk.store.get = lambda _event_id: read_by_both  # type: ignore[method-assign,assignment]  # the second read before the first claimed
    with pytest.raises(Unavailable):
        desk.dispatch()
    assert (len(desk.crm.bodies), desk.words) == (1, [AttemptStatus.SUCCESS])


def test_a_forced_resend_is_a_second_recorded_attempt_and_served_once() -> None:
    desk = Desk()
    desk.dispatch()
    desk.order(forced=True)
    assert desk.dispatch("o1").verdict == DELIVERED
    assert desk.dispatch("o1").verdict is None
    second = desk.store.attempts(CONVERSATION)[1]
    assert (second.attempt, second.forced, second.requested_by, second.order_id) == (2, True, "anna", "o1")
    assert len(desk.crm.bodies) == 2


@pytest.mark.parametrize("verdict", [REFUSED, UNKNOWN, PARTIAL])
def test_a_delivered_event_stays_delivered_whatever_a_forced_resend_meets(verdict: Verdict) -> None:
    desk = Desk([DELIVERED, verdict])
    desk.dispatch()
    desk.order(forced=True)
    desk.dispatch("o1")
    assert desk.event.status is Status.DELIVERED
    assert desk.event.order is not None
    assert not desk.event.order.is_open


def test_a_forced_resend_survives_an_outage_of_the_crm() -> None:
    desk = Desk([DELIVERED, DOWN])
    desk.dispatch()
    desk.order(forced=True)
    assert desk.dispatch("o1").again
    assert desk.dispatch("o1").verdict == DELIVERED
    assert desk.words == [AttemptStatus.SUCCESS, AttemptStatus.ERROR, AttemptStatus.SUCCESS]


def test_an_order_after_a_dry_run_sends_for_real() -> None:
    desk = Desk(mode=replace(LIVE, dry_run=True))
    desk.dispatch()
    desk.mode = LIVE
    desk.order()
    assert desk.dispatch("o1").verdict == DELIVERED
    assert desk.words == [AttemptStatus.DRY_RUN, AttemptStatus.SUCCESS]


def test_an_open_order_is_served_by_whichever_message_comes_first() -> None:
    desk = Desk()
    desk.order()
    desk.dispatch()
    assert desk.dispatch("o1").verdict is None
    assert desk.store.attempts(CONVERSATION)[0].requested_by == "anna"
    assert desk.event.order is not None
    assert not desk.event.order.is_open
    assert len(desk.crm.bodies) == 1


def test_a_message_about_nobody_is_refused() -> None:
    with pytest.raises(Rejected):
        Desk().dispatch(event_id="nobody")
