"""The circuit in memory; it passes the same contract tests as the table (tests/contract/test_circuits.py)."""

from __future__ import annotations

from datetime import datetime

from postcall.domain.circuit import Circuit
from postcall.domain.errors import Unavailable


class MemoryCircuits:
    """All workers of a test share one."""

    def __init__(self) -> None:
        self.is_away = False
        self.failures = 0
        self.opened_at: float | None = None
        self.probe: str | None = None
        self._until = 0.0

    def get(self) -> Circuit:
        if self.is_away:
            raise Unavailable("The circuit's state cannot be read.")
        return Circuit(self.failures, self.opened_at, self.probe is not None)

    def count_failure(self, *, now: datetime) -> Circuit:
        self.failures += 1
        return self.get()

    def open(self, token: str, *, now: datetime) -> bool:
        if not self._is_mine_or_closed(token):
            return False
        self.opened_at, self.probe = now.timestamp(), None
        return True

    def take_probe(self, token: str, *, opened_at: float, now: datetime, until: datetime) -> bool:
        is_free = self.probe in {None, token} or self._until < now.timestamp()
        if self.opened_at != opened_at or not is_free:
            return False
        self.probe, self._until = token, until.timestamp()
        return True

    def give_back(self, token: str) -> None:
        if self.probe == token:
            self.probe = None

    def close(self, token: str) -> bool:
        if not self._is_mine_or_closed(token):
            return False
        self.failures, self.opened_at, self.probe = 0, None, None
        return True

    def _is_mine_or_closed(self, token: str) -> bool:
        return self.opened_at is None or self.probe == token
