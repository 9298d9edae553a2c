"""Analysing a call: recorded once, passed on, and nobody stays in the index of a call that is erased meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from functions.analysis.question import Asking, Question, in_turn
from functions.analysis.usecases.analyse import analyse_call
from postcall.domain.analysis import Analysis, RecordedAnalysis
from postcall.domain.call import Call
from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.event import Body, CallEvent
from postcall.domain.messages import CallAnalyzed, CallReceived
from postcall.domain.said import said
from postcall.domain.status import Status
from tests.support.builders import CONVERSATION, any_analysis, any_incoming, any_recorded
from tests.support.fakes.clock import START, HandClock
from tests.support.fakes.persons import MemoryPersons
from tests.support.fakes.queue import MemoryQueue
from tests.support.fakes.store import MemoryAnalyses, MemoryStore


class Reads(MemoryStore):
    """Notes which events are read; does not answer from the second time on while it `fails_later`."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []
        self.fails_later = False

    def get_with_body(
        self, event_id: str, *, between: Callable[[], None] = lambda: None
    ) -> tuple[CallEvent, Body] | None:
        self.read.append(event_id)
        if self.fails_later and len(self.read) > 1:
            raise Unavailable("The table does not answer.")
        return super().get_with_body(event_id, between=between)


@dataclass
class Analyst:
    """Judges every call alike; `meanwhile` is what happens while it is asked."""

    meanwhile: Callable[[], None] = lambda: None
    asked: list[tuple[Call, datetime]] = field(default_factory=list)

    def asking(self, call: Call, *, received_at: datetime) -> Asking[Analysis]:
        self.asked.append((call, received_at))
        yield Question(self.meanwhile, seconds=1)
        return any_analysis()


class AnalysisHarness:
    """A call that has come, in front of the use case."""

    def __init__(self) -> None:
        self.store, self.queue, self.persons = Reads(), MemoryQueue(), MemoryPersons()
        self.clock, self.analyst = HandClock(), Analyst()
        self.error: Exception = Unavailable("The model does not answer.")
        self.store.add(any_incoming(), now=self.clock.now())
        self.clock.advance(minutes=5)

    def analyse(self, event_id: str = CONVERSATION) -> Analysis | None:
        return in_turn(self.analysing(event_id))

    def analysing(self, event_id: str = CONVERSATION) -> Asking[Analysis | None]:
        return analyse_call(
            CallReceived(event_id),
            events=self.store,
            analyses=MemoryAnalyses(self.store),
            persons=self.persons,
            translate=self.translate,
            analyst=self.analyst,
            queue=self.queue,
            clock=self.clock,
        )

    def translate(self, event: CallEvent, payload: bytes) -> Call:
        """Whoever reads a body notes who is in it."""
        self.persons.add(event.event_id, payload, now=event.received_at)
        return Call(event.event_id)

    def erase(self) -> None:
        self.store._change(CONVERSATION, status=Status.EXCLUDED, erased_at=self.clock.now())

    def fail(self) -> None:
        raise self.error

    def erase_and_fail(self) -> None:
        self.erase()
        self.fail()


@pytest.fixture
def harness() -> AnalysisHarness:
    return AnalysisHarness()


def test_a_call_is_analysed_recorded_and_passed_on(harness: AnalysisHarness) -> None:
    assert harness.analyse() == any_analysis()
    assert harness.store.recorded[CONVERSATION] == [
        RecordedAnalysis(CONVERSATION, 1, harness.clock.now(), any_analysis())
    ]
    assert harness.queue.sent == [CallAnalyzed(CONVERSATION)]
    assert harness.store.read == [CONVERSATION]  # once: a further read of each call would be paid for
    assert harness.persons.items != {}


def test_a_calls_age_counts_from_when_it_came(harness: AnalysisHarness) -> None:
    harness.analyse()
    assert harness.analyst.asked == [(Call(CONVERSATION), START)]


def test_a_call_whose_lead_may_have_lost_its_message_is_passed_on_again(harness: AnalysisHarness) -> None:
    harness.store.record_analysis(any_recorded())
    assert harness.analyse() is None
    assert (harness.queue.sent, harness.analyst.asked) == ([CallAnalyzed(CONVERSATION)], [])


@pytest.mark.parametrize("status", [Status.SENDING, Status.DELIVERED, Status.EXCLUDED])
def test_a_call_that_has_gone_on_is_left_alone(harness: AnalysisHarness, status: Status) -> None:
    harness.store._change(CONVERSATION, status=status)
    assert harness.analyse() is None
    assert (harness.queue.sent, harness.analyst.asked) == ([], [])


def test_a_call_that_nobody_has_stored_is_refused(harness: AnalysisHarness) -> None:
    with pytest.raises(Rejected) as refused:
        harness.analyse("nobody")
    assert str(refused.value) == said("event.not_stored")


def test_of_a_call_that_is_erased_while_it_is_analysed_nobody_stays_in_the_index(harness: AnalysisHarness) -> None:
    harness.analyst.meanwhile = harness.erase
    harness.analyse()
    assert (harness.persons.items, harness.store.recorded) == ({}, {})


def test_a_failed_analysis_of_a_call_that_is_erased_leaves_nobody_in_the_index(harness: AnalysisHarness) -> None:
    harness.analyst.meanwhile = harness.erase_and_fail
    with pytest.raises(Unavailable, match="model"):
        harness.analyse()
    assert harness.persons.items == {}


def test_nor_does_one_that_can_never_be_analysed(harness: AnalysisHarness) -> None:
    harness.analyst.meanwhile, harness.error = harness.erase_and_fail, Rejected("No call can be read of it.")
    with pytest.raises(Rejected, match="read"):
        harness.analyse()
    assert harness.persons.items == {}


def test_a_call_that_is_left_while_the_model_is_asked_reads_nothing_more(harness: AnalysisHarness) -> None:
    analysing = harness.analysing()
    next(analysing)
    analysing.close()  # as when others have taken the function's time
    assert harness.store.read == [CONVERSATION]


def test_a_failed_analysis_of_a_call_that_stays_forgets_nobody(harness: AnalysisHarness) -> None:
    harness.analyst.meanwhile = harness.fail
    with pytest.raises(Unavailable, match="model"):
        harness.analyse()
    assert harness.persons.items != {}
    assert harness.queue.sent == []


def test_a_store_that_fails_as_well_hides_no_failure_before_it(harness: AnalysisHarness) -> None:
    harness.analyst.meanwhile, harness.store.fails_later = harness.erase_and_fail, True
    with pytest.raises(Unavailable, match="model"):
        harness.analyse()


def test_who_was_slower_than_another_worker_forgets_nobody(harness: AnalysisHarness) -> None:
    harness.analyst.meanwhile = lambda: harness.store._change(CONVERSATION, status=Status.ANALYZED)
    harness.analyse()
    assert harness.persons.items != {}


def test_a_call_that_is_deleted_meanwhile_is_no_failure(harness: AnalysisHarness) -> None:
    harness.analyst.meanwhile = harness.store.events.clear
    assert harness.analyse() == any_analysis()
