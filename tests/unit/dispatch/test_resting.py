"""Where an attempt leaves an event that an earlier one may have brought into the CRM: never as if nothing was there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from functions.dispatch.usecases.dispatch import Lead
from postcall.domain.deduplication import Deduplication
from postcall.domain.errors import StoreRefused
from postcall.domain.event import CallEvent
from postcall.domain.outcome import Attempt, AttemptStatus, Outcome, Verdict
from postcall.domain.status import Status
from tests.support.builders import any_terms
from tests.support.fakes.crm import DELIVERED, Crash
from tests.support.fakes.store import MemoryStore
from tests.unit.dispatch.test_dispatch import DOWN, LIVE, PARTIAL, REFUSED, UNKNOWN, DispatchHarness

SAFE = replace(LIVE, terms=lambda _event: any_terms(Deduplication.LEAD_ID))


def unknown(*later: Verdict | Crash) -> DispatchHarness:
    """A first attempt whose outcome nobody knows, and a forced order for another."""
    harness = DispatchHarness([UNKNOWN, *later])
    harness.dispatch()
    harness.order(forced=True)
    return harness


def test_a_forced_resend_that_is_refused_leaves_the_outcome_unknown() -> None:
    harness = unknown(REFUSED)
    assert harness.dispatch("o1").dead_letter == REFUSED.detail
    assert harness.event.status is Status.UNKNOWN
    assert harness.words == [AttemptStatus.UNKNOWN, AttemptStatus.ERROR]
    assert (
        harness.dispatch().dead_letter
    )  # a redrive of the first message does not send: the first attempt may have made a lead
    assert len(harness.crm.bodies) == 2


def test_a_forced_resend_that_meets_a_crm_which_is_down_is_still_served_later() -> None:
    harness = unknown(DOWN)
    assert harness.dispatch("o1").retry
    assert (harness.event.status, harness.event.open_order is None) == (Status.UNKNOWN, False)
    assert harness.dispatch("o1").verdict == DELIVERED
    assert (harness.event.status, harness.event.open_order) == (Status.DELIVERED, None)


@pytest.mark.parametrize("change", [{"dry_run": True}, {"enabled": False}])
def test_a_forced_resend_that_sends_nothing_leaves_the_outcome_unknown(change: dict[str, bool]) -> None:
    harness = unknown()
    harness.mode = replace(LIVE, **change)  # type: ignore[arg-type]  # two flags
    assert harness.dispatch("o1").dead_letter
    assert harness.event.status is Status.UNKNOWN


def test_a_forced_resend_that_our_own_rules_refuse_leaves_the_outcome_unknown() -> None:
    harness = unknown()
    harness.lead = Lead("{}", refused="The call gave no contact.")
    assert harness.dispatch("o1").dead_letter == "The call gave no contact."
    assert harness.event.status is Status.UNKNOWN


def test_a_repeat_after_a_dead_worker_that_is_refused_leaves_the_outcome_unknown() -> None:
    harness = DispatchHarness([Crash(), REFUSED], mode=SAFE)
    with pytest.raises(Crash):
        harness.dispatch()
    harness.clock.advance(minutes=3)
    harness.dispatch()
    assert harness.event.status is Status.UNKNOWN
    assert harness.words == [AttemptStatus.UNKNOWN, AttemptStatus.ERROR]  # the dead worker's attempt does not go on


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
    harness = DispatchHarness([PARTIAL, verdict])
    harness.dispatch()
    harness.order(forced=True)
    harness.dispatch("o1")
    assert harness.event.status is status


def test_a_dead_letter_of_a_served_order_sends_what_the_crm_refused_once_the_cause_is_mended() -> None:
    harness = DispatchHarness([REFUSED])
    harness.order()
    assert harness.dispatch("o1").dead_letter == REFUSED.detail
    assert harness.dispatch("o1").dead_letter is None
    assert harness.event.status is Status.DELIVERED
    assert len(harness.crm.bodies) == 2


def test_an_outcome_that_comes_after_all_moves_an_event_that_was_held() -> None:
    harness = DispatchHarness()
    event, late = harness.event, Verdict(Outcome.UNAVAILABLE, "HTTP 503.")
    attempt = Attempt(event.event_id, 1, AttemptStatus.SENDING, payload="{}", started_at=harness.clock.now())
    harness.store.claim(event, attempt, lease_until=harness.clock.now())
    harness.dispatch()  # the lease is over: held
    harness.store.record(event, attempt, late, status=Status.RETRYING, retry=True, now=harness.clock.now())
    assert (harness.event.status, harness.event.pending_since) == (Status.RETRYING, harness.clock.now())


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


def in_a_full_store(harness: DispatchHarness) -> DispatchHarness:
    full = FullStore()
    full.__dict__ |= harness.store.__dict__
    harness.store = full
    return harness


def test_what_our_own_store_does_not_take_is_not_sent_and_a_person_is_told_why() -> None:
    harness = in_a_full_store(DispatchHarness())
    harness.lead = Lead('{"lead": "' + "x" * 500 + '"}')
    assert harness.dispatch().dead_letter == "The claim cannot be written."
    assert (harness.crm.bodies, harness.event.status) == ([], Status.REJECTED)
    assert [row.payload for row in harness.store.attempts(harness.event.event_id)] == ["{}"]
    assert harness.store.unescalated(limit=5) == [harness.event.event_id]


def test_an_outcome_is_recorded_without_an_answer_that_our_own_store_does_not_take() -> None:
    harness = in_a_full_store(DispatchHarness([replace(DELIVERED, answer="x" * 500)]))
    assert harness.dispatch().dead_letter is None
    assert harness.event.status is Status.DELIVERED
    assert [row.answer for row in harness.store.attempts(harness.event.event_id)] == [None]
