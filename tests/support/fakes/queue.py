"""A queue that remembers, and one that does not take messages."""

from __future__ import annotations

from postcall.domain.errors import Unavailable
from postcall.domain.messages import CallAnalyzed, CallReceived


class MemoryQueue:
    """Keeps what was sent; refuses while `broken`."""

    def __init__(self) -> None:
        self.sent: list[CallReceived | CallAnalyzed] = []
        self.broken = False

    def send(self, message: CallReceived | CallAnalyzed) -> None:
        if self.broken:
            raise Unavailable("The queue does not take messages.")
        self.sent.append(message)
