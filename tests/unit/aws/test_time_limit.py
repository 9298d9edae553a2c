"""Work that takes no end ends, wherever it is; what is done in time is left alone."""

from __future__ import annotations

import re
import signal
import threading

import pytest

from postcall.aws.time_limit import TookTooLong, time_limit

ENDLESS = re.compile(r"(a+)+$")  # for a text that it does not match, twice as long with each letter


def turn_for_ever() -> None:
    while True:
        try:
            sum(range(1_000))
        except Exception:  # noqa: BLE001, S112 — code that takes every error for its own
            continue


def match_for_ever() -> None:
    ENDLESS.match("a" * 60 + "b")


@pytest.mark.parametrize("work", [turn_for_ever, match_for_ever])
def test_work_without_an_end_is_ended(work: object) -> None:
    with pytest.raises(TookTooLong), time_limit(0.05):
        work()  # type: ignore[operator]  # one of the two
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_work_that_is_done_in_time_is_left_alone_and_so_is_what_follows() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with time_limit(60):
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_another_thread_is_not_bounded() -> None:
    done: list[bool] = []

    def work() -> None:
        with time_limit(0.001):
            done.append(signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
