"""What was never delivered is fetched: once, by intake's own way, and whatever else fails meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from functions.reconciliation.usecases import Progress, Reconciled, reconcile
from functions.reconciliation.usecases.reconcile import IngestResult
from postcall.domain.errors import Rejected, Unavailable
from tests.support.builders import any_incoming
from tests.support.fakes.clock import START, HandClock
from tests.support.fakes.conversations import MemoryConversations
from tests.support.fakes.states import MemoryStates
from tests.support.fakes.store import MemoryStore


class Intake:
    """Takes in, or does not."""

    def __init__(self, store: MemoryStore) -> None:
        self.refuses: set[str] = set()
        self.broken = False
        self._store = store

    def ingest(self, envelope: dict[str, Any]) -> IngestResult:
        if self.broken:
            raise Unavailable("intake cannot be called.")
        conversation_id = envelope["data"]["conversation_id"]
        if conversation_id in self.refuses:
            return IngestResult("refused", "data.conversation_id is missing.")
        new = self._store.add(any_incoming(conversation_id), now=START)
        return IngestResult("received" if new else "duplicate")


class ReconcileHarness:
    """The use case with its needs."""

    def __init__(self) -> None:
        self.elevenlabs, self.store = MemoryConversations(), MemoryStore()
        self.intake, self.clock = Intake(self.store), HandClock()

    def run(self, *, dry_run: bool = False, hours: int = 48) -> Reconciled:
        return reconcile(
            since=START - timedelta(hours=hours),
            dry_run=dry_run,
            conversations=self.elevenlabs,
            known=MemoryStates(self.store),
            intake=self.intake,
            grace_period=timedelta(minutes=10),
            clock=self.clock,
        )


@pytest.fixture
def harness() -> ReconcileHarness:
    return ReconcileHarness()


def numbers(done: Reconciled) -> tuple[int, ...]:
    return done.listed, done.known, done.waiting, len(done.missed)


def test_a_call_that_was_never_delivered_is_taken_in_once(harness: ReconcileHarness) -> None:
    harness.elevenlabs.add("c1")
    assert harness.run().taken_in == ["c1"]
    again = harness.run()
    assert (again.taken_in, numbers(again)) == ([], (1, 1, 0, 0))
    assert harness.elevenlabs.fetched == ["c1"]


def test_over_many_pages_each_call_has_one_place(harness: ReconcileHarness) -> None:
    for number in range(7):
        harness.elevenlabs.add(f"c{number}", ended=timedelta(hours=-number - 1))
    harness.store.add(any_incoming("c3"), now=START)
    harness.elevenlabs.add("under_way", progress=Progress.UNDER_WAY)
    done = harness.run()
    assert numbers(done) == (8, 1, 1, 6)
    assert sorted(done.taken_in) == ["c0", "c1", "c2", "c4", "c5", "c6"]


def test_the_webhook_is_given_ten_minutes(harness: ReconcileHarness) -> None:
    harness.elevenlabs.add("c1", ended=timedelta(minutes=-9))
    assert numbers(harness.run()) == (1, 0, 1, 0)
    harness.clock.advance(minutes=1)
    assert harness.run().taken_in == ["c1"]


@pytest.mark.parametrize("progress", [Progress.UNDER_WAY, Progress.PROCESSING])
def test_a_conversation_that_is_not_finished_is_waited_for(harness: ReconcileHarness, progress: Progress) -> None:
    harness.elevenlabs.add("c1", progress=progress)
    assert numbers(harness.run()) == (1, 0, 1, 0)
    harness.elevenlabs.finish("c1")
    assert harness.run().taken_in == ["c1"]


def test_a_call_that_was_never_set_up_is_known_by_its_own_event(harness: ReconcileHarness) -> None:
    harness.elevenlabs.add("c1")
    harness.store.add(any_incoming("c1:call_initiation_failure", excluded_because="busy"), now=START)
    assert numbers(harness.run()) == (1, 1, 0, 0)


def test_a_dry_run_tells_and_takes_in_nothing(harness: ReconcileHarness) -> None:
    harness.elevenlabs.add("c1")
    done = harness.run(dry_run=True)
    assert (done.missed, done.taken_in, harness.elevenlabs.fetched) == (["c1"], [], [])


def test_what_began_before_the_window_is_left_alone(harness: ReconcileHarness) -> None:
    harness.elevenlabs.add("c1", ended=timedelta(hours=-3))
    assert harness.run(hours=2).listed == 0


def test_a_conversation_that_is_gone_is_told(harness: ReconcileHarness) -> None:
    harness.elevenlabs.add("c1")
    harness.elevenlabs.gone.add("c1")
    assert harness.run().gone == ["c1"]


def test_one_that_cannot_be_fetched_does_not_hold_up_the_others(harness: ReconcileHarness) -> None:
    for number in range(3):
        harness.elevenlabs.add(f"c{number}", ended=timedelta(hours=-number - 1))
    harness.elevenlabs.broken.add("c1")
    done = harness.run()
    assert done.taken_in == ["c0", "c2"]
    assert done.failed == {"c1": "ElevenLabs is not available (HTTP 500)."}
    assert done.stopped is None


def test_one_that_intake_refuses_is_told_with_the_reason(harness: ReconcileHarness) -> None:
    harness.elevenlabs.add("c1")
    harness.intake.refuses.add("c1")
    assert harness.run().failed == {"c1": "data.conversation_id is missing."}


def test_after_three_failures_running_the_run_ends_and_the_next_goes_on(harness: ReconcileHarness) -> None:
    for number in range(9):
        harness.elevenlabs.add(f"c{number}")
    harness.intake.broken = True
    done = harness.run()
    assert (len(done.failed), done.stopped) == (3, "intake cannot be called.")
    harness.intake.broken = False
    assert len(harness.run().taken_in) == 9


def test_when_elevenlabs_goes_away_what_was_done_until_then_counts(harness: ReconcileHarness) -> None:
    for number in range(4):
        harness.elevenlabs.add(f"c{number}", ended=timedelta(hours=-number - 1))
    harness.elevenlabs.away_after_pages = 1
    done = harness.run()
    assert (done.taken_in, done.stopped) == (["c0", "c1"], "ElevenLabs is away.")


def test_a_webhook_that_wins_the_race_makes_it_a_duplicate_and_no_miss(harness: ReconcileHarness) -> None:
    harness.elevenlabs.add("c1")
    envelope = harness.elevenlabs.envelope

    def slow(conversation_id: str) -> dict[str, Any] | None:
        harness.store.add(any_incoming(conversation_id), now=START)
        return envelope(conversation_id)

    harness.elevenlabs.envelope = slow  # type: ignore[method-assign]  # the webhook comes while we fetch
    done = harness.run()
    assert (done.missed, done.taken_in, done.failed) == (["c1"], [], {})


def test_a_refused_key_ends_the_run(harness: ReconcileHarness) -> None:
    def refused(*_: object) -> Any:
        raise Rejected("ElevenLabs refuses the API key.")

    harness.elevenlabs.started_between = refused  # type: ignore[assignment]  # as a client with a wrong key
    with pytest.raises(Rejected):
        harness.run()


def test_a_run_says_what_it_looked_at_and_counts_every_conversation() -> None:
    harness = ReconcileHarness()
    for number in range(4):
        harness.elevenlabs.add(f"k{number}")
        harness.store.add(any_incoming(f"k{number}"), now=START)
    for number in range(3):
        harness.elevenlabs.add(f"w{number}", ended=timedelta(minutes=-1))
    done = harness.run(dry_run=True)
    assert (done.since, done.until, done.dry_run) == (START - timedelta(hours=48), START, True)
    assert (done.listed, done.known, done.waiting) == (7, 4, 3)


def test_only_failures_one_after_another_end_a_run() -> None:
    harness = ReconcileHarness()
    harness.elevenlabs = MemoryConversations(page=9)
    for number in range(7):  # listed from the newest on: fails, fails, works, fails, fails, works, fails
        harness.elevenlabs.add(f"c{number}", ended=timedelta(hours=-1 - number))
        if number not in {2, 5}:
            harness.elevenlabs.broken.add(f"c{number}")
    assert harness.run().stopped is None
