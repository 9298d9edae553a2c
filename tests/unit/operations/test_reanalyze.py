"""Reanalyse: a further analysis is ordered, or refused with the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from functions.operations.usecases import Conflict, UnknownEvent, reanalyze, resolve
from postcall.domain.event import ReanalysisOrder
from postcall.domain.outcome import Resolution
from postcall.domain.status import Status
from tests.support.builders import CONVERSATION
from tests.support.fakes.queue import MemoryQueue
from tests.support.fakes.store import MemoryStore
from tests.unit.operations.test_resend import ResendHarness


class Orders:
    """Takes any order."""

    def order(self, _event: Any, _order: ReanalysisOrder) -> bool:
        return True


class ErasedMeanwhile(Orders):
    """Takes none: the call is erased just before."""

    def __init__(self, store: MemoryStore) -> None:
        self.store = store

    def order(self, event: Any, _order: ReanalysisOrder) -> bool:
        self.store.events[event.event_id] = replace(event, erased_at=event.received_at)
        return False


def reanalyzed(
    status: Status, event_id: str = CONVERSATION, orders: Callable[[MemoryStore], Orders] = lambda _store: Orders()
) -> ReanalysisOrder:
    harness = ResendHarness(status)
    return reanalyze(
        event_id,
        reason="The prompt is better now.",
        requested_by="anna",
        events=harness.store,
        orders=orders(harness.store),
        queue=MemoryQueue(),
        clock=harness.clock,
        new_id=lambda: "r1",
    )


def test_an_order_to_analyse_again_has_its_moment() -> None:
    assert reanalyzed(Status.DELIVERED).requested_at == ResendHarness().clock.now()


@pytest.mark.parametrize(
    ("status", "why"), [(Status.RECEIVED, "not been analysed yet"), (Status.EXCLUDED, "not a lead")]
)
def test_what_cannot_be_analysed_again_says_why(status: Status, why: str) -> None:
    with pytest.raises(Conflict, match=why):
        reanalyzed(status)


def test_a_call_that_is_erased_meanwhile_is_not_said_to_be_analysed() -> None:
    with pytest.raises(Conflict, match="was erased"):
        reanalyzed(Status.DELIVERED, orders=ErasedMeanwhile)


def test_an_unknown_event_is_refused_in_a_sentence_whatever_is_asked_of_it() -> None:
    harness = ResendHarness()
    found = Resolution(delivered=True, resolved_by="anna", reason="Looked.")
    with pytest.raises(UnknownEvent, match="no event with this id"):
        harness.resend("stranger")
    with pytest.raises(UnknownEvent, match="no event with this id"):
        reanalyzed(Status.DELIVERED, "stranger")
    with pytest.raises(UnknownEvent, match="no event with this id"):
        resolve("stranger", found, events=harness.store, dispatches=harness.store, clock=harness.clock)
