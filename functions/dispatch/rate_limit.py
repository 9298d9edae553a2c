"""At most so many requests a second to the CRM: each worker keeps its own share of the rate.

With at most `workers` at once (the event source's maximum concurrency), a pause of `workers / rate` seconds between two
requests of one worker keeps all of them together under the rate, without a counter that every lead would have to write.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from functions.dispatch.usecases.dispatch import Crm
from postcall.domain.outcome import Verdict


class RateLimitedCrm:
    """A CRM that is asked no faster than its owner wishes. `rate` is in requests a second, over all workers."""

    def __init__(
        self,
        crm: Crm,
        *,
        rate: float,
        workers: int,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._crm = crm
        self._pause = workers / rate
        self._monotonic = monotonic
        self._sleep = sleep
        self._next = 0.0

    def send(self, payload: str) -> Verdict:
        """Wait for this worker's turn, then send."""
        wait = self._next - self._monotonic()
        if wait > 0:
            self._sleep(wait)
        self._next = self._monotonic() + self._pause
        return self._crm.send(payload)
