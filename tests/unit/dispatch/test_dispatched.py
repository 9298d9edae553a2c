"""What dispatch reports of a message: the event, why, the attempt and its verdict, and whether it comes again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.dispatch.decision import HELD
from functions.dispatch.usecases.dispatch import Dispatched, Lead
from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.outcome import Outcome, Verdict
from tests.support.builders import CONVERSATION
from tests.support.fakes.crm import Crash
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


def test_what_waits_for_a_person_is_a_dead_letter_with_its_own_reason() -> None:
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


def test_a_message_that_cannot_be_served_yet_or_ever_says_why() -> None:
    harness = DispatchHarness()
    with pytest.raises(Rejected, match="not stored"):
        harness.dispatch(event_id="stranger")
    harness.store.recorded.clear()
    with pytest.raises(Unavailable, match="analysis is not there"):
        harness.dispatch()
