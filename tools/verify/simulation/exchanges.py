"""The questions of a batch in simulated time: each goes on beside its worker, and dies with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from greenlet import getcurrent, greenlet

from functions.analysis.question import Asking, Question
from functions.analysis.side_by_side import Outcome
from tests.support.fakes.crm import Crash
from tests.support.fakes.sqs import Received
from tools.verify.simulation.kernel import Kernel

Ended = tuple[Received, Asking[None], Outcome]


@dataclass
class SimulatedExchanges:
    """What `functions.analysis.side_by_side.Threads` is in a function."""

    kernel: Kernel
    is_one: bool  # nobody goes on meanwhile: the worker itself asks
    _open: int = 0
    _ended: list[Ended] = field(default_factory=list)
    _waiting: greenlet | None = None

    @property
    def are_open(self) -> bool:
        return self._open > 0

    def begin(self, record: Received, asking: Asking[None], question: Question) -> None:
        """Ask beside the running worker."""

        def exchange() -> None:
            self._ended.append((record, asking, _outcome(question)))
            if self._waiting is not None:
                self.kernel.later(0, self._waiting.switch)
                self._waiting = None

        self._open += 1
        if self.is_one:
            exchange()
        else:
            self.kernel.fork(exchange)

    def end(self) -> Ended:
        """The next one that has ended."""
        if not self._ended:
            self._waiting = getcurrent()
            self.kernel.stand_still()
        self._open -= 1
        return self._ended.pop(0)


def _outcome(question: Question) -> Outcome:
    try:
        answer = question.ask()
    except (Exception, Crash) as error:  # noqa: BLE001 — it is raised where the question stands
        raised = error

        def outcome() -> object:
            raise raised

        return outcome
    return lambda: answer
