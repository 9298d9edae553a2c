"""The CRM's background tasks: work that runs after the answer, whose failure only reaches a log."""

import threading
import time
from collections.abc import Callable

from tools.simulators.crm.exchange import Interrupted, Refused, Unhandled


class Background:
    """Tasks by timer. `log` gets one line for each that failed, as the product's log `WebToObject` does."""

    def __init__(self, log: Callable[[str], None]) -> None:
        self._log = log
        self._idle = threading.Condition()
        self._timers: set[threading.Timer] = set()
        self._closed = threading.Event()

    @property
    def pending(self) -> int:
        with self._idle:
            return len(self._timers)

    def pause(self, seconds: float) -> None:
        """Wait, but not longer than the simulator lives."""
        self._closed.wait(seconds)

    def later(self, seconds: float, task: Callable[[], None]) -> None:
        def run() -> None:
            try:
                task()
            except (Refused, Unhandled, Interrupted) as failure:
                self._log(f"WebToObject: {type(failure).__name__}: {failure}")
            finally:
                with self._idle:
                    self._timers.discard(timer)
                    self._idle.notify_all()

        timer = threading.Timer(seconds, run)
        timer.daemon = True
        with self._idle:
            self._timers.add(timer)
        timer.start()

    def wait_until_idle(self, seconds: float) -> bool:
        """Whether every task has ended within the time."""
        deadline = time.monotonic() + seconds
        with self._idle:
            return self._idle.wait_for(lambda: not self._timers, timeout=max(0.0, deadline - time.monotonic()))

    def drop(self) -> None:
        """Forget the tasks that have not begun: what a restart of the application pool does."""
        with self._idle:
            for timer in list(self._timers):
                timer.cancel()
                self._timers.discard(timer)
            self._idle.notify_all()

    def close(self) -> None:
        self._closed.set()
        self.drop()
