"""Order a resend: once, and never so that it could double a lead without being asked to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from functions.operations.forced import Guarantee, warning_of
from functions.operations.possible import Command
from functions.operations.usecases.known_event import Conflict, EventReader, event_allowing
from postcall.domain.clock import Clock
from postcall.domain.event import CallEvent, ResendOrder
from postcall.domain.messages import CallAnalyzed
from postcall.domain.outcome import Attempt
from postcall.domain.said import said
from postcall.domain.status import Status

MAY_BE_IN_THE_CRM = frozenset({Status.DELIVERED, Status.PARTIAL, Status.UNKNOWN})


class Events(EventReader, Protocol):
    """What operations asks of `webhook_events`."""

    def order_resend(self, event: CallEvent, order: ResendOrder, *, now: datetime) -> bool:
        """Write the order on the event; False when the event has moved or has an open order."""


class AttemptReader(Protocol):
    """Who knows the attempts."""

    def attempts(self, event_id: str) -> list[Attempt]:
        """The attempts of an event, oldest first."""


class DispatchQueue(Protocol):
    """The dispatch queue."""

    def send(self, message: CallAnalyzed) -> None:
        """Send one message."""


@dataclass(frozen=True)
class Ordered:
    """A resend that will happen. `warning` tells what it may spoil."""

    event_id: str
    order_id: str
    forced: bool
    warning: str | None = None


def resend(
    event_id: str,
    *,
    force: bool,
    requested_by: str,
    reason: str = "",
    today: Guarantee,
    events: Events,
    dispatches: AttemptReader,
    queue: DispatchQueue,
    clock: Clock,
    new_id: Callable[[], str],
) -> Ordered:
    """Order one more attempt. The order is written first, so that a lost message is found by the sweep.

    `today` is what the settings say of a repeat: it decides the warning of a forced resend, with the earlier attempts'
    own terms.

    Raises:
        UnknownEvent: Nobody has stored one with this id.
        Conflict: The event's state forbids it, or it has just moved.
        Unavailable: It could not be written or sent.
    """
    event = event_allowing(Command.FORCE if force else Command.RESEND, event_id, events, clock)
    now = clock.now()
    there = event.status in MAY_BE_IN_THE_CRM
    warning = warning_of(dispatches.attempts(event_id), today) if there else None
    order = ResendOrder(new_id(), requested_by=requested_by, requested_at=now, forced=force, reason=reason)
    if not events.order_resend(event, order, now=now):
        raise Conflict(said("event.changed"))
    queue.send(CallAnalyzed(event_id, order_id=order.order_id))
    return Ordered(event_id, order.order_id, force, warning)
