"""The queues of the simulation: SQS's delivery, with all that it does not promise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random

from postcall.domain.messages import CallAnalyzed, CallReceived
from tests.support.fakes.sqs import MemorySqs, Message
from tools.verify.simulation.fault_injector import FaultInjector
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.kernel import MINUTE, SECOND, Kernel, SimulationClock
from tools.verify.simulation.network import SEND, Network


class SimulatedQueue:
    """A queue as a worker's port: it may refuse, lose its answer, or hold a message back."""

    def __init__(self, name: str, sqs: MemorySqs, network: Network, injector: FaultInjector) -> None:
        self.name, self.sqs = name, sqs
        self.wake: Callable[[int], None] = lambda _milliseconds: None
        self._network, self._injector = network, injector

    def send(self, message: CallReceived | CallAnalyzed) -> None:
        """The port of the use cases."""
        self._put(lambda: self.sqs.send(message), about=message.event_id)

    def dead_letter(self, body: str, *, reason: str, about: str) -> None:
        """The port of the handlers to the dead letters."""
        self._put(lambda: self.sqs.dead_letter(body, reason=reason), about=about)

    def postpone(self, receipt: str, *, seconds: int) -> None:
        """Show a message again later.

        Raises:
            Unavailable: Then it comes at the queue's own time.
        """

        def postponed() -> None:
            self.sqs.postpone(receipt, seconds=seconds)
            self.wake(seconds * SECOND)

        self._network.call(f"{self.name}.postpone", postponed, refusals=(Fault.VISIBILITY_UNCHANGED,))

    def purge(self) -> int:
        """Somebody empties the queue."""
        lost = len(self.sqs.messages)
        self.sqs.purge()
        return lost

    def _put(self, effect: Callable[[], None], *, about: str) -> None:
        def deliver() -> None:
            effect()
            if self._injector.strikes(Fault.MESSAGE_DELAYED):
                late = self._injector.between(Fault.MESSAGE_DELAYED, 1, 240) * MINUTE
                self.sqs.messages[-1].visible_at += timedelta(milliseconds=late)
                self.wake(late)
            self.wake(0)

        losses = (Fault.SEND_ANSWER_LOST,)
        self._network.call(f"{self.name}.send", deliver, about=about, refusals=SEND, losses=losses)


def picker(injector: FaultInjector, random: Random) -> Callable[[Sequence[Message]], Message]:
    """Oldest first, as a rule."""

    def pick(visible: Sequence[Message]) -> Message:
        return random.choice(visible) if injector.strikes(Fault.MESSAGE_REORDERED) else visible[0]

    return pick


def simulated_sqs(
    kernel: Kernel,
    injector: FaultInjector,
    *,
    seed: str,
    retention_days: int,
    visibility_seconds: int = 30,
    max_receives: int | None = None,
    dead_letters: MemorySqs | None = None,
    kind: type[MemorySqs] = MemorySqs,
) -> MemorySqs:
    """A queue that lives by the true time."""
    return kind(
        SimulationClock(kernel),
        visibility=timedelta(seconds=visibility_seconds),
        retention=timedelta(days=retention_days),
        max_receives=max_receives,
        dead_letters=dead_letters,
        pick=picker(injector, Random(f"{seed}/queue")),  # noqa: S311 — reproducible on purpose
    )
