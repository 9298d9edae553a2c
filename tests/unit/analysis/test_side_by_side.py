"""Calls of a batch wait side by side: whose answer comes first goes on first, and what befalls one befalls no other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from functions.analysis import handler as analysis
from functions.analysis import wiring
from functions.analysis.question import Asking, Question, at_once, in_turn
from functions.analysis.side_by_side import MOST_EXCHANGES, Exchanges, side_by_side
from postcall.aws.batch import POISONED_AFTER
from postcall.domain.errors import Unavailable
from postcall.domain.messages import CallReceived

Ask = Callable[[], Any]
CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 60_000)


def served(asks: dict[str, Ask], *, seconds: float = 60.0) -> tuple[list[tuple[str, object]], list[str]]:
    """What came of each call's question, in the order of the answers, and whose work failed."""
    done: list[tuple[str, object]] = []

    def serve(name: str) -> Asking[None]:
        done.append((name, (yield Question(asks[name], seconds))))

    def attempt(_name: str, work: Callable[[], None]) -> bool:
        try:
            work()
        except (OSError, KeyError):
            return False
        return True

    return done, side_by_side(asks, serve, attempt=attempt, exchanges=Exchanges())


def fails() -> None:
    raise KeyError


def test_ten_questions_are_under_way_at_once() -> None:
    all_here = threading.Barrier(10, timeout=30)
    done, failed = served({str(number): all_here.wait for number in range(10)})
    assert (len(done), failed) == (10, [])


def test_a_quick_answer_does_not_wait_for_a_slow_one() -> None:
    quick_is_done = threading.Event()

    def slow() -> str:
        return "late" if quick_is_done.wait(30) else "first"

    def serve(name: str) -> Asking[None]:
        answers[name] = yield Question({"slow": slow, "quick": lambda: "soon"}[name], 60.0)
        if name == "quick":
            quick_is_done.set()

    answers: dict[str, str] = {}

    def attempt(_name: str, work: Callable[[], None]) -> bool:
        work()
        return True

    side_by_side(("slow", "quick"), serve, attempt=attempt, exchanges=Exchanges())
    assert answers == {"slow": "late", "quick": "soon"}


def test_one_that_fails_harms_no_other() -> None:
    done, failed = served({"a": lambda: 1, "b": fails, "c": lambda: 3})
    assert (sorted(done, key=str), failed) == ([("a", 1), ("c", 3)], ["b"])


def test_one_that_hangs_past_its_time_is_left_behind_with_a_time_out() -> None:
    never, end = threading.Event(), threading.Event()

    def hangs() -> None:
        never.wait(30)
        end.set()

    done, failed = served({"hangs": hangs, "answers": lambda: 1}, seconds=0.0)
    assert (done, failed) == ([("answers", 1)], ["hangs"])
    never.set()
    assert end.wait(30)


def test_no_more_than_so_many_are_ever_under_way() -> None:
    release, ended = threading.Event(), threading.Semaphore(0)

    def hangs() -> None:
        release.wait(30)
        ended.release()

    _, failed = served(dict.fromkeys(map(str, range(MOST_EXCHANGES)), hangs), seconds=-0.4)
    assert len(failed) == MOST_EXCHANGES
    assert served({"one more": lambda: 1}) == ([], ["one more"])
    release.set()
    for _ in range(MOST_EXCHANGES):
        assert ended.acquire(timeout=30)


@pytest.mark.parametrize("ask", [lambda: 2, fails])
def test_asked_in_turn_the_same_comes_of_it(ask: Ask) -> None:
    def asking() -> Asking[str]:
        try:
            answer = yield Question(ask, 1.0)
        except KeyError:
            answer = "an error"
        return f"{(yield from at_once(answer))}"

    assert in_turn(asking()) == ("an error" if ask is fails else "2")


def batch(*names: str, receives: int = 1) -> dict[str, Any]:
    attributes = {"ApproximateReceiveCount": str(receives)}
    return {
        "Records": [
            {"messageId": name, "receiptHandle": name, "body": f'{{"event_id": "{name}"}}', "attributes": attributes}
            for name in names
        ]
    }


@pytest.mark.parametrize(("receives", "letters"), [(1, []), (POISONED_AFTER, ["poison"])])
def test_a_call_without_an_end_leaves_its_neighbours_their_time(
    receives: int, letters: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []

    def analyse(message: CallReceived, *_: object, **_named: object) -> Asking[None]:
        while message.event_id == "poison":
            pass
        yield Question(partial(str), 60.0)
        if message.event_id == "away":
            raise Unavailable("The model is away.")

    monkeypatch.setattr("postcall.aws.batch.count", lambda _metric: None)
    monkeypatch.setattr(analysis, "flush_metrics", lambda: None)
    monkeypatch.setattr(analysis, "report_waiting", lambda *_, **_named: None)
    monkeypatch.setattr(analysis, "MOST_PROCESSOR_SECONDS", 0.05)
    monkeypatch.setattr(wiring, "come_back_if_killed", lambda _records: None)
    monkeypatch.setattr(wiring, "analyse", analyse)
    monkeypatch.setattr(wiring, "postpone_record", lambda *_: 1)
    monkeypatch.setattr(wiring, "dead_letter_record", lambda record, _reason: found.append(record.message_id))
    answer = analysis.handler(batch("one", "poison", "away", "two", receives=receives), CONTEXT)
    back = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
    assert (found, back) == (letters, ["away"] if letters else ["poison", "away"])
