"""A message that trying again cannot help: among the dead letters with its reason, its event left to a person."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from postcall.aws.batch import Record, event_id_of
from postcall.aws.observe import logger
from postcall.domain.clock import Clock
from postcall.domain.errors import PostcallError


class DeadLetters(Protocol):
    """A step's dead-letter queue."""

    def dead_letter(self, body: str, *, reason: str) -> None:
        """Put a message there, with the reason as an attribute."""


class Pending(Protocol):
    """The index of what is under way."""

    def abandon(self, event_id: str, *, reason: str, now: datetime) -> bool:
        """Leave an event that is under way to a person; False when it is not."""


def dead_letter(record: Record, reason: str, *, queue: DeadLetters, pending: Pending, clock: Clock) -> None:
    """Make the message a dead letter and stop sweeping its event.

    Where the event cannot be marked, the sweep sends it again, and it ends here once more.

    Raises:
        Unavailable: The queue does not take it.
    """
    logger().error("message.dead_letter", extra={"message_id": record.message_id, "reason": reason})
    queue.dead_letter(record.body, reason=reason)
    event_id = event_id_of(record)
    if event_id is None:
        return
    try:
        pending.abandon(event_id, reason=reason, now=clock.now())
    except PostcallError as error:
        logger().warning("message.not_abandoned", extra={"event_id": event_id, "reason": str(error)})
