"""Where an attempt leaves an event that an earlier one may have brought into the CRM: never as if nothing was there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from functions.dispatch.usecase import Lead
from postcall.domain.deduplication import Deduplication
from postcall.domain.errors import StoreRefused
from postcall.domain.event import CallEvent
from postcall.domain.outcome import Attempt, AttemptStatus, Outcome, Verdict
from postcall.domain.status import Status
from tests.builders import any_terms
from tests.fakes.crm import DELIVERED, Crash
from tests.fakes.store import MemoryStore
from tests.unit.dispatch.test_dispatch import DOWN, LIVE, PARTIAL, REFUSED, UNKNOWN, Desk

SAFE = replace(LIVE, terms=lambda _event: any_terms(Deduplication.LEAD_ID))


def unknown(*later: Verdict | Crash) -> Desk:
    """A first attempt whose outcome nobody knows, and a forced order for another."""
    desk = Desk([UNKNOWN, *later])
    desk.dispatch()
    desk.order(forced=True)
    return desk


def test_a_forced_resend_that_is_refused_leaves_the_outcome_unknown() -> None:
    desk = unknown(REFUSED)
    assert desk.dispatch("o1").park == REFUSED.detail
    assert desk.event.status is Status.UNKNOWN
    assert desk.words == [AttemptStatus.UNKNOWN, AttemptStatus.ERROR]
    assert desk.dispatch().park  # a redrive of the first message does not send: the first attempt may have made a lead
    assert len(desk.crm.bodies) == 2


def test_a_forced_resend_that_meets_a_crm_which_is_down_is_still_served_later() -> None:
    desk = unknown(DOWN)
    assert desk.dispatch("o1").again
    assert (desk.event.status, desk.event.open_order is None) == (Status.UNKNOWN, False)
    assert desk.dispatch("o1").verdict == DELIVERED
    assert (desk.event.status, desk.event.open_order) == (Status.DELIVERED, None)


@pytest.mark.parametrize("change", [{"dry_run": True}, {"enabled": False}])
def test_a_forced_resend_that_sends_nothing_leaves_the_outcome_unknown(change: dict[str, bool]) -> None:
    desk = unknown()
    desk.mode = replace(LIVE, **change)  # type: ignore[arg-type]  # two flags
    assert desk.dispatch("o1").park
    assert desk.event.status is Status.UNKNOWN


def test_a_forced_resend_that_our_own_rules_refuse_leaves_the_outcome_unknown() -> None:
    desk = unknown()
    desk.lead = Lead("{}", refused="The call gave no contact.")
    assert desk.dispatch("o1").park == "The call gave no contact."
    assert desk.event.status is Status.UNKNOWN


def test_a_repeat_after_a_dead_worker_that_is_refused_leaves_the_outcome_unknown() -> None:
    desk = Desk([Crash(), REFUSED], mode=SAFE)
    with pytest.raises(Crash):
        desk.dispatch()
    desk.clock.advance(minutes=3)
    desk.dispatch()
    assert desk.event.status is Status.UNKNOWN
    assert desk.words == [AttemptStatus.UNKNOWN, AttemptStatus.ERROR]  # the dead worker's attempt does not go on


@pytest.mark.parametrize(
    ("verdict", "status"),
    [
        (REFUSED, Status.PARTIAL),
        (UNKNOWN, Status.PARTIAL),
        (PARTIAL, Status.PARTIAL),
        (DELIVERED, Status.DELIVERED),
    ],
)
def test_a_lead_that_lacks_values_is_complete_only_once_another_attempt_succeeds(
    verdict: Verdict, status: Status
) -> None:
    desk = Desk([PARTIAL, verdict])
    desk.dispatch()
    desk.order(forced=True)
    desk.dispatch("o1")
    assert desk.event.status is status


def test_a_dead_letter_of_a_served_order_sends_what_the_crm_refused_once_the_cause_is_mended() -> None:
    desk = Desk([REFUSED])
    desk.order()
    assert desk.dispatch("o1").park == REFUSED.detail
    assert desk.dispatch("o1").park is None
    assert desk.event.status is Status.DELIVERED
    assert len(desk.crm.bodies) == 2


def test_an_outcome_that_comes_after_all_moves_an_event_that_was_held() -> None:
    desk = Desk()
    event, late = desk.event, Verdict(Outcome.UNAVAILABLE, "HTTP 503.")
    attempt = Attempt(event.event_id, 1, AttemptStatus.SENDING, payload="{}", started_at=desk.clock.now())
    desk.store.claim(event, attempt, lease_until=desk.clock.now())
    desk.dispatch()  # the lease is over: held
    desk.store.record(event, attempt, late, status=Status.RETRYING, again=True, now=desk.clock.now())
    assert (desk.event.status, desk.event.pending_since) == (Status.RETRYING, desk.clock.now())


class FullStore(MemoryStore):
    """Takes no row with a payload, or no answer, beyond so many characters."""

    def claim(self, event: CallEvent, attempt: Attempt, *, lease_until: datetime) -> bool:
        if len(attempt.payload) > 400:
            raise StoreRefused("The claim cannot be written.")
        return super().claim(event, attempt, lease_until=lease_until)

    def record(self, event: CallEvent, attempt: Attempt, verdict: Verdict, **members: Any) -> bool:
        if len(verdict.answer or "") > 400:
            raise StoreRefused("The outcome cannot be written.")
        return super().record(event, attempt, verdict, **members)


def in_a_full_store(desk: Desk) -> Desk:
    full = FullStore()
    full.__dict__ |= desk.store.__dict__
    desk.store = full
    return desk


def test_what_our_own_store_does_not_take_is_not_sent_and_a_person_is_told_why() -> None:
    desk = in_a_full_store(Desk())
    desk.lead = Lead('{"lead": "' + "x" * 500 + '"}')
    assert desk.dispatch().park == "The claim cannot be written."
    assert (desk.crm.bodies, desk.event.status) == ([], Status.REJECTED)
    assert [row.payload for row in desk.store.attempts(desk.event.event_id)] == ["{}"]
    assert desk.store.untold(limit=5) == [desk.event.event_id]


def test_an_outcome_is_recorded_without_an_answer_that_our_own_store_does_not_take() -> None:
    desk = in_a_full_store(Desk([replace(DELIVERED, answer="x" * 500)]))
    assert desk.dispatch().park is None
    assert desk.event.status is Status.DELIVERED
    assert [row.answer for row in desk.store.attempts(desk.event.event_id)] == [None]
