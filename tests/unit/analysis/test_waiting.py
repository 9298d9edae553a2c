"""Nobody waits longer than they may: many calls, few workers, and a model's server that hangs, is slow or recovers."""

from __future__ import annotations

import heapq
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, partial

import pytest

from functions.analysis import fallback_analyst
from functions.analysis.collected import field_names
from functions.analysis.fallback_analyst import FallbackAnalyst, ModelUnavailable, most_receives, wait_seconds
from functions.analysis.judgement import Judgement
from functions.analysis.model.breaker import Breaker
from functions.analysis.model.prompt import Message
from functions.analysis.model.reply import Reply
from functions.analysis.offline_analyst import OfflineAnalyst
from functions.analysis.openai_analyst import OpenAiAnalyst
from functions.analysis.preprocessing import PreparedCall, prepare
from functions.analysis.question import Asking, Question
from functions.analysis.side_by_side import Exchanges, Outcome, side_by_side
from functions.analysis.taxonomy import taxonomy
from postcall.domain.analysis import Analysis
from tests.support.fakes.clock import START, HandClock
from tests.unit.analysis.builders import PROMPT, answer_members, call_of
from tools.verify.evaluation.analysts import settings_for

CALL = call_of("u: Хочу купить квартиру")
ANSWER = json.dumps(answer_members(evidence=[], contacts=dict.fromkeys(("full_name", "phone_ref", "email_ref"))))
OWN_SECONDS = 0.005  # what a message costs us before its question, and once more after it
BATCH = 10
Latency = Callable[[float], float]  # of the model's server, by the moment of the question; seconds


@dataclass
class SlowModel(OpenAiAnalyst):
    """The analyst of one process, whose server takes its time on a clock moved by hand."""

    hand: HandClock = field(default_factory=HandClock)
    latency: Latency = lambda _moment: 0.0
    timed_out: int = 0
    takes: float = 0.0  # what the last exchange took

    def _prepare(self) -> None:
        """There is no client."""

    def send(self, messages: list[Message], limit: int, seconds: float, *, request_id: str) -> Reply:
        del messages, limit, request_id
        needed = self.latency(since_start(self.hand))
        self.takes = min(needed, seconds)
        if needed > seconds:
            self.timed_out += 1
            raise ModelUnavailable("The model does not answer.", timed_out=True)
        return Reply(ANSWER)


class Rules(OfflineAnalyst):
    """All calls here are the same one: what the rules make of it is worked out once for each reason."""

    def analysis_of(self, prepared: PreparedCall, *, because: str = "") -> Analysis:
        del prepared
        return _made_of_the_call(because)


@cache
def _made_of_the_call(because: str) -> Analysis:
    return OfflineAnalyst(taxonomy(), field_names()).analysis_of(_prepared(), because=because)


@cache
def _prepared() -> PreparedCall:
    return prepare(CALL)


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fallback_analyst, "prepare", lambda *_: _prepared())


@dataclass
class Worker:
    """One process: its own clock and its own breaker."""

    clock: HandClock
    model: SlowModel


@dataclass
class HandExchanges(Exchanges[int]):
    """Exchanges on a worker's clock: who takes the next answer moves it."""

    worker: Worker = field(kw_only=True)
    _ends: list[tuple[float, int, int, Asking[None], Outcome]] = field(default_factory=list)

    @property
    def are_open(self) -> bool:
        return bool(self._ends)

    def begin(self, record: int, asking: Asking[None], question: Question) -> None:
        try:
            reply = question.ask()
            outcome: Outcome = lambda: reply  # noqa: E731 — one of two
        except ModelUnavailable as error:
            outcome = partial(throw, error)
        self._asked += 1
        ends = since_start(self.worker.clock) + self.worker.model.takes
        heapq.heappush(self._ends, (ends, self._asked, record, asking, outcome))

    def end(self) -> tuple[int, Asking[None], Outcome]:
        ends, _, record, asking, outcome = heapq.heappop(self._ends)
        self.worker.clock.advance(seconds=max(0.0, ends - since_start(self.worker.clock)))
        return record, asking, outcome


def throw(error: Exception) -> None:
    raise error


@dataclass
class Queue:
    """Calls and workers, in time: who is free takes the message that has been visible for longest."""

    max_wait: int
    latency: Latency
    workers: int
    deadline: int = 60
    base: int = 15
    cap: int = 900
    own_seconds: float = OWN_SECONDS
    batch: int = BATCH
    done: dict[int, tuple[float, Analysis]] = field(default_factory=dict)
    held: int = 0  # invocations in which a question timed out

    def run(self, arrivals: list[float]) -> None:
        """Serve all calls that come in at these moments."""
        visible = [(moment, number, 1) for number, moment in enumerate(arrivals)]
        heapq.heapify(visible)
        workers = [self._worker() for _ in range(self.workers)]
        dice = random.Random(1)  # noqa: S311 — a queue's jitter
        while visible:
            worker = min(workers, key=lambda one: since_start(one.clock))
            worker.clock.advance(seconds=max(0.0, visible[0][0] - since_start(worker.clock)))
            batch: dict[int, int] = {}
            while visible and len(batch) < self.batch and (not batch or visible[0][0] <= since_start(worker.clock)):
                _, number, receives = heapq.heappop(visible)
                batch[number] = receives
            for moment, number in self._serve(worker, batch, arrivals, dice):
                heapq.heappush(visible, (moment, number, batch[number] + 1))

    def _serve(
        self, worker: Worker, batch: dict[int, int], arrivals: list[float], dice: random.Random
    ) -> list[tuple[float, int]]:
        """One invocation; when which of its messages come back."""
        back: list[tuple[float, int]] = []

        def serve(number: int) -> Asking[None]:
            analyst = self._analyst(worker, batch[number], neighbours=len(batch) - 1)
            received_at = START + timedelta(seconds=arrivals[number])
            analysis = yield from analyst.asking(CALL, received_at=received_at)
            self.done[number] = (since_start(worker.clock) - arrivals[number], analysis)

        def attempt(number: int, work: Callable[[], None]) -> bool:
            worker.clock.advance(seconds=self.own_seconds)
            try:
                work()
            except ModelUnavailable as error:
                wait = wait_seconds(batch[number], error, base=self.base, cap=self.cap, random=dice.random)
                back.append((since_start(worker.clock) + wait, number))
                return False
            return True

        before = worker.model.timed_out
        side_by_side(batch, serve, attempt=attempt, exchanges=HandExchanges(worker=worker))
        self.held += worker.model.timed_out > before
        return back

    def _worker(self) -> Worker:
        clock = HandClock()
        now = partial(since_start, clock)
        settings = settings_for(
            OPENAI_DEADLINE_SECONDS=str(self.deadline), ANALYSIS_MAX_WAIT_SECONDS=str(self.max_wait)
        )
        judgement = Judgement(taxonomy(), field_names())
        model = SlowModel("key", settings, PROMPT, judgement, Breaker(now), clock=now, hand=clock, latency=self.latency)
        return Worker(clock, model)

    def _analyst(self, worker: Worker, receives: int, *, neighbours: int) -> FallbackAnalyst:
        judge = partial(worker.model.asking, seconds_left=lambda: self.deadline + 30.0)
        most = most_receives(base=self.base, cap=self.cap, max_wait_seconds=self.max_wait)
        offline = Rules(taxonomy(), field_names())
        return FallbackAnalyst(
            judge,
            offline,
            worker.clock,
            self.max_wait,
            deadline_seconds=self.deadline,
            neighbours=neighbours,
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
@pytest.mark.parametrize("gap", [0.0, pytest.param(1.0, marks=pytest.mark.long), 30.0])
@pytest.mark.parametrize("own_seconds", [OWN_SECONDS, pytest.param(0.05, marks=pytest.mark.long), 0.1])
def test_nobody_waits_longer_than_they_may(  # noqa: PLR0917 — the rows of a table
    latency: Latency, max_wait: int, base: int, cap: int, workers: int, gap: float, own_seconds: float
) -> None:
    calls = 40 if own_seconds < 0.1 or max_wait > 5 else 12  # 40 of them alone would take one worker 8 of the 5 s
    arrivals = spread(calls, gap)
    queue = Queue(max_wait, latency, workers, base=base, cap=cap, own_seconds=own_seconds)
    queue.run(arrivals)
    assert len(queue.done) == len(arrivals)
    assert max(waited for waited, _analysis in queue.done.values()) <= max_wait + 1


def test_a_server_that_hangs_holds_up_a_few_invocations_and_not_each_call() -> None:
    queue = Queue(600, hangs, workers=2)
    queue.run(spread(40, 0.0))
    assert queue.held <= 8


def test_a_call_that_no_answer_of_late_would_reach_in_time_holds_up_nobody() -> None:
    queue = Queue(60, lambda _moment: 20.0, workers=1, own_seconds=0.1)
    queue.run(spread(80, 0.0))
    assert queue.held == 0
    assert max(waited for waited, _analysis in queue.done.values()) <= 61


@pytest.mark.parametrize("batch", [1, BATCH])
@pytest.mark.parametrize("answers", [(110.0, 110.0, 110.0, 110.0), (float("inf"), 110.0, 110.0), (200.0, 100.0, 100.0)])
def test_calls_that_fall_due_in_one_moment_have_room_behind_each_other(answers: tuple[float, ...], batch: int) -> None:
    """The last question of all takes what is left, and ends when everybody else is due."""
    left = list(answers)
    latency = lambda _moment: left.pop(0) if left else float("inf")  # noqa: E731 — a script of answers
    queue = Queue(600, latency, workers=1, deadline=240, cap=300, own_seconds=0.25, batch=batch)
    queue.run(spread(40, 0.0))
    assert max(waited for waited, _analysis in queue.done.values()) <= 601


def test_after_an_outage_calls_are_judged_again() -> None:
    queue = Queue(600, recovers, workers=2)
    queue.run(spread(40, 7.0))
    judged = [number for number, (_waited, analysis) in queue.done.items() if analysis.model is not None]
    assert len(judged) >= 30
