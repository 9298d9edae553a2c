"""What a message may do to an event, from the event's state alone: the rules that keep a lead from doubling.

Pure, so that every row can be read and tested; the store then guards that the state is still the one that was judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from postcall.domain.event import CallEvent, ResendOrder
from postcall.domain.said import said
from postcall.domain.status import Status


class Step(StrEnum):
    """What to do now."""

    SEND = "send"
    NOTHING = "nothing"  # it is done, or it is not this message's business
    CLOSE_ORDER = "close_order"  # the order has nothing to do any more
    WAIT = "wait"  # another worker holds the event
    HOLD = "hold"  # a worker died between sending and recording: a person must look
    DEAD_LETTER = "dead_letter"  # the event waits for a person already, who finds the message there


@dataclass(frozen=True)
class Decision:
    """The step, with the reason a person reads and, for `WAIT`, the seconds."""

    step: Step
    reason: str
    seconds: float = 0.0


# Nothing was created for certain, so any message may send: above all a redrive from the dead letters, also of a message
# whose order was served long ago.
SURELY_NOT_CREATED = frozenset({Status.ANALYZED, Status.RETRYING, Status.REJECTED})
NEVER_SENT = frozenset({Status.DRY_RUN, Status.DISABLED})

HELD = said("dispatch.worker_stopped")
UNVOUCHED = said("dispatch.unvouched")


def decide(event: CallEvent, *, order_id: str | None, now: datetime, repeats_are_safe: bool) -> Decision:
    """Judge one message.

    `repeats_are_safe` is whether a request now makes no second lead of those before it that may be in the CRM: by the
    terms under which each of them was sent, and which today's settings must still honour. Under a forced order
    those before the order do not count: that one more lead is what its person answers for.
    """
    if event.status is Status.SENDING:
        return _while_sending(event, order_id=order_id, now=now, repeats_are_safe=repeats_are_safe)
    if order_id is not None and event.order is not None and _serves(event.order, order_id):
        return _by_order(event, event.order, repeats_are_safe=repeats_are_safe)
    if event.status in SURELY_NOT_CREATED:
        return Decision(Step.SEND, said("dispatch.not_sent_yet"))
    if event.status is Status.UNKNOWN and repeats_are_safe:
        return Decision(Step.SEND, said("dispatch.repeat_is_safe"))
    if event.status in {Status.UNKNOWN, Status.PARTIAL}:
        # An order's message whose event still moves is told of in time; any other was left to a person before.
        still_moves = order_id is not None and event.pending_since is not None
        return Decision(Step.NOTHING if still_moves else Step.DEAD_LETTER, said("dispatch.waits_for_person"))
    return Decision(Step.NOTHING, said("dispatch.status_is", status=said(f"standing.{event.status}")))


def _while_sending(event: CallEvent, *, order_id: str | None, now: datetime, repeats_are_safe: bool) -> Decision:
    if not event.lease_is_over(now):
        left = (event.lease_expires_at - now).total_seconds() if event.lease_expires_at else 1.0
        return Decision(Step.WAIT, said("dispatch.other_worker"), seconds=left)
    if not repeats_are_safe:
        return Decision(Step.HOLD, HELD)
    if order_id is not None and not _serves(event.order, order_id):
        return Decision(Step.NOTHING, said("dispatch.order_served"))
    return Decision(Step.SEND, said("dispatch.repeat_after_lease"))


def _by_order(event: CallEvent, order: ResendOrder, *, repeats_are_safe: bool) -> Decision:
    if event.status in {Status.RECEIVED, Status.EXCLUDED}:
        return Decision(Step.CLOSE_ORDER, said("dispatch.no_analysis_to_send"))
    sendable = SURELY_NOT_CREATED | NEVER_SENT
    if order.forced and not repeats_are_safe:
        return Decision(Step.CLOSE_ORDER, UNVOUCHED)
    if order.forced or event.status in sendable or (event.status is Status.UNKNOWN and repeats_are_safe):
        return Decision(Step.SEND, said("dispatch.ordered"))
    return Decision(Step.CLOSE_ORDER, said("dispatch.only_by_force", status=said(f"standing.{event.status}")))


def _serves(order: ResendOrder | None, order_id: str) -> bool:
    return order is not None and order.is_open and order.order_id == order_id
