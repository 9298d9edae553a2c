"""An end to work that takes no end: a call that outlasts its worker is noticed by that worker, and not by its death."""

from __future__ import annotations

import math
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TookTooLong(Exception):
    """The work was not done in the time that it had."""


class _TimeIsUp(BaseException):
    """Passes everything that catches exceptions on its way."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Let the block take at most so long.

    Only where the main thread runs it, as Lambda's does: elsewhere nothing is bounded.

    Raises:
        TookTooLong: The time is up; raised out of whatever is being done then, Python or a pattern.
    """
    with _limit(seconds, signal.ITIMER_REAL, signal.SIGALRM):
        yield


@contextmanager
def processor_limit(seconds: float) -> Iterator[None]:
    """Let the block take at most so much of the processor: however slow the store is, it counts for nothing here.

    Raises:
        TookTooLong: As `time_limit` does.
    """
    with _limit(seconds, signal.ITIMER_PROF, signal.SIGPROF):
        yield


@contextmanager
def _limit(seconds: float, timer: int, at_its_end: signal.Signals) -> Iterator[None]:
    if math.isinf(seconds) or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(at_its_end, _interrupt)
    signal.setitimer(timer, max(seconds, 0.001))
    try:
        yield
    except _TimeIsUp as error:
        raise TookTooLong(f"{seconds:.0f} s").with_traceback(error.__traceback__) from error  # its log says where
    finally:
        signal.setitimer(timer, 0)
        signal.signal(at_its_end, before)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise _TimeIsUp
