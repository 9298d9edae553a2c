"""Ordering a resend: who may what, and that no order doubles a lead without being asked to."""

from __future__ import annotations

import pytest

from functions.operations.usecase import Conflict, Ordered, UnknownEvent, resend
from postcall.domain.errors import Unavailable
from postcall.domain.event import ResendOrder
from postcall.domain.messages import CallAnalyzed
from postcall.domain.status import Status
from tests.builders import CONVERSATION, any_event
from tests.fakes.clock import HandClock
from tests.fakes.queue import MemoryQueue
from tests.fakes.store import MemoryStore

FREE = [Status.ANALYZED, Status.RETRYING, Status.REJECTED, Status.DRY_RUN, Status.DISABLED]
FORCE_ONLY = [Status.DELIVERED, Status.PARTIAL, Status.UNKNOWN]
NEVER = [Status.RECEIVED, Status.SENDING, Status.EXCLUDED]


class Desk:
    def __init__(self, status: Status = Status.REJECTED) -> None:
        self.store, self.queue, self.clock = MemoryStore(), MemoryQueue(), HandClock()
        self.store.events[CONVERSATION] = any_event(status=status)

    def resend(self, event_id: str = CONVERSATION, *, force: bool = False) -> Ordered:
        return resend(
            event_id,
            force=force,
            requested_by="anna",
            events=self.store,
            queue=self.queue,
            clock=self.clock,
            new_id=lambda: "o1",
        )


@pytest.mark.parametrize("status", FREE)
def test_what_was_surely_not_created_is_resent_for_the_asking(status: Status) -> None:
    desk = Desk(status)
    assert desk.resend() == Ordered(CONVERSATION, "o1", forced=False)
    assert desk.queue.sent == [CallAnalyzed(CONVERSATION, "o1")]
    order = desk.store.events[CONVERSATION].order
    assert order == ResendOrder("o1", requested_by="anna", requested_at=desk.clock.now(), forced=False)


@pytest.mark.parametrize("status", FORCE_ONLY)
def test_what_is_or_may_be_in_the_crm_is_resent_by_force_only(status: Status) -> None:
    desk = Desk(status)
    with pytest.raises(Conflict, match="force=true"):
        desk.resend()
    assert desk.queue.sent == []
    assert desk.resend(force=True).forced


@pytest.mark.parametrize("status", NEVER)
@pytest.mark.parametrize("force", [False, True])
def test_what_cannot_be_sent_is_refused_with_its_reason(status: Status, *, force: bool) -> None:
    desk = Desk(status)
    with pytest.raises(Conflict):
        desk.resend(force=force)
    assert desk.queue.sent == []


def test_a_second_order_waits_for_the_first() -> None:
    desk = Desk()
    desk.resend()
    with pytest.raises(Conflict, match="under way"):
        desk.resend()
    assert len(desk.queue.sent) == 1


def test_nobody_cannot_be_resent() -> None:
    with pytest.raises(UnknownEvent):
        Desk().resend("nobody")


def test_an_order_whose_message_is_lost_stands_on_the_event_for_the_sweep() -> None:
    desk = Desk()
    desk.queue.broken = True
    with pytest.raises(Unavailable):
        desk.resend()
    event = desk.store.events[CONVERSATION]
    assert event.order is not None
    assert event.order.is_open
    assert event.pending_since == desk.clock.now()
