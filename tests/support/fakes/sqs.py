"""A queue as SQS keeps it: visibility, receipts, receive counts, dead letters, retention; nobody waits for a clock."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from postcall.domain.clock import Clock
from postcall.domain.messages import CallAnalyzed, CallReceived, write_message


@dataclass(frozen=True)
class Received:
    """One delivery of a message. The receipt is good until the next delivery of the same message."""

    body: str
    receipt: str
    receives: int
    attributes: dict[str, str]


@dataclass
class Message:
    """A message that lies in a queue. Its age counts from `sent_at`, among the dead letters too."""

    body: str
    sent_at: datetime
    visible_at: datetime
    attributes: dict[str, str] = field(default_factory=dict)
    receives: int = 0
    receipt: str = ""


def oldest(visible: Sequence[Message]) -> Message:
    """The usual order of delivery."""
    return visible[0]


class MemorySqs:
    """A standard queue. `pick` chooses among the visible messages: the real one promises no order."""

    def __init__(
        self,
        clock: Clock,
        *,
        visibility: timedelta,
        retention: timedelta = timedelta(days=4),
        max_receives: int | None = None,
        dead_letters: MemorySqs | None = None,
        pick: Callable[[Sequence[Message]], Message] = oldest,
    ) -> None:
        self.messages: list[Message] = []
        self.dead_letters = dead_letters
        self.max_receives = max_receives
        self._clock = clock
        self._visibility = visibility
        self._retention = retention
        self._pick = pick
        self._numbers = itertools.count(1)

    def send(self, message: CallReceived | CallAnalyzed) -> None:
        """Take one message."""
        self.put(write_message(message))

    def dead_letter(self, body: str, *, reason: str) -> None:
        """Take a dead letter, with the reason as an attribute."""
        self.put(body, {"reason": reason[:256] or "-"})

    def put(self, body: str, attributes: dict[str, str] | None = None) -> None:
        """Take a body as it is."""
        now = self._clock.now()
        self.messages.append(Message(body, now, now, dict(attributes or {})))

    def receive(self) -> Received | None:
        """One visible message, hidden from now on. What was received too often goes to the dead letters instead."""
        while True:
            now = self._clock.now()
            self.messages = [message for message in self.messages if message.sent_at + self._retention > now]
            visible = [message for message in self.messages if message.visible_at <= now]
            if not visible:
                return None
            message = self._pick(visible)
            if self.max_receives is not None and message.receives >= self.max_receives and self.dead_letters:
                self._bury(message, self.dead_letters)
                continue
            message.receives += 1
            message.receipt = f"r{next(self._numbers)}"
            message.visible_at = now + self._visibility
            return Received(message.body, message.receipt, message.receives, dict(message.attributes))

    def delete(self, receipt: str) -> None:
        """Forget a message; nothing happens when the receipt is not its newest."""
        self.messages = [message for message in self.messages if message.receipt != receipt]

    def postpone(self, receipt: str, *, seconds: int) -> None:
        """Show a message again after so many seconds."""
        for message in self.messages:
            if message.receipt == receipt:
                message.visible_at = self._clock.now() + timedelta(seconds=seconds)

    def postpone_all(self, receipts: Sequence[str], *, seconds: int) -> None:
        """The same for those of a batch."""
        for receipt in receipts:
            self.postpone(receipt, seconds=seconds)

    def purge(self) -> None:
        """Forget everything."""
        self.messages = []

    def redrive(self, destination: MemorySqs) -> int:
        """Move everything to another queue, where each message is new; returns how many."""
        moved, self.messages = self.messages, []
        for message in moved:
            destination.put(message.body, message.attributes)
        return len(moved)

    def _bury(self, message: Message, dead_letters: MemorySqs) -> None:
        self.messages.remove(message)
        message.visible_at, message.receipt = self._clock.now(), ""
        message.receives = 0
        dead_letters.messages.append(message)
