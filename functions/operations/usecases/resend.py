"""What an operator may do with an event: order a resend, once, unless that could double a lead without being asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from functions.operations.forced import Guarantee, warning_of
from functions.operations.possible import Command, Refusal, refusal
from postcall.domain.clock import Clock
from postcall.domain.errors import PostcallError
from postcall.domain.event import CallEvent, ReanalysisOrder, ResendOrder
from postcall.domain.messages import CallAnalyzed, CallReceived
from postcall.domain.outcome import Attempt, Resolution
from postcall.domain.said import said
from postcall.domain.status import Status


class UnknownEvent(PostcallError):
    """Nobody has stored an event with this id."""


class Conflict(PostcallError):
    """The event's state forbids it; the text says why, and `refusal` what would be possible."""

    def __init__(self, reason: str, *, refusal: Refusal | None = None) -> None:
        super().__init__(reason)
        self.refusal = refusal


class EventReader(Protocol):
    """Who knows the events."""

    def get(self, event_id: str) -> CallEvent | None:
        """The event as it stands now, or None."""


class Events(EventReader, Protocol):
    """What operations asks of `webhook_events`."""

    def order_resend(self, event: CallEvent, order: ResendOrder, *, now: datetime) -> bool:
        """Write the order on the event; False when the event has moved or has an open order."""


class AttemptReader(Protocol):
    """Who knows the attempts."""

    def attempts(self, event_id: str) -> list[Attempt]:
        """The attempts of an event, oldest first."""


class Dispatches(Protocol):
    """What operations asks of `crm_dispatches`."""

    def resolve(self, event: CallEvent, resolution: Resolution, *, now: datetime) -> bool:
        """Write down what a person found out; False when the event has moved."""


class Reanalyses(Protocol):
    """Orders to analyse a call anew."""

    def order(self, event: CallEvent, order: ReanalysisOrder) -> bool:
        """Write the order on the event; False when another is open."""


class AnalysisQueue(Protocol):
    """The analysis queue."""

    def send(self, message: CallReceived) -> None:
        """Send one message."""


class Queue(Protocol):
    """The dispatch queue."""

    def send(self, message: CallAnalyzed) -> None:
        """Send one message."""


NewId = Callable[[], str]
MAY_BE_IN_THE_CRM = frozenset({Status.DELIVERED, Status.PARTIAL, Status.UNKNOWN})


@dataclass(frozen=True)
class Ordered:
    """A resend that will happen. `warning` tells what it may spoil."""

    event_id: str
    order_id: str
    forced: bool
    warning: str | None = None


def known_event(event_id: str, events: EventReader) -> CallEvent:
    """The event as it stands now. Raises `UnknownEvent`."""
    event = events.get(event_id)
    if event is None:
        raise UnknownEvent(said("event.missing"))
    return event


def require(command: Command, event: CallEvent, *, now: datetime) -> None:
    """Raises `Conflict` when the event's state forbids the command."""
    found = refusal(command, event, now=now)
    if found is not None:
        raise Conflict(found.reason, refusal=found)


def resend(
    event_id: str,
    *,
    force: bool,
    requested_by: str,
    reason: str = "",
    today: Guarantee,
    events: Events,
    dispatches: AttemptReader,
    queue: Queue,
    clock: Clock,
    new_id: NewId,
) -> Ordered:
    """Order one more attempt. The order is written first, so that a lost message is found by the sweep.

    `today` is what the settings say of a repeat: it decides the warning of a forced resend, with the earlier attempts'
    own terms.
    Raises `UnknownEvent`, `Conflict` with the reason, `Unavailable` when the order could not be written.
    """
    event = known_event(event_id, events)
    now = clock.now()
    require(Command.FORCE if force else Command.RESEND, event, now=now)
    there = event.status in MAY_BE_IN_THE_CRM
    warning = warning_of(dispatches.attempts(event_id), today) if there else None
    order = ResendOrder(new_id(), requested_by=requested_by, requested_at=now, forced=force, reason=reason)
    if not events.order_resend(event, order, now=now):
        raise Conflict(said("event.changed"))
    queue.send(CallAnalyzed(event_id, order_id=order.order_id))
    return Ordered(event_id, order.order_id, force, warning)


def reanalyze(
    event_id: str,
    *,
    reason: str,
    requested_by: str,
    events: Events,
    orders: Reanalyses,
    queue: AnalysisQueue,
    clock: Clock,
    new_id: NewId,
) -> ReanalysisOrder:
    """Order a further analysis of a call; whether its lead is then sent again is another order.

    Raises `UnknownEvent`, `Conflict` with the reason, `Unavailable` when the order could not be written.
    """
    event = known_event(event_id, events)
    now = clock.now()
    require(Command.REANALYZE, event, now=now)
    order = ReanalysisOrder(new_id(), requested_by=requested_by, requested_at=now, reason=reason)
    if not orders.order(event, order):
        raise Conflict(said("reanalyze.under_way"))
    queue.send(CallReceived(event_id, order_id=order.order_id))
    return order


def resolve(
    event_id: str,
    resolution: Resolution,
    *,
    events: Events,
    dispatches: Dispatches,
    clock: Clock,
) -> CallEvent:
    """Settle an unknown outcome by what a person saw in the CRM; a lead that is not there may then be resent.

    Raises `UnknownEvent`, or `Conflict` when the outcome is not unknown (any more).
    """
    event = known_event(event_id, events)
    now = clock.now()
    require(Command.RESOLVE_DELIVERED if resolution.delivered else Command.RESOLVE_NOT_DELIVERED, event, now=now)
    if not dispatches.resolve(event, resolution, now=now):
        raise Conflict(said("event.changed"))
    return event
