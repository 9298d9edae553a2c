"""Use another content of a call: exchanged, ordered and sent on, or refused with the reason and nothing written."""

from __future__ import annotations

import pytest

from functions.operations.usecases import Conflict, UnknownEvent, UnknownRevision, use_revision
from postcall.domain.event import ReanalysisOrder
from postcall.domain.messages import CallReceived
from postcall.domain.status import Status
from tests.support.builders import CONVERSATION
from tests.support.fakes.queue import MemoryQueue
from tests.support.fakes.revisions import MemoryRevisions, content
from tests.unit.operations.test_resend import ResendHarness

FIRST, SECOND = b"first", b"second"


class RevisionHarness(ResendHarness):
    """A call that came with two contents."""

    def __init__(self, status: Status = Status.DELIVERED) -> None:
        super().__init__(status)
        self.store.bodies[CONVERSATION] = [FIRST, SECOND]
        self.revisions = MemoryRevisions(self.store)
        self.analysis = MemoryQueue()

    def use(self, body: bytes = SECOND, event_id: str = CONVERSATION) -> ReanalysisOrder:
        return use_revision(
            event_id,
            content(body),
            reason="The first was cut off.",
            requested_by="anna",
            events=self.store,
            revisions=self.revisions,
            queue=self.analysis,
            clock=self.clock,
            new_id=lambda: "r1",
        )


def test_another_content_is_used_and_its_analysis_ordered() -> None:
    harness = RevisionHarness()
    order = harness.use()
    assert order == ReanalysisOrder("r1", "anna", harness.clock.now(), "The first was cut off.")
    assert harness.store.payload(CONVERSATION) == SECOND
    assert harness.store.events[CONVERSATION].reanalysis == order
    assert harness.analysis.sent == [CallReceived(CONVERSATION, order_id="r1")]


def test_a_content_that_never_came_is_refused() -> None:
    harness = RevisionHarness()
    with pytest.raises(UnknownRevision, match="No other content"):
        harness.use(b"third")
    assert (harness.store.events[CONVERSATION].reanalysis, harness.analysis.sent) == (None, [])


def test_while_an_analysis_is_under_way_no_content_is_exchanged() -> None:
    harness = RevisionHarness()
    first = harness.use()
    with pytest.raises(Conflict, match="under way"):
        harness.use(FIRST)
    assert harness.store.payload(CONVERSATION) == SECOND
    assert harness.store.events[CONVERSATION].reanalysis == first


def test_what_cannot_be_analysed_again_says_why() -> None:
    with pytest.raises(Conflict, match="not been analysed yet"):
        RevisionHarness(Status.RECEIVED).use()
    with pytest.raises(UnknownEvent, match="no event with this id"):
        RevisionHarness().use(event_id="stranger")


def test_a_call_that_moves_meanwhile_is_told_by_what_it_is_now() -> None:
    harness = RevisionHarness()

    class ErasedMeanwhile(MemoryRevisions):
        def use(self, event_id: str, sha256: str, order: ReanalysisOrder) -> bool:
            self.store._change(event_id, erased_at=order.requested_at)
            return super().use(event_id, sha256, order)

    harness.revisions = ErasedMeanwhile(harness.store)
    with pytest.raises(Conflict, match="was erased"):
        harness.use()
