"""What dispatch says of a message, to the last member: each of these once caught a mutant that all others missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.dispatch.decision import HELD, Step, decide
from functions.dispatch.usecases.dispatch import Dispatched, Lead
from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.event import ResendOrder
from postcall.domain.outcome import AttemptStatus, Outcome, Verdict
from postcall.domain.status import Status
from tests.support.builders import CONVERSATION, any_event
from tests.support.fakes.clock import START
from tests.support.fakes.crm import DELIVERED, Crash
from tests.unit.dispatch.test_dispatch import LIVE, REFUSED, UNKNOWN, DispatchHarness

HELD_VERDICT = Verdict(Outcome.UNKNOWN, HELD)


def crashed(mode: object = LIVE) -> DispatchHarness:
    harness = DispatchHarness([Crash()], mode=mode)  # type: ignore[arg-type]  # a Mode
    with pytest.raises(Crash):
        harness.dispatch()
    return harness


def test_a_message_with_nothing_to_do_says_which_event_and_why() -> None:
    harness = DispatchHarness()
    harness.dispatch()
    assert harness.dispatch() == Dispatched(CONVERSATION, "The event is delivered.")


def test_a_message_that_waits_says_for_whom_and_how_long() -> None:
    harness = crashed()
    harness.clock.advance(seconds=119)
    assert harness.dispatch() == Dispatched(CONVERSATION, "Another worker is sending it.", retry=True, retry_in=1.0)


def test_a_held_event_is_told_as_an_unknown_outcome_of_its_attempt() -> None:
    harness = crashed()
    harness.clock.advance(seconds=121)
    assert harness.dispatch() == Dispatched(CONVERSATION, HELD, 1, HELD_VERDICT, dead_letter=HELD)
    assert (harness.event.status_reason, harness.event.updated_at) == (HELD, harness.clock.now())


def test_a_delivered_event_whose_forced_worker_died_stays_delivered() -> None:
    harness = DispatchHarness([DELIVERED, Crash()])
    harness.dispatch()
    harness.order(forced=True)
    with pytest.raises(Crash):
        harness.dispatch("o1")
    harness.clock.advance(seconds=121)
    harness.dispatch()
    assert harness.event.status is Status.DELIVERED


def test_what_waits_for_a_person_is_put_aside_with_its_own_reason() -> None:
    harness = DispatchHarness([UNKNOWN])
    harness.dispatch()
    assert harness.dispatch() == Dispatched(
        CONVERSATION, "The event waits for a person.", 1, dead_letter=UNKNOWN.detail
    )


def test_an_attempt_that_sends_nothing_is_told_whole() -> None:
    harness = DispatchHarness()
    harness.lead = Lead("{}", warnings=("UsrIntent: cut",), refused="No contact.")
    verdict = Verdict(Outcome.REJECTED_DATA, "No contact.")
    assert harness.dispatch() == Dispatched(CONVERSATION, "No contact.", 1, verdict, dead_letter="No contact.")
    assert harness.store.attempts(CONVERSATION)[0].warnings == ("UsrIntent: cut",)


@pytest.mark.parametrize(
    ("refused", "more"), [(None, ""), ("No contact.", " For real it would be refused: No contact.")]
)
def test_a_dry_run_says_what_would_have_been_refused(refused: str | None, more: str) -> None:
    harness = DispatchHarness(mode=replace(LIVE, dry_run=True))
    harness.lead = Lead("{}", refused=refused)
    assert harness.dispatch().reason.endswith(f"(EXTERNAL_CRM_DRY_RUN=true).{more}")


def test_a_recorded_outcome_is_told_whole() -> None:
    harness = DispatchHarness([REFUSED])
    assert harness.dispatch() == Dispatched(CONVERSATION, REFUSED.detail, 1, REFUSED, dead_letter=REFUSED.detail)


def test_a_lead_is_composed_of_its_own_event(monkeypatch: pytest.MonkeyPatch) -> None:
    harness = DispatchHarness()
    monkeypatch.setattr(harness, "_compose", lambda event, _analysis: Lead(event.event_id))
    harness.dispatch()
    assert harness.crm.bodies == [CONVERSATION]


def test_an_order_with_nothing_to_do_is_closed_on_its_event() -> None:
    harness = DispatchHarness([DELIVERED])
    harness.dispatch()
    harness.order()
    harness.dispatch("o1")
    assert harness.event.open_order is None


class _Moving:
    """Another worker moves the event just before each conditional write."""

    def __init__(self, harness: DispatchHarness) -> None:
        self._desk = harness

    def __getattr__(self, name: str) -> object:
        def write(*_arguments: object, **_named: object) -> bool:
            return False

        return write


@pytest.mark.parametrize("state", ["claim", "hold", "settle"])
def test_whoever_is_too_late_comes_again_in_a_second(state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    harness = crashed() if state == "hold" else DispatchHarness(mode=replace(LIVE, dry_run=state == "settle"))
    harness.clock.advance(seconds=121)
    monkeypatch.setattr(harness.store, state, _Moving(harness).__getattr__(state))
    with pytest.raises(Unavailable, match=r"moved meanwhile|took the event first") as raised:
        harness.dispatch()
    assert raised.value.retry_after == 1


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


@pytest.mark.parametrize(("order_id", "step"), [("o1", Step.SEND), ("o2", Step.NOTHING)])
def test_after_a_dead_worker_only_the_open_orders_message_sends_again(order_id: str, step: Step) -> None:
    order = ResendOrder("o1", requested_by="anna", requested_at=START, forced=True)
    event = any_event(status=Status.SENDING, lease_expires_at=START, order=order)
    later = START + timedelta(seconds=1)
    assert decide(event, order_id=order_id, now=later, repeats_are_safe=True).step is step


def test_an_event_that_is_sending_without_a_lease_is_waited_for() -> None:
    decision = decide(any_event(status=Status.SENDING), order_id=None, now=START, repeats_are_safe=False)
    assert (decision.step, decision.seconds) == (Step.WAIT, 1.0)


OPEN = ResendOrder("o1", requested_by="anna", requested_at=START, forced=False)
SERVED = replace(OPEN, is_open=False)


@pytest.mark.parametrize(
    ("status", "order", "order_id", "why"),
    [
        (Status.ANALYZED, None, None, "not been sent"),
        (Status.UNKNOWN, None, None, "makes no second lead"),
        (Status.SENDING, OPEN, "o2", "order has been served"),
        (Status.SENDING, None, None, "lease is over"),
        (Status.REJECTED, SERVED, "o1", "not been sent"),
        (Status.RECEIVED, OPEN, "o1", "no analysis"),
        (Status.ANALYZED, OPEN, "o1", "operator ordered"),
        (Status.DELIVERED, OPEN, "o1", "is delivered by now"),
    ],
)
def test_each_decision_says_why(status: Status, order: ResendOrder | None, order_id: str | None, why: str) -> None:
    event = any_event(status=status, order=order, lease_expires_at=START)
    assert why in decide(event, order_id=order_id, now=START + timedelta(seconds=1), repeats_are_safe=True).reason


def test_a_message_that_cannot_be_served_yet_or_ever_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    harness = DispatchHarness()
    with pytest.raises(Rejected, match="not stored"):
        harness.dispatch(event_id="stranger")
    monkeypatch.setattr("tests.support.fakes.store.MemoryAnalyses.latest", lambda _self, _event_id: None)
    with pytest.raises(Unavailable, match="analysis is not there"):
        harness.dispatch()
