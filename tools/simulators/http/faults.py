"""Faults that wait for their request, first come first served."""

from __future__ import annotations

import threading
from collections import deque
from typing import Generic, TypeVar

from tools.simulators.http.messages import BadRequest

Fault = TypeVar("Fault")


class UnknownFault(BadRequest):
    """There is no such fault; the sentence names those that there are."""


class FaultQueue(Generic[Fault]):
    """What the next requests will meet; several threads use it."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Fault, int]] = deque()
        self._lock = threading.Lock()

    def add(self, fault: Fault, count: int = 1) -> None:
        """Let the next `count` requests meet a fault."""
        with self._lock:
            self._waiting.append((fault, count))

    def take(self) -> Fault | None:
        """The fault of this request."""
        with self._lock:
            if not self._waiting:
                return None
            fault, count = self._waiting.popleft()
            if count > 1:
                self._waiting.appendleft((fault, count - 1))
            return fault

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[tuple[Fault, int]]:
        """Those still to come, in their order, each with how many requests it is for."""
        with self._lock:
            return list(self._waiting)
