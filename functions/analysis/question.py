"""A question to somebody outside, apart from the work around it: so the questions of many calls wait side by side.

What asks is a generator. It stands still at each question that it yields, until the answer is sent to it or the error
raised in it. The work between questions stays plain code of one thread; a question alone may run in another.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Question:
    """One exchange: `ask` touches nothing that others change, and ends by itself within so many seconds."""

    ask: Callable[[], Any]
    seconds: float


Asking = Generator[Question, Any, T]


def in_turn(asking: Asking[T]) -> T:
    """What comes of it, each question asked where it stands."""
    try:
        question = next(asking)
        while True:
            try:
                answer = question.ask()
            except Exception as error:  # noqa: BLE001 — it is raised where the question stands
                question = asking.throw(error)
            else:
                question = asking.send(answer)
    except StopIteration as end:
        result: T = end.value
        return result


def at_once(result: T) -> Asking[T]:
    """A result that needs no question."""
    yield from ()
    return result
