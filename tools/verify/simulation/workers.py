"""Lambda's event source behind a queue: so many workers at once, one message each; what was served is deleted."""

from __future__ import annotations

from collections.abc import Callable

from postcall.domain.errors import Unavailable
from tests.support.fakes.crm import Crash
from tests.support.fakes.sqs import Received
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.kernel import SECOND
from tools.verify.simulation.parts import Parts
from tools.verify.simulation.queues import SimulatedQueue


class EventSource:
    """Polls a queue. `serve` returns whether a message is served; `broken` whether the function fails at once."""

    def __init__(
        self,
        queue: SimulatedQueue,
        serve: Callable[[Received], bool],
        *,
        parts: Parts,
        workers: int,
        timeout_seconds: int,
        visibility_seconds: int,
        broken: Callable[[], bool],
    ) -> None:
        self._queue, self._serve, self._broken, self._parts = queue, serve, broken, parts
        self._workers, self._timeout, self._visibility = workers, timeout_seconds, visibility_seconds
        self._busy = 0
        queue.wake = self.wake

    @property
    def idle(self) -> bool:
        """Whether nothing is being served and nothing lies in the queue."""
        return self._busy == 0 and not self._queue.sqs.messages

    def wake(self, milliseconds: int) -> None:
        """Look into the queue after so long."""
        self._parts.kernel.later(milliseconds + 10, self._poll, for_ever=True)

    def _poll(self) -> None:
        if self._busy >= self._workers:
            return  # whoever is done looks again
        received = self._queue.sqs.receive()
        if received is None:
            return
        self.wake(self._visibility * SECOND)
        injector = self._parts.injector
        if injector.strikes(Fault.MESSAGE_EXPIRED):
            self._parts.event_log.tell("", f"{self._queue.name}: {Fault.MESSAGE_EXPIRED.meaning}: {received.body}")
            self._queue.sqs.delete(received.receipt)
            return
        if injector.strikes(Fault.MESSAGE_DUPLICATED):
            self._queue.sqs.postpone(received.receipt, seconds=0)
            self.wake(0)
        ahead = injector.between(Fault.CLOCK_AHEAD, 1, 600) if injector.strikes(Fault.CLOCK_AHEAD) else 0
        self._busy += 1
        self._parts.kernel.start(lambda: self._work(received), seconds=self._timeout, ahead=ahead * SECOND)

    def _work(self, received: Received) -> None:
        try:
            if not self._broken() and self._served(received):
                self._queue.sqs.delete(received.receipt)
        finally:
            self._busy -= 1
            self.wake(0)

    def _served(self, received: Received) -> bool:
        """Whether the message may go. A failure leaves it to the queue's own time."""
        try:
            served = self._serve(received)
        except Crash:
            return False
        except Unavailable:
            served = False
        self._parts.alarms.flush()
        return served and not self._parts.injector.strikes(Fault.DELETE_LOST)
