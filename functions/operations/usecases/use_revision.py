"""Let another content that came under a call's id be the call's, and order the analysis of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from functions.operations.possible import Command
from functions.operations.usecases.known_event import Conflict, EventReader, event_allowing
from functions.operations.usecases.reanalyze import AnalysisQueue
from postcall.domain.clock import Clock
from postcall.domain.errors import PostcallError
from postcall.domain.event import ReanalysisOrder
from postcall.domain.messages import CallReceived
from postcall.domain.said import said


class UnknownRevision(PostcallError):
    """No such content came under the event's id."""


class Revisions(Protocol):
    """The contents under one event."""

    def knows(self, event_id: str, sha256: str) -> bool:
        """Whether such a content is kept, used or not."""

    def use(self, event_id: str, sha256: str, order: ReanalysisOrder) -> bool:
        """Exchange the content and write the order in one; False when another order is open, or the event moved."""


def use_revision(
    event_id: str,
    sha256: str,
    *,
    reason: str,
    requested_by: str,
    events: EventReader,
    revisions: Revisions,
    queue: AnalysisQueue,
    clock: Clock,
    new_id: Callable[[], str],
) -> ReanalysisOrder:
    """Use a content by its SHA-256; no lead is sent by that. May be repeated: the one in use is analysed again.

    Content and order are one write: else a call could stay with a content that nobody has analysed.

    Raises:
        UnknownEvent: Nobody has stored one with this id.
        UnknownRevision: It never came with this content.
        Conflict: The event's state forbids it, or it has just moved.
        Unavailable: It could not be read, written or sent.
    """
    event_allowing(Command.REANALYZE, event_id, events, clock)
    if not revisions.knows(event_id, sha256):
        raise UnknownRevision(said("event.no_revision"))
    order = ReanalysisOrder(new_id(), requested_by=requested_by, requested_at=clock.now(), reason=reason)
    if not revisions.use(event_id, sha256, order):
        event_allowing(Command.REANALYZE, event_id, events, clock)
        raise Conflict(said("reanalyze.under_way"))
    queue.send(CallReceived(event_id, order_id=order.order_id))
    return order
