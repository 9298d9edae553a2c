"""Simulated time: everything that will happen, in one order that the seed alone decides; no threads, nobody waits.

A worker is a greenlet: plain synchronous code that can stand still inside an external call while others go on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random

from greenlet import getcurrent, greenlet

from tests.support.fakes.clock import START
from tests.support.fakes.crm import Crash

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
Act = Callable[[], object]


class Task(greenlet):
    """One invocation of a function. It dies when its time is up; `ahead` is how far its machine's clock goes wrong."""

    def __init__(self, body: Act, *, deadline: int, ahead: int) -> None:
        super().__init__(body)
        self.deadline = deadline
        self.ahead = ahead


class Kernel:
    """The clock in whole milliseconds, and the agenda. What falls on one moment happens in a drawn order."""

    def __init__(self, random: Random) -> None:
        self.now = 0
        self.steps = 0
        self._random = random
        self._agenda: list[tuple[int, float, int, bool, Act]] = []
        self._numbers = count()
        self._work = 0

    @property
    def quiet(self) -> bool:
        """Whether nothing is left to happen but what happens for ever."""
        return self._work == 0

    def later(self, milliseconds: int, act: Act, *, for_ever: bool = False) -> None:
        """Put something on the agenda. `for_ever` marks what repeats itself and keeps nobody waiting."""
        self._work += not for_ever
        heappush(self._agenda, (self.now + milliseconds, self._random.random(), next(self._numbers), for_ever, act))

    def run(self, until: int, *, stop: Callable[[], bool] = lambda: False) -> None:
        """Let everything happen up to a moment, or until `stop` says so between two steps."""
        while self._agenda and self._agenda[0][0] <= until and not stop():
            self.now, _, _, for_ever, act = heappop(self._agenda)
            self._work -= not for_ever
            self.steps += 1
            act()
        if not stop():
            self.now = max(self.now, until)

    def start(self, body: Act, *, seconds: int, ahead: int = 0) -> None:
        """Invoke a function now; it may take so many seconds."""
        self.later(0, Task(body, deadline=self.now + seconds * SECOND, ahead=ahead).switch)

    def fork(self, body: Act) -> None:
        """Let the running worker do something beside, within its own time; at once where nobody's worker runs."""
        worker = getcurrent()
        if isinstance(worker, Task) and worker.parent is not None:
            beside = Task(body, deadline=worker.deadline, ahead=worker.ahead)
            beside.parent = worker.parent
            self.later(0, beside.switch)
        else:
            body()

    @staticmethod
    def stand_still() -> None:
        """Let the running worker stand still until somebody switches to it."""
        parent = getcurrent().parent
        if parent is not None:
            parent.switch()

    @property
    def left(self) -> int:
        """The milliseconds that the running worker has; none, where nobody's worker runs."""
        task = getcurrent()
        return max(0, task.deadline - self.now) if isinstance(task, Task) else 0

    def pause(self, milliseconds: int) -> None:
        """Let the running worker stand still while others go on.

        Raises:
            Crash: Its time is up.
        """
        task = getcurrent()
        if not isinstance(task, Task) or task.parent is None:
            return
        in_time = self.now + milliseconds < task.deadline
        self.later(milliseconds if in_time else max(0, task.deadline - self.now), task.switch)
        task.parent.switch()
        if not in_time:
            raise Crash


class WorkerClock:
    """The port: what the running worker's machine takes for the time."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    def now(self) -> datetime:
        task = getcurrent()
        ahead = task.ahead if isinstance(task, Task) else 0
        return START + timedelta(milliseconds=self._kernel.now + ahead)


class SimulationClock:
    """The true time, for the services that are nobody's worker."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    def now(self) -> datetime:
        return START + timedelta(milliseconds=self._kernel.now)
