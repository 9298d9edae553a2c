"""A batch whose calls wait for the model side by side: each with its own deadline, claim and failure.

One thread does all work of ours, a call after the other; only the exchanges with the model run in threads, one each.
Whose answer comes first goes on first. An exchange that outlasts its deadline is left behind, and its call goes on
with a time-out.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Generic, Protocol, TypeVar

from functions.analysis.question import Asking, Question

SECONDS_LATE = 0.5  # an exchange ends by itself; one that does not so long after its time is left behind
MOST_EXCHANGES = 20  # a batch, and as many that were left behind: each holds an answer's bytes
_places = threading.BoundedSemaphore(MOST_EXCHANGES)
R = TypeVar("R")  # a record of the batch
Outcome = Callable[[], Any]  # the answer, or raises what the exchange raised


class Outcomes(Protocol):
    """What exchanges came to, as `queue.SimpleQueue` hands it over."""

    def put(self, item: tuple[int, Outcome], /) -> None:
        """An exchange has ended."""

    def get(self, *, timeout: float) -> tuple[int, Outcome]:
        """The next one that ends in so many seconds. Raises `queue.Empty` where none does."""


def in_a_thread(exchange: Callable[[], None]) -> bool:
    """Whether it goes on in a thread: there is a place for it, and the machine has one left."""
    if not _places.acquire(blocking=False):
        return False

    def held() -> None:
        try:
            exchange()
        finally:
            _places.release()

    try:
        threading.Thread(target=held, name="question", daemon=True).start()
    except RuntimeError:
        _places.release()
        return False
    return True


@dataclass
class Exchanges(Generic[R]):
    """Questions that are under way, and who asked. The simulation starts them, and waits for them, in its own time."""

    now: Callable[[], float] = time.monotonic
    start: Callable[[Callable[[], None]], bool] = in_a_thread
    outcomes: Outcomes = field(default_factory=SimpleQueue[tuple[int, Outcome]])
    _open: dict[int, tuple[float, Asking[None], R]] = field(default_factory=dict)
    _asked: int = 0

    @property
    def are_open(self) -> bool:
        """Whether a question is under way."""
        return bool(self._open)

    def begin(self, record: R, asking: Asking[None], question: Question) -> None:
        """Ask, beside the others."""
        self._asked += 1
        self._open[self._asked] = (_left_behind_at(question, self.now()), asking, record)
        if not self.start(partial(self._exchange, self._asked, question.ask)):
            self.outcomes.put((self._asked, _timed_out))

    def end(self) -> tuple[R, Asking[None], Outcome]:
        """The next exchange that has ended, or whose time is over."""
        while True:
            first = min(self._open, key=lambda number: self._open[number][0])
            try:
                number, outcome = self.outcomes.get(timeout=max(0.0, self._open[first][0] - self.now()))
            except Empty:
                number, outcome = first, _timed_out
            if number in self._open:  # else it was left behind
                _, asking, record = self._open.pop(number)
                return record, asking, outcome

    def _exchange(self, number: int, ask: Callable[[], Any]) -> None:
        try:
            answer = ask()
        except Exception as error:  # noqa: BLE001 — it is raised where the question stands
            error.__context__ = None
            traceback.clear_frames(error.__traceback__)  # they hold the answer, as large as it was
            self.outcomes.put((number, partial(_raise, error)))
        else:
            self.outcomes.put((number, lambda: answer))


def _left_behind_at(question: Question, now: float) -> float:
    """When an exchange that has not ended by itself is waited for no longer."""
    return now + question.seconds + SECONDS_LATE


def side_by_side(
    records: Iterable[R],
    serve: Callable[[R], Asking[None]],
    *,
    attempt: Callable[[R, Callable[[], None]], bool],
    exchanges: Exchanges[R],
) -> list[R]:
    """Serve each record, and the others while one waits for an answer; those that failed.

    `attempt` does a record's work up to its next question, or from an answer on, and says False where it failed.
    """
    failed = []

    def go_on(record: R, asking: Asking[None], resume: Callable[[], Question]) -> None:
        def to_the_next_question() -> None:
            try:
                question = resume()
            except StopIteration:
                return
            exchanges.begin(record, asking, question)

        if not attempt(record, to_the_next_question):
            failed.append(record)

    for record in records:
        asking = serve(record)
        go_on(record, asking, partial(next, asking))
    while exchanges.are_open:
        record, asking, outcome = exchanges.end()
        go_on(record, asking, partial(_answer, asking, outcome))
    return failed


def _answer(asking: Asking[None], outcome: Outcome) -> Question:
    """The next question. Raises `StopIteration` where there is none."""
    try:
        answer = outcome()
    except Exception as error:  # noqa: BLE001 — it is raised where the question stands
        return asking.throw(error)
    return asking.send(answer)


def _timed_out() -> Any:  # noqa: ANN401 — there is no answer
    raise TimeoutError


def _raise(error: Exception) -> Any:  # noqa: ANN401 — there is no answer
    raise error
