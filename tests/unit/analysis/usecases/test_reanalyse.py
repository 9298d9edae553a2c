"""Analysing a call anew: a further revision with who ordered it and why, once for each order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.analysis.question import in_turn
from functions.analysis.usecases.reanalyse import analyse_again
from postcall.domain.analysis import Analysis, RecordedAnalysis
from postcall.domain.errors import Rejected
from postcall.domain.event import ReanalysisOrder
from postcall.domain.messages import CallReceived
from postcall.domain.said import said
from tests.support.builders import CONVERSATION, any_analysis, any_recorded
from tests.support.fakes.clock import START
from tests.support.fakes.store import MemoryAnalyses
from tests.unit.analysis.usecases.test_analyse import AnalysisHarness

ORDER = ReanalysisOrder("o1", "anna", START + timedelta(hours=1), "The budget was overheard.")


class ReanalysisHarness(AnalysisHarness):
    """A call that was analysed, with an order."""

    def __init__(self) -> None:
        super().__init__()
        self.store.record_analysis(any_recorded())
        self.store._change(CONVERSATION, reanalysis=ORDER)
        self.clock.advance(hours=2)

    def serve(self, order_id: str = "o1", event_id: str = CONVERSATION) -> Analysis | None:
        return in_turn(
            analyse_again(
                CallReceived(event_id, order_id=order_id),
                events=self.store,
                analyses=MemoryAnalyses(self.store),
                persons=self.persons,
                translate=self.translate,
                analyst=self.analyst,
                clock=self.clock,
            )
        )


@pytest.fixture
def harness() -> ReanalysisHarness:
    return ReanalysisHarness()


def revision(harness: ReanalysisHarness, number: int) -> RecordedAnalysis:
    return RecordedAnalysis(
        CONVERSATION, number, harness.clock.now(), any_analysis(), ORDER.requested_by, reason=ORDER.reason
    )


def test_an_order_makes_a_further_revision_that_says_who_and_why(harness: ReanalysisHarness) -> None:
    assert harness.serve() == any_analysis()
    assert harness.store.recorded[CONVERSATION] == [any_recorded(), revision(harness, 2)]
    assert harness.store.events[CONVERSATION].reanalysis == replace(ORDER, is_open=False)
    assert harness.store.read == [CONVERSATION]


def test_a_call_without_an_analysis_gets_its_first(harness: ReanalysisHarness) -> None:
    harness.store.recorded.clear()
    harness.serve()
    assert harness.store.recorded[CONVERSATION] == [revision(harness, 1)]


def test_the_age_of_an_order_counts_from_the_order(harness: ReanalysisHarness) -> None:
    harness.serve()
    assert [received_at for _, received_at in harness.analyst.asked] == [ORDER.requested_at]


@pytest.mark.parametrize(
    "members",
    [
        {"reanalysis": None},
        {"reanalysis": replace(ORDER, is_open=False)},
        {"reanalysis": replace(ORDER, order_id="o2")},
        {"erased_at": START},
    ],
    ids=["without an order", "served before", "another order", "erased"],
)
def test_an_order_that_does_not_stand_is_not_served(harness: ReanalysisHarness, members: dict[str, Any]) -> None:
    harness.store._change(CONVERSATION, **members)
    assert harness.serve() is None
    assert (harness.analyst.asked, harness.store.recorded[CONVERSATION]) == ([], [any_recorded()])


def test_an_order_that_is_served_by_another_meanwhile_adds_nothing(harness: ReanalysisHarness) -> None:
    harness.analyst.meanwhile = lambda: harness.store._change(CONVERSATION, reanalysis=replace(ORDER, is_open=False))
    assert harness.serve() is None
    assert harness.store.recorded[CONVERSATION] == [any_recorded()]
    assert harness.persons.items != {}


def test_of_a_call_that_is_erased_while_it_is_analysed_anew_nobody_stays_in_the_index(
    harness: ReanalysisHarness,
) -> None:
    harness.analyst.meanwhile = harness.erase
    assert harness.serve() is None
    assert harness.persons.items == {}


def test_an_order_for_a_call_that_nobody_has_stored_is_refused(harness: ReanalysisHarness) -> None:
    with pytest.raises(Rejected) as refused:
        harness.serve(event_id="nobody")
    assert str(refused.value) == said("event.not_stored")
