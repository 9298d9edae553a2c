"""What a person may do with an event, by its state: one table for the API, the console and docs/operating.md.

Pure. A refusal names only what is possible at that very moment, and promises only what happens by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from postcall.domain.event import CallEvent
from postcall.domain.said import said
from postcall.domain.status import SURELY_NO_LEAD, UNDER_WAY, Status, may_be_resolved


class Command(StrEnum):
    """An order, in the words of the command line."""

    RESEND = "resend"
    FORCE = "resend --force"
    REANALYZE = "reanalyze"
    RESOLVE_DELIVERED = "resolve --delivered"
    RESOLVE_NOT_DELIVERED = "resolve --not-delivered"
    CONTINUE = "continue"
    WITHDRAW = "withdraw"
    CLOSE = "close"


@dataclass(frozen=True)
class Refusal:
    """Why not. `offers` are possible instead; `by_itself` says that the event moves on without anybody's doing."""

    reason: str
    offers: tuple[Command, ...] = ()
    by_itself: bool = False


Rule = Callable[[CallEvent, datetime], Refusal | None]


def refusal(command: Command, event: CallEvent, *, now: datetime) -> Refusal | None:
    """Why an event's state forbids a command, or None where it may be given."""
    if event.erased_at is not None:
        return Refusal(said("refusal.erased"))
    return _RULES[command](event, now)


def possible(event: CallEvent, *, now: datetime) -> tuple[Command, ...]:
    """Every command that the event's state allows now."""
    return tuple(command for command in Command if refusal(command, event, now=now) is None)


def is_being_sent(event: CallEvent, now: datetime) -> Refusal | None:
    """Why nobody may touch an event: a worker holds its lead, or has stopped, and then it waits to be continued."""
    if event.status is not Status.SENDING:
        return None
    if not event.lease_is_over(now):
        return Refusal(said("refusal.sending"), by_itself=True)
    return Refusal(said("refusal.worker_stopped"), (Command.CONTINUE,))


def _is_not_analyzed(event: CallEvent) -> Refusal | None:
    if event.status is not Status.RECEIVED:
        return None
    offers = (Command.CONTINUE, Command.CLOSE)
    if event.stalled:
        return Refusal(said("refusal.stalled"), offers)
    return Refusal(said("refusal.not_analyzed"), offers, by_itself=True)


def _is_no_lead(event: CallEvent) -> Refusal | None:
    if event.status is not Status.EXCLUDED:
        return None
    if event.closure is not None and event.resumes_at is not None:
        return Refusal(said("refusal.closed", who=event.closure.closed_by), (Command.CONTINUE,))
    return Refusal(said("refusal.not_a_lead"))


def _has_an_open_order(event: CallEvent) -> Refusal | None:
    order = event.open_order
    if order is None:
        return None
    reason = said("refusal.order_open", who=order.requested_by)
    return Refusal(reason, (Command.CONTINUE, Command.WITHDRAW))


def _cannot_be_sent(event: CallEvent, now: datetime) -> Refusal | None:
    return is_being_sent(event, now) or _is_not_analyzed(event) or _is_no_lead(event) or _has_an_open_order(event)


_IN_THE_CRM = {
    Status.DELIVERED: said("resend.delivered"),
    Status.PARTIAL: said("resend.partial"),
    Status.UNKNOWN: said("resend.unknown"),
}


def _resend(event: CallEvent, now: datetime) -> Refusal | None:
    cannot = _cannot_be_sent(event, now)
    if cannot is not None or event.status not in _IN_THE_CRM:
        return cannot
    settled = [Command.RESOLVE_DELIVERED, Command.RESOLVE_NOT_DELIVERED]
    offers = [command for command in settled if _RULES[command](event, now) is None]
    return Refusal(_IN_THE_CRM[event.status], (Command.FORCE, *offers))


def _reanalyze(event: CallEvent, _now: datetime) -> Refusal | None:
    return _is_not_analyzed(event) or _is_no_lead(event)


def _resolve_delivered(event: CallEvent, _now: datetime) -> Refusal | None:
    if may_be_resolved(event.status, delivered=True):
        return None
    return Refusal(said("resolve.only_waiting", status=said(f"standing.{event.status}")))


def _resolve_not_delivered(event: CallEvent, _now: datetime) -> Refusal | None:
    if may_be_resolved(event.status, delivered=False):
        return None
    return Refusal(said("resolve.only_unknown", status=said(f"standing.{event.status}")))


def _continue(event: CallEvent, now: datetime) -> Refusal | None:
    being_sent = is_being_sent(event, now)
    if being_sent is not None and being_sent.by_itself:
        return being_sent
    if event.status in UNDER_WAY or event.open_order is not None or event.resumes_at is not None:
        return None
    return Refusal(said("refusal.at_rest", status=said(f"standing.{event.status}")))


def _withdraw(event: CallEvent, now: datetime) -> Refusal | None:
    if event.open_order is None:
        return Refusal(said("refusal.no_order"))
    return is_being_sent(event, now)


def _close(event: CallEvent, now: datetime) -> Refusal | None:
    if event.status in SURELY_NO_LEAD:
        return None
    if event.status is Status.UNKNOWN:
        return Refusal(said("refusal.look_in_crm"), (Command.RESOLVE_DELIVERED, Command.RESOLVE_NOT_DELIVERED))
    if event.status is Status.PARTIAL:
        return Refusal(said("refusal.mend_in_crm"), (Command.RESOLVE_DELIVERED,))
    if event.status is Status.DELIVERED:
        return Refusal(said("refusal.in_crm"))
    return is_being_sent(event, now) or _is_no_lead(event)


_RULES: dict[Command, Rule] = {
    Command.RESEND: _resend,
    Command.FORCE: _cannot_be_sent,
    Command.REANALYZE: _reanalyze,
    Command.RESOLVE_DELIVERED: _resolve_delivered,
    Command.RESOLVE_NOT_DELIVERED: _resolve_not_delivered,
    Command.CONTINUE: _continue,
    Command.WITHDRAW: _withdraw,
    Command.CLOSE: _close,
}
