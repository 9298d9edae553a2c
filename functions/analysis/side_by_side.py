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


class Exchanges(Protocol[R]):
    """Questions that are under way, and who asked."""

    @property
    def are_open(self) -> bool:
        """Whether there are any."""

    def begin(self, record: R, asking: Asking[None], question: Question) -> None:
        """Ask."""

    def end(self) -> tuple[R, Asking[None], Outcome]:
        """The next one that has ended, or whose time is over."""


@dataclass
class Threads(Generic[R]):
    """Exchanges in a thread each."""

    now: Callable[[], float] = time.monotonic
    _ends: dict[int, tuple[float, Asking[None], R]] = field(default_factory=dict)
    _outcomes: SimpleQueue[tuple[int, Outcome]] = field(default_factory=SimpleQueue)
    _asked: int = 0

    @property
    def are_open(self) -> bool:
        """Whether a question is under way."""
        return bool(self._ends)

    def begin(self, record: R, asking: Asking[None], question: Question) -> None:
        """Ask, in a thread."""
        self._asked += 1
        self._ends[self._asked] = (self.now() + question.seconds + SECONDS_LATE, asking, record)
        if not self._is_started(partial(self._exchange, self._asked, question.ask)):
            self._outcomes.put((self._asked, _timed_out))

    def end(self) -> tuple[R, Asking[None], Outcome]:
        """The next exchange that has ended, or whose time is over."""
        while True:
            first = min(self._ends, key=lambda number: self._ends[number][0])
            try:
                number, outcome = self._outcomes.get(timeout=max(0.0, self._ends[first][0] - self.now()))
            except Empty:
                number, outcome = first, _timed_out
            if number in self._ends:  # else it was left behind
                _, asking, record = self._ends.pop(number)
                return record, asking, outcome

    @staticmethod
    def _is_started(exchange: Callable[[], None]) -> bool:
        if not _places.acquire(blocking=False):
            return False
        try:
            threading.Thread(target=exchange, name="question", daemon=True).start()
        except RuntimeError:  # the machine has no thread left
            _places.release()
            return False
        return True

    def _exchange(self, number: int, ask: Callable[[], Any]) -> None:
        try:
            answer = ask()
        except Exception as error:  # noqa: BLE001 — it is raised where the question stands
            error.__context__ = None
            traceback.clear_frames(error.__traceback__)  # they hold the answer, as large as it was
            self._outcomes.put((number, partial(_raise, error)))
        else:
            self._outcomes.put((number, lambda: answer))
        finally:
            _places.release()


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
