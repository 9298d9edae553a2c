"""Order a further analysis of a call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from functions.operations.possible import Command
from functions.operations.usecases.known_event import Conflict, EventReader, event_allowing
from postcall.domain.clock import Clock
from postcall.domain.event import CallEvent, ReanalysisOrder
from postcall.domain.messages import CallReceived
from postcall.domain.said import said


class Reanalyses(Protocol):
    """Orders to analyse a call anew."""

    def order(self, event: CallEvent, order: ReanalysisOrder) -> bool:
        """Write the order on the event; False when another is open."""


class AnalysisQueue(Protocol):
    """The analysis queue."""

    def send(self, message: CallReceived) -> None:
        """Send one message."""


def reanalyze(
    event_id: str,
    *,
    reason: str,
    requested_by: str,
    events: EventReader,
    orders: Reanalyses,
    queue: AnalysisQueue,
    clock: Clock,
    new_id: Callable[[], str],
) -> ReanalysisOrder:
    """Order a further analysis of a call; whether its lead is then sent again is another order.

    Raises:
        UnknownEvent: Nobody has stored one with this id.
        Conflict: The event's state forbids it, or it has just moved.
        Unavailable: It could not be written or sent.
    """
    event = event_allowing(Command.REANALYZE, event_id, events, clock)
    now = clock.now()
    order = ReanalysisOrder(new_id(), requested_by=requested_by, requested_at=now, reason=reason)
    if not orders.order(event, order):
        event_allowing(Command.REANALYZE, event_id, events, clock)  # not of an order, but of an erasure meanwhile
        raise Conflict(said("reanalyze.under_way"))
    queue.send(CallReceived(event_id, order_id=order.order_id))
    return order
