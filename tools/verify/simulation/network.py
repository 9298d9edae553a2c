"""The line between a worker and everything outside it: each external call may crash, fail, be lost or take its time."""

from __future__ import annotations

from collections.abc import Callable, Collection
from random import Random
from typing import TypeVar

from postcall.domain.errors import Unavailable
from tests.support.fakes.crm import Crash
from tools.verify.simulation.event_log import EventLog
from tools.verify.simulation.fault_injector import FaultInjector
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.kernel import HOUR, MINUTE, Kernel

T = TypeVar("T")
READ = (Fault.READ_FAILED,)
WRITE = (Fault.WRITE_REFUSED, Fault.TRANSACTION_CONFLICT)
SEND = (Fault.SEND_REFUSED,)
OPERATORS = (
    Fault.OPERATOR_RESENDS,
    Fault.OPERATOR_FORCES,
    Fault.OPERATOR_CLICKS_TWICE,
    Fault.OPERATOR_RESOLVES,
    Fault.OPERATOR_REDRIVES,
    Fault.OPERATOR_CONTINUES,
    Fault.OPERATOR_WITHDRAWS,
    Fault.OPERATOR_CLOSES,
    Fault.OPERATOR_REANALYZES,
    Fault.OPERATOR_ERASES,
    Fault.OPERATOR_USES_REVISION,
)


class Network:
    """Numbers the crash points of a run, two for each call: before it, and after its effect; more within a batch.

    `crash_at` names points at which the worker dies for certain. `tempted` is called when an operator, seeing what has
    just happened, cannot leave it alone.
    """

    def __init__(
        self, kernel: Kernel, injector: FaultInjector, event_log: EventLog, *, seed: str, crash_at: Collection[int] = ()
    ) -> None:
        self.points: list[str] = []
        self.tempted: Callable[[Fault, str], None] = lambda _fault, _about: None
        self._kernel, self._injector, self._event_log = kernel, injector, event_log
        self._crash_at = crash_at
        self._random = Random(f"{seed}/line")  # noqa: S311 — reproducible on purpose

    def call(
        self,
        what: str,
        effect: Callable[[], T],
        *,
        about: str = "",
        refusals: Collection[Fault] = (),
        losses: Collection[Fault] = (),
    ) -> T:
        """Make one external call for the running worker.

        `refusals` prevent the effect, `losses` let it happen and lose the answer.

        Raises:
            Unavailable: It fails.
            Crash: He dies.
        """
        self.point(f"before {what}", Fault.CRASH_BEFORE_CALL, about)
        self.wait()
        for fault in refusals:
            if self._injector.strikes(fault):
                self._event_log.tell(about, f"{what} fails: {fault.meaning}")
                raise Unavailable(f"{what} failed ({fault}).")
        result = effect()
        self._look(about)
        for fault in losses:
            if self._injector.strikes(fault):
                self._event_log.tell(about, f"{what} is done, but {fault.meaning}")
                raise Unavailable(f"{what} failed ({fault}).")
        self.point(f"after {what}", Fault.CRASH_AFTER_CALL, about)
        if self._random.random() < 0.3:  # a late answer: others go on between the effect and what the worker knows
            self.wait()
        return result

    def tell(self, about: str, text: str) -> None:
        """A line of the story."""
        self._event_log.tell(about, text)

    def wait(self) -> None:
        """Time passes, and others go on."""
        if self._injector.strikes(Fault.WORKER_FROZEN):
            self._kernel.pause(HOUR)
        self._kernel.pause(self._random.choice((1, 2, 4, 8, 20, 60, 400)))

    def point(self, name: str, fault: Fault, about: str = "") -> None:
        """A crash point: the running worker dies here, if it is asked for or drawn.

        Raises:
            Crash: He dies.
        """
        self.points.append(name)
        planned = len(self.points) - 1 in self._crash_at
        if planned or self._injector.strikes(fault):
            self._injector.struck[fault] += planned
            self._event_log.tell(about, f"the worker dies {name}")
            raise Crash

    def _look(self, about: str) -> None:
        for fault in OPERATORS:
            if about and self._injector.strikes(fault):
                wait = self._random.choice((0, 5, 50, 5_000, 10 * MINUTE))
                self._kernel.later(wait, lambda fault=fault: self.tempted(fault, about))  # type: ignore[misc]  # its own
