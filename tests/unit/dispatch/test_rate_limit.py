"""The pace: all workers together stay under the rate."""

from __future__ import annotations

from functions.dispatch.rate_limit import RateLimitedCrm
from tests.support.fakes.crm import ScriptedCrm


class Stopwatch:
    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_worker_keeps_its_share_of_the_rate() -> None:
    watch, crm = Stopwatch(), ScriptedCrm()
    paced = RateLimitedCrm(crm, rate=4, workers=2, monotonic=watch.monotonic, sleep=watch.sleep)
    for _ in range(5):
        paced.send("{}")
    assert (watch.now, len(crm.bodies)) == (102.0, 5)


def test_who_comes_late_does_not_wait() -> None:
    watch, crm = Stopwatch(), ScriptedCrm()
    paced = RateLimitedCrm(crm, rate=4, workers=2, monotonic=watch.monotonic, sleep=watch.sleep)
    paced.send("{}")
    watch.now += 60
    paced.send("{}")
    assert watch.now == 160.0
