"""The edges of what operators may do: each of these once caught a mutant that all other tests missed."""

from __future__ import annotations

from typing import Any

import pytest

from functions.operations.usecases import Conflict, UnknownEvent, reanalyze, resolve
from postcall.domain.event import ReanalysisOrder
from postcall.domain.outcome import Attempt, AttemptStatus, Resolution
from postcall.domain.status import Status, may_be_resolved
from tests.support.builders import CONVERSATION
from tests.support.fakes.queue import MemoryQueue
from tests.unit.operations.test_resend import ResendHarness


def resolved(status: Status, *, delivered: bool) -> ResendHarness:
    harness = ResendHarness(status)
    attempt = Attempt(CONVERSATION, 1, AttemptStatus.UNKNOWN, payload="{}", started_at=harness.clock.now())
    harness.store.rows[CONVERSATION] = [attempt]
    found = Resolution(delivered=delivered, resolved_by="anna", reason="Looked.")
    harness.clock.advance(minutes=1)
    resolve(CONVERSATION, found, events=harness.store, dispatches=harness.store, clock=harness.clock)
    return harness


@pytest.mark.parametrize("status", [Status.UNKNOWN, Status.PARTIAL, Status.REJECTED])
def test_whatever_waits_can_be_noted_as_being_there_at_its_moment(status: Status) -> None:
    harness = resolved(status, delivered=True)
    assert (harness.store.events[CONVERSATION].status, harness.store.events[CONVERSATION].updated_at) == (
        Status.DELIVERED,
        harness.clock.now(),
    )


@pytest.mark.parametrize("status", [Status.PARTIAL, Status.REJECTED])
def test_only_an_unknown_outcome_can_be_noted_as_not_being_there(status: Status) -> None:
    with pytest.raises(Conflict, match="not being there"):
        resolved(status, delivered=False)


def test_who_may_be_resolved() -> None:
    there = {status for status in Status if may_be_resolved(status, delivered=True)}
    not_there = {status for status in Status if may_be_resolved(status, delivered=False)}
    assert (there, not_there) == ({Status.UNKNOWN, Status.PARTIAL, Status.REJECTED}, {Status.UNKNOWN})


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


def test_whoever_resolves_an_event_that_moves_meanwhile_is_told_to_look_again(monkeypatch: pytest.MonkeyPatch) -> None:
    harness = ResendHarness(Status.UNKNOWN)
    found = Resolution(delivered=True, resolved_by="anna", reason="Looked.")
    monkeypatch.setattr(harness.store, "resolve", lambda *_arguments, **_named: False)
    with pytest.raises(Conflict, match="look again"):
        resolve(CONVERSATION, found, events=harness.store, dispatches=harness.store, clock=harness.clock)
