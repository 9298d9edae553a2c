"""The exchanges of a batch in simulated time: each goes on beside its worker, and dies with it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from queue import Empty

from greenlet import getcurrent

from functions.analysis.question import Asking, Question
from functions.analysis.side_by_side import Exchanges, Outcome
from tests.support.fakes.crm import Crash
from tests.support.fakes.sqs import Received
from tools.verify.simulation.kernel import SECOND, Kernel

Held = Callable[[str, float], None]  # the event, and for how many seconds after its question's time


class SimulatedExchanges(Exchanges[Received]):
    """The function's own, but for what they run on. `held` hears of a worker that waits longer than a question may."""

    def __init__(self, kernel: Kernel, held: Held) -> None:
        self._ended = SimulatedOutcomes(kernel)
        super().__init__(now=lambda: kernel.now / SECOND, start=self._beside, outcomes=self._ended)
        self._kernel, self._held = kernel, held
        self._due: dict[str, tuple[float, str]] = {}

    def begin(self, record: Received, asking: Asking[None], question: Question) -> None:
        """Note until when it may take."""
        event_id = json.loads(record.body)["event_id"]
        self._due[record.receipt] = (self._kernel.now + question.seconds * SECOND, event_id)
        super().begin(record, asking, question)

    def end(self) -> tuple[Received, Asking[None], Outcome]:
        """The next one that has ended; however the waiting ends, it is looked at."""
        begun, (due, event_id) = self._kernel.now, min(self._due.values())
        try:
            ended = super().end()
        finally:
            late = self._kernel.now - max(begun, due)
            if late > SECOND:
                self._held(event_id, late / SECOND)
        del self._due[ended[0].receipt]
        return ended

    def _beside(self, exchange: Callable[[], None]) -> bool:
        def until_death() -> None:
            try:
                exchange()
            except Crash:
                self._ended.die()

        self._kernel.fork(until_death)
        return True


class SimulatedOutcomes:
    """A queue between an exchange and the worker that stands still for it."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._items: list[tuple[int, Outcome]] = []
        self._waiting: Callable[[], object] | None = None
        self._is_dead = False

    def put(self, item: tuple[int, Outcome], /) -> None:
        """An exchange has ended."""
        self._items.append(item)
        self._wake_later(0)

    def die(self) -> None:
        """The process has died in an exchange, and with it the worker."""
        self._is_dead = True
        self._wake_later(0)

    def get(self, *, timeout: float) -> tuple[int, Outcome]:
        """The next one that ends in so many seconds.

        Raises:
            Empty: None does.
            Crash: The worker is dead, or its time is up.
        """
        if not self._items and not self._is_dead:
            self._stand_still(timeout * SECOND)
        if self._is_dead:
            raise Crash
        if not self._items:
            raise Empty
        return self._items.pop(0)

    def _stand_still(self, milliseconds: float) -> None:
        worker, left = getcurrent(), self._kernel.left
        self._waiting = worker.switch
        self._wake_later(math.ceil(min(milliseconds, left)))
        self._kernel.stand_still()
        self._is_dead = self._is_dead or self._kernel.left == 0

    def _wake_later(self, milliseconds: int) -> None:
        """Wake who waits now, unless it has been woken meanwhile."""
        waiting = self._waiting

        def wake() -> None:
            if waiting is not None and waiting is self._waiting:
                self._waiting = None
                waiting()

        self._kernel.later(milliseconds, wake, for_ever=True)
