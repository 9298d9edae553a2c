"""Which refusals are worth a line in the log: the first few of a minute; all of them are counted."""

from __future__ import annotations

from postcall.domain.clock import Clock

LINES_PER_MINUTE = 20


class LogSample:
    """Of one process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._minute, self._lines = "", 0

    def admits_one_more(self) -> bool:
        """Whether the next one is logged."""
        minute = f"{self._clock.now():%Y-%m-%dT%H:%M}"
        self._lines = self._lines + 1 if minute == self._minute else 1
        self._minute = minute
        return self._lines <= LINES_PER_MINUTE
