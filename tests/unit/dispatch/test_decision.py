"""Every status against every kind of message: what a message may do to an event."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from functions.dispatch.decision import Step, decide
from postcall.domain.event import CallEvent, ResendOrder
from postcall.domain.status import NEEDS_ATTENTION, Status
from tests.support.builders import any_event
from tests.support.fakes.clock import START

PLAIN = {
    Status.RECEIVED: Step.NOTHING,
    Status.ANALYZED: Step.SEND,
    Status.DELIVERED: Step.NOTHING,
    Status.DRY_RUN: Step.NOTHING,
    Status.DISABLED: Step.NOTHING,
    Status.RETRYING: Step.SEND,
    Status.REJECTED: Step.SEND,
    Status.PARTIAL: Step.DEAD_LETTER,
    Status.UNKNOWN: Step.DEAD_LETTER,
    Status.EXCLUDED: Step.NOTHING,
}
ORDERED = {
    Status.RECEIVED: Step.CLOSE_ORDER,
    Status.ANALYZED: Step.SEND,
    Status.DELIVERED: Step.CLOSE_ORDER,
    Status.DRY_RUN: Step.SEND,
    Status.DISABLED: Step.SEND,
    Status.RETRYING: Step.SEND,
    Status.REJECTED: Step.SEND,
    Status.PARTIAL: Step.CLOSE_ORDER,
    Status.UNKNOWN: Step.CLOSE_ORDER,
    Status.EXCLUDED: Step.CLOSE_ORDER,
}
FORCED = dict.fromkeys(ORDERED, Step.SEND) | {Status.RECEIVED: Step.CLOSE_ORDER, Status.EXCLUDED: Step.CLOSE_ORDER}


def step(event: CallEvent, *, order_id: str | None = None, repeats_are_safe: bool = False) -> Step:
    return decide(event, order_id=order_id, now=START, repeats_are_safe=repeats_are_safe).step


def order(*, forced: bool = False, is_open: bool = True) -> ResendOrder:
    return ResendOrder("o1", requested_by="anna", requested_at=START, forced=forced, is_open=is_open)


@pytest.mark.parametrize(("status", "expected"), PLAIN.items())
def test_an_ordinary_message(status: Status, expected: Step) -> None:
    assert step(any_event(status=status)) is expected


@pytest.mark.parametrize(("status", "expected"), ORDERED.items())
def test_an_ordered_message(status: Status, expected: Step) -> None:
    assert step(any_event(status=status, order=order()), order_id="o1") is expected


@pytest.mark.parametrize(("status", "expected"), FORCED.items())
def test_a_forced_message(status: Status, expected: Step) -> None:
    event = any_event(status=status, order=order(forced=True))
    assert step(event, order_id="o1", repeats_are_safe=True) is expected
    assert step(event, order_id="o1", repeats_are_safe=False) is Step.CLOSE_ORDER  # its own request is in doubt


@pytest.mark.parametrize(("status", "expected"), PLAIN.items())
@pytest.mark.parametrize("served", [None, order(forced=True, is_open=False)])
def test_the_message_of_a_served_order_is_an_ordinary_one(
    status: Status, expected: Step, served: ResendOrder | None
) -> None:
    assert step(any_event(status=status, order=served), order_id="o1") is expected


@pytest.mark.parametrize("status", sorted(NEEDS_ATTENTION - {Status.REJECTED}))
def test_a_served_orders_message_is_no_dead_letter_while_its_event_still_moves(status: Status) -> None:
    moving = any_event(status=status, order=order(forced=True), pending_since=START)
    assert step(moving, order_id="another") is Step.NOTHING


def test_an_unknown_outcome_is_sent_again_only_where_a_repeat_is_safe() -> None:
    event = any_event(status=Status.UNKNOWN)
    assert step(event, repeats_are_safe=False) is Step.DEAD_LETTER
    assert step(event, repeats_are_safe=True) is Step.SEND
    assert step(any_event(status=Status.UNKNOWN, order=order()), order_id="o1", repeats_are_safe=True) is Step.SEND


def test_while_another_worker_sends_everybody_waits() -> None:
    event = any_event(status=Status.SENDING, lease_expires_at=START + timedelta(seconds=40), order=order(forced=True))
    for order_id in (None, "o1"):
        decision = decide(event, order_id=order_id, now=START, repeats_are_safe=True)
        assert (decision.step, decision.seconds) == (Step.WAIT, 40.0)


def test_a_dead_workers_event_is_held_unless_a_repeat_is_safe() -> None:
    event = any_event(status=Status.SENDING, lease_expires_at=START)
    assert step(event) is Step.HOLD
    assert step(event, repeats_are_safe=True) is Step.SEND
    assert step(event, order_id="stale", repeats_are_safe=True) is Step.NOTHING


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
