"""Resolve: what a person saw in the CRM settles an event, where its state allows that."""

from __future__ import annotations

import pytest

from functions.operations.usecases import Conflict, resolve
from postcall.domain.outcome import Attempt, AttemptStatus, Resolution
from postcall.domain.status import Status, may_be_resolved
from tests.support.builders import CONVERSATION
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


def test_whoever_resolves_an_event_that_moves_meanwhile_is_told_to_look_again(monkeypatch: pytest.MonkeyPatch) -> None:
    harness = ResendHarness(Status.UNKNOWN)
    found = Resolution(delivered=True, resolved_by="anna", reason="Looked.")
    monkeypatch.setattr(harness.store, "resolve", lambda *_arguments, **_named: False)
    with pytest.raises(Conflict, match="look again"):
        resolve(CONVERSATION, found, events=harness.store, dispatches=harness.store, clock=harness.clock)
