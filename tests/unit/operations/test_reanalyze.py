"""Reanalyse: a further analysis is ordered, or refused with the reason."""

from __future__ import annotations

from typing import Any

import pytest

from functions.operations.usecases import Conflict, UnknownEvent, reanalyze, resolve
from postcall.domain.event import ReanalysisOrder
from postcall.domain.outcome import Resolution
from postcall.domain.status import Status
from tests.support.builders import CONVERSATION
from tests.support.fakes.queue import MemoryQueue
from tests.unit.operations.test_resend import ResendHarness


class Orders:
    """Takes any order."""

    def order(self, _event: Any, _order: ReanalysisOrder) -> bool:
        return True


def reanalyzed(status: Status, event_id: str = CONVERSATION) -> ReanalysisOrder:
    harness = ResendHarness(status)
    return reanalyze(
        event_id,
        reason="The prompt is better now.",
        requested_by="anna",
        events=harness.store,
        orders=Orders(),
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


def test_an_unknown_event_is_refused_in_a_sentence_whatever_is_asked_of_it() -> None:
    harness = ResendHarness()
    found = Resolution(delivered=True, resolved_by="anna", reason="Looked.")
    with pytest.raises(UnknownEvent, match="no event with this id"):
        harness.resend("stranger")
    with pytest.raises(UnknownEvent, match="no event with this id"):
        reanalyzed(Status.DELIVERED, "stranger")
    with pytest.raises(UnknownEvent, match="no event with this id"):
        resolve("stranger", found, events=harness.store, dispatches=harness.store, clock=harness.clock)
