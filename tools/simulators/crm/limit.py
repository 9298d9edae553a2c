"""How much a CRM takes: above its rate it answers 429, as a proxy in front of it would."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class RateLimit:
    """A token bucket that holds one second's worth; `admits` is asked with the rate of the moment (0: no limit)."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: float | None = None
        self._at = clock()

    def admits(self, rate: float) -> bool:
        """Whether one more request may pass now."""
        if not rate:
            return True
        with self._lock:
            now, full = self._clock(), max(1.0, rate)
            before = full if self._tokens is None else self._tokens
            self._tokens = min(full, before + (now - self._at) * rate)
            self._at = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True
