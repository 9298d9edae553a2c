"""Nobody waits longer than they may: many calls, few workers, and a model's server that hangs, is slow or recovers."""

from __future__ import annotations

import heapq
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

import pytest

from functions.analysis.collected import field_names
from functions.analysis.fallback_analyst import FallbackAnalyst, ModelUnavailable, most_receives, wait_seconds
from functions.analysis.judgement import Judgement
from functions.analysis.model.breaker import Breaker
from functions.analysis.model.prompt import Message
from functions.analysis.model.reply import Reply
from functions.analysis.offline_analyst import OfflineAnalyst
from functions.analysis.openai_analyst import OpenAiAnalyst
from functions.analysis.taxonomy import taxonomy
from postcall.domain.analysis import Analysis
from tests.support.fakes.clock import START, HandClock
from tests.unit.analysis.builders import PROMPT, answer_members, call_of
from tools.verify.evaluation.analysts import settings_for

CALL = call_of("u: Хочу купить квартиру")
ANSWER = json.dumps(answer_members(evidence=[], contacts=dict.fromkeys(("full_name", "phone_ref", "email_ref"))))
OWN_SECONDS = 0.005  # what a message costs us beside the model
Latency = Callable[[float], float]  # of the model's server, by the moment of the question; seconds


@dataclass
class SlowModel(OpenAiAnalyst):
    """The analyst of one process, whose server takes its time on a clock moved by hand."""

    hand: HandClock = field(default_factory=HandClock)
    latency: Latency = lambda _moment: 0.0
    timed_out: int = 0

    def _prepare(self) -> None:
        """There is no client."""

    def send(self, messages: list[Message], limit: int, seconds: float, *, request_id: str) -> Reply:
        del messages, limit, request_id
        needed = self.latency(since_start(self.hand))
        self.hand.advance(seconds=min(needed, seconds))
        if needed > seconds:
            self.timed_out += 1
            raise ModelUnavailable("The model does not answer.", timed_out=True)
        return Reply(ANSWER)


@dataclass
class Worker:
    """One process: its own clock and its own breaker."""

    clock: HandClock
    model: SlowModel


@dataclass
class Queue:
    """Calls and workers, in time: who is free takes the message that has been visible for longest."""

    max_wait: int
    latency: Latency
    workers: int
    deadline: int = 60
    base: int = 15
    cap: int = 900
    done: dict[int, tuple[float, Analysis]] = field(default_factory=dict)
    timed_out: int = 0

    def run(self, arrivals: list[float]) -> None:
        """Serve all calls that come in at these moments."""
        visible = [(moment, number, 1) for number, moment in enumerate(arrivals)]
        heapq.heapify(visible)
        workers = [self._worker() for _ in range(self.workers)]
        dice = random.Random(1)  # noqa: S311 — a queue's jitter
        while visible:
            worker = min(workers, key=lambda one: since_start(one.clock))
            moment, number, receives = heapq.heappop(visible)
            worker.clock.advance(seconds=max(0.0, moment - since_start(worker.clock)) + OWN_SECONDS)
            analyst = self._analyst(worker, receives)
            try:
                analysis = analyst.analyse(CALL, received_at=START + timedelta(seconds=arrivals[number]))
                self.done[number] = (since_start(worker.clock) - arrivals[number], analysis)
            except ModelUnavailable as error:
                wait = wait_seconds(receives, error, base=self.base, cap=self.cap, random=dice.random)
                heapq.heappush(visible, (since_start(worker.clock) + wait, number, receives + 1))
        self.timed_out = sum(worker.model.timed_out for worker in workers)

    def _worker(self) -> Worker:
        clock = HandClock()
        now = partial(since_start, clock)
        settings = settings_for(
            OPENAI_DEADLINE_SECONDS=str(self.deadline), ANALYSIS_MAX_WAIT_SECONDS=str(self.max_wait)
        )
        judgement = Judgement(taxonomy(), field_names())
        model = SlowModel("key", settings, PROMPT, judgement, Breaker(now), clock=now, hand=clock, latency=self.latency)
        return Worker(clock, model)

    def _analyst(self, worker: Worker, receives: int) -> FallbackAnalyst:
        judge = partial(worker.model.judge, seconds_left=lambda: self.deadline + 30.0)
        most = most_receives(base=self.base, cap=self.cap, max_wait_seconds=self.max_wait)
        offline = OfflineAnalyst(taxonomy(), field_names())
        return FallbackAnalyst(
            judge,
            offline,
            worker.clock,
            self.max_wait,
            deadline_seconds=self.deadline,
            receives=receives,
            most_receives=most,
            trouble=worker.model.breaker.trouble,
        )


def since_start(clock: HandClock) -> float:
    return (clock.now() - START).total_seconds()


def hangs(_moment: float) -> float:
    return float("inf")


def recovers(moment: float) -> float:
    return float("inf") if moment < 120 else 3.0


def spread(calls: int, seconds: float) -> list[float]:
    return [index * seconds for index in range(calls)]


@pytest.mark.parametrize("latency", [hangs, recovers, lambda _moment: 20.0, lambda _moment: 55.0])
@pytest.mark.parametrize(("max_wait", "base", "cap"), [(600, 15, 900), (60, 15, 900), (5, 1, 5)])
@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("gap", [0.0, 1.0, 30.0])
def test_nobody_waits_longer_than_they_may(  # noqa: PLR0917 — the rows of a table
    latency: Latency, max_wait: int, base: int, cap: int, workers: int, gap: float
) -> None:
    arrivals = spread(40, gap)
    queue = Queue(max_wait, latency, workers, base=base, cap=cap)
    queue.run(arrivals)
    assert len(queue.done) == len(arrivals)
    assert max(waited for waited, _analysis in queue.done.values()) <= max_wait + 1


def test_a_server_that_hangs_holds_up_a_few_calls_and_not_each() -> None:
    queue = Queue(600, hangs, workers=2)
    queue.run(spread(40, 0.0))
    assert queue.timed_out <= 20


def test_after_an_outage_calls_are_judged_again() -> None:
    queue = Queue(600, recovers, workers=2)
    queue.run(spread(40, 7.0))
    judged = [number for number, (_waited, analysis) in queue.done.items() if analysis.model is not None]
    assert len(judged) >= 30
