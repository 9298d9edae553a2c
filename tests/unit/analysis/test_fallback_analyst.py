"""A lead waits for the model only as long as it may."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.analysis.collected import field_names
from functions.analysis.fallback_analyst import (
    FallbackAnalyst,
    JudgementFailedError,
    ModelUnavailable,
    most_receives,
    wait_seconds,
)
from functions.analysis.offline_analyst import MARK, OfflineAnalyst
from functions.analysis.preprocessing import PreparedCall
from functions.analysis.question import Asking
from functions.analysis.taxonomy import taxonomy
from postcall.domain.analysis import Analysis, AnalysisSource, Usage
from postcall.domain.errors import Unavailable
from tests.support.fakes.clock import START, HandClock
from tests.unit.analysis.builders import call_of

CALL = call_of("u: Хочу купить квартиру, 8 029 123 45 67")


def falling_back(error: Exception, clock: HandClock) -> FallbackAnalyst:
    """An analyst whose model always fails in this way."""

    def judge(_reading: PreparedCall, _seconds: float) -> Asking[Analysis]:
        raise error

    return FallbackAnalyst(judge, OfflineAnalyst(taxonomy(), field_names()), clock, max_wait_seconds=600)


def test_a_young_call_waits_and_says_for_how_long_at_most() -> None:
    clock = HandClock()
    clock.advance(minutes=4)
    analyst = falling_back(ModelUnavailable("away", retry_after=7, misconfigured=True), clock)
    with pytest.raises(ModelUnavailable) as caught:
        analyst.analyse(CALL, received_at=START)
    assert (caught.value.retry_after, caught.value.misconfigured) == (7, True)
    assert caught.value.latest == 360 - 12  # a fiftieth of the wait is kept for those behind


@pytest.mark.parametrize(("misconfigured", "flag"), [(True, "model_misconfigured"), (False, "model_unavailable")])
def test_an_old_call_goes_out_marked(misconfigured: bool, flag: str) -> None:  # noqa: FBT001 — a row of the table
    clock = HandClock()
    clock.advance(minutes=10)
    error = ModelUnavailable("away", misconfigured=misconfigured)
    analysis = replace(falling_back(error, clock), trouble=lambda: error).analyse(CALL, received_at=START)
    assert analysis.source is AnalysisSource.OFFLINE
    assert analysis.qualification_comment.startswith(f"{MARK} Оценки нет: модель недоступна.")
    assert flag in analysis.flags
    assert analysis.contact.phone is not None


def test_a_failed_judgement_goes_out_at_once_with_its_cost_and_reason() -> None:
    error = JudgementFailedError("model_refused", usage=Usage(100, 0, 20, 0.01), request_id="req_1")
    analysis = falling_back(error, HandClock()).analyse(CALL, received_at=START)
    assert analysis.usage == Usage(100, 0, 20, 0.01)
    assert analysis.details["model_failure"] == {"request_id": "req_1"}
    assert "модель отказалась отвечать" in analysis.qualification_comment
    assert "model_refused" in analysis.flags


def test_the_queue_never_hides_a_message_past_the_moment_the_lead_must_go() -> None:
    waits = [
        wait_seconds(received, ModelUnavailable("away", latest=12.2), base=15, cap=900, random=lambda: 0.99)
        for received in range(1, 12)
    ]
    assert max(waits) == 12
    assert wait_seconds(1, ModelUnavailable("away", retry_after=300, latest=20), base=1, cap=1, random=lambda: 0) == 20


def test_other_outages_wait_as_every_queue_does() -> None:
    assert wait_seconds(3, Unavailable("table"), base=10, cap=900, random=lambda: 0.5) == 20


def test_who_is_too_old_or_came_too_often_is_not_asked_about() -> None:
    def never(_reading: PreparedCall, _seconds: float) -> Asking[Analysis]:
        raise AssertionError

    clock = HandClock()
    analyst = FallbackAnalyst(never, OfflineAnalyst(taxonomy(), field_names()), clock, 600, receives=8, most_receives=8)
    assert "model_unavailable" in analyst.analyse(CALL, received_at=START).flags
    clock.advance(seconds=599.5)
    assert "model_unavailable" in replace(analyst, receives=1).analyse(CALL, received_at=START).flags


def test_a_question_may_take_what_is_left() -> None:
    asked: list[float] = []
    clock = HandClock()
    clock.advance(seconds=580)

    def judge(_reading: PreparedCall, seconds: float) -> Asking[Analysis]:
        asked.append(seconds)
        raise ModelUnavailable("away")

    offline = OfflineAnalyst(taxonomy(), field_names())
    analyst = FallbackAnalyst(judge, offline, clock, 600, deadline_seconds=60)
    with pytest.raises(ModelUnavailable):
        analyst.analyse(CALL, received_at=START)
    assert asked == [20 - 12]  # a fiftieth of the wait is kept for those behind


def test_while_questions_time_out_a_lead_goes_before_it_is_due() -> None:
    clock = HandClock()
    analyst = replace(falling_back(ModelUnavailable("slow", timed_out=True), clock), deadline_seconds=60)
    with pytest.raises(ModelUnavailable) as caught:
        analyst.analyse(CALL, received_at=START)
    assert caught.value.latest == 540 - 12
    clock.advance(seconds=540)
    assert analyst.analyse(CALL, received_at=START).source is AnalysisSource.OFFLINE


@pytest.mark.parametrize("error", [KeyError("x"), RecursionError(), MemoryError(), OverflowError("too large")])
def test_whatever_breaks_while_judging_the_lead_goes_out(error: Exception) -> None:
    analysis = falling_back(error, HandClock()).analyse(CALL, received_at=START)
    assert analysis.source is AnalysisSource.OFFLINE
    assert "judgement_crashed" in analysis.flags
    assert analysis.details["model_failure"]["error"] == type(error).__name__
    assert analysis.contact.phone is not None


@pytest.mark.parametrize(
    ("base", "cap", "max_wait", "receives"), [(15, 900, 600, 8), (1, 5, 5, 5), (15, 300, 600, 9), (1, 1, 0, 2)]
)
def test_a_message_that_comes_too_often_stops_asking_before_the_dead_letters(
    base: float, cap: float, max_wait: float, receives: int
) -> None:
    assert most_receives(base=base, cap=cap, max_wait_seconds=max_wait) == receives
