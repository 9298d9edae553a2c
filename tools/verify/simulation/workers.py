"""Lambda's event source behind a queue: so many workers at once, a batch each; what was served is deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice

from postcall.domain.errors import Unavailable
from tests.support.fakes.crm import Crash
from tests.support.fakes.sqs import Received
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.kernel import SECOND
from tools.verify.simulation.parts import Parts
from tools.verify.simulation.queues import SimulatedQueue


class EventSource:
    """Polls a queue. `serve` returns what is served of a batch; `broken` says whether the function fails at once.

    `gathers` is for how many milliseconds messages come together before they are looked at.
    """

    def __init__(
        self,
        queue: SimulatedQueue,
        serve: Callable[[Sequence[Received]], Sequence[Received]],
        *,
        parts: Parts,
        workers: int,
        batch: int,
        timeout_seconds: int,
        visibility_seconds: int,
        broken: Callable[[], bool],
        gathers: int = 0,
    ) -> None:
        self._queue, self._serve, self._broken, self._parts = queue, serve, broken, parts
        self._workers, self._batch, self._gathers = workers, batch, gathers
        self._timeout, self._visibility = timeout_seconds, visibility_seconds
        self._busy = 0
        queue.wake = self.wake

    @property
    def idle(self) -> bool:
        """Whether nothing is being served and nothing lies in the queue."""
        return self._busy == 0 and not self._queue.sqs.messages

    def wake(self, milliseconds: int) -> None:
        """Look into the queue after so long."""
        self._parts.kernel.later(milliseconds + 10 + self._gathers, self._poll, for_ever=True)

    def _poll(self) -> None:
        if self._busy >= self._workers:
            return  # whoever is done looks again
        taken = list(islice(iter(self._queue.sqs.receive, None), self._batch))
        if not taken:
            return
        self.wake(self._visibility * SECOND)
        if batch := [received for received in taken if not self._is_lost(received)]:
            injector = self._parts.injector
            ahead = injector.between(Fault.CLOCK_AHEAD, 1, 600) if injector.strikes(Fault.CLOCK_AHEAD) else 0
            self._busy += 1
            self._parts.kernel.start(lambda: self._work(batch), seconds=self._timeout, ahead=ahead * SECOND)

    def _is_lost(self, received: Received) -> bool:
        """Whether a message is gone without having been served; one may also come twice."""
        injector = self._parts.injector
        if injector.strikes(Fault.MESSAGE_EXPIRED):
            self._parts.event_log.tell("", f"{self._queue.name}: {Fault.MESSAGE_EXPIRED.meaning}: {received.body}")
            self._queue.sqs.delete(received.receipt)
            return True
        if injector.strikes(Fault.MESSAGE_DUPLICATED):
            self._queue.sqs.postpone(received.receipt, seconds=0)
            self.wake(0)
        return False

    def _work(self, batch: Sequence[Received]) -> None:
        try:
            for received in () if self._broken() else self._served(batch):
                self._queue.sqs.delete(received.receipt)
        finally:
            self._busy -= 1
            self.wake(0)

    def _served(self, batch: Sequence[Received]) -> list[Received]:
        """The messages that may go. A failure leaves one to the queue's own time."""
        try:
            served = self._serve(batch)
        except Crash:
            return []
        self._parts.alarms.flush()
        return [received for received in served if not self._parts.injector.strikes(Fault.DELETE_LOST)]


def one_by_one(serve: Callable[[Received], bool]) -> Callable[[Sequence[Received]], Sequence[Received]]:
    """A step that serves a message, as one that serves a batch."""

    def is_served(received: Received) -> bool:
        try:
            return serve(received)
        except Unavailable:
            return False

    return lambda batch: [received for received in batch if is_served(received)]
