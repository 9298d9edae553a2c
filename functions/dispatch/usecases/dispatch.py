"""Send one lead: judge, claim, send, record. The queue is the only loop; whatever happens stands on the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from functions.dispatch.decision import Decision, Step, decide
from postcall.domain.analysis import Analysis
from postcall.domain.clock import Clock
from postcall.domain.errors import Rejected, StoreRefused, Unavailable
from postcall.domain.event import CallEvent
from postcall.domain.messages import CallAnalyzed
from postcall.domain.outcome import (
    ATTEMPT_STATUS,
    RESTING_STATUS,
    Attempt,
    AttemptStatus,
    Outcome,
    Verdict,
    perhaps_saved,
)
from postcall.domain.said import said
from postcall.domain.standing import Standing
from postcall.domain.status import NEEDS_ATTENTION, Status
from postcall.domain.terms import SendingTerms, repeats_are_safe

RECORD_TRIES = 3
NOT_KEPT = "{}"  # a payload that our own store does not take


@dataclass(frozen=True)
class Lead:
    """The request's body as it will be sent, what was cut to make it fit, and why it must not be sent, if so."""

    payload: str
    warnings: tuple[str, ...] = ()
    refused: str | None = None


@dataclass(frozen=True)
class Mode:
    """How this environment sends."""

    enabled: bool
    dry_run: bool
    terms: Callable[[CallEvent], SendingTerms]
    lease: timedelta


@dataclass(frozen=True)
class Dispatched:
    """What became of a message.

    `retry_in`: the queue shall show it again, after so many seconds (None: as its own backoff says).
    `dead_letter`: it goes to the dead letters, for this reason.
    """

    event_id: str
    reason: str
    attempt: int | None = None
    verdict: Verdict | None = None
    retry: bool = False
    retry_in: float | None = None
    dead_letter: str | None = None


class Events(Protocol):
    """What dispatch asks of `webhook_events`."""

    def close_order(self, event: CallEvent, *, waits: bool, now: datetime) -> bool:
        """Close an order that has nothing to do; `waits` leaves the event in the index until a person is told."""


class Dispatches(Protocol):
    """What dispatch asks of `crm_dispatches`: each call is one transaction and False when the event has moved."""

    def attempts(self, event_id: str) -> list[Attempt]:
        """The attempts of an event, oldest first."""

    def claim(self, event: CallEvent, attempt: Attempt, *, lease_until: datetime) -> bool:
        """To `sending` with a lease; the attempt with its payload on the record."""

    def settle(self, event: CallEvent, attempt: Attempt, verdict: Verdict, *, status: Status) -> bool:
        """An attempt that sends nothing; an order that it serves is closed."""

    def record(
        self,
        event: CallEvent,
        attempt: Attempt,
        verdict: Verdict,
        *,
        status: Status,
        retry: bool,
        now: datetime,
    ) -> bool:
        """What a claimed attempt came to; `retry` leaves the event and its order open for the next message."""

    def hold(self, event: CallEvent, *, status: Status, reason: str, now: datetime) -> bool:
        """Take an event from a dead worker."""


class Crm(Protocol):
    """The CRM."""

    def send(self, payload: str) -> Verdict:
        """Send one request, once, within a total deadline. Never raises for anything the CRM or the network does."""


Compose = Callable[[CallEvent, Analysis], Lead]


def dispatch(
    message: CallAnalyzed,
    *,
    standing: Standing,
    events: Events,
    dispatches: Dispatches,
    compose: Compose,
    crm: Crm,
    mode: Mode,
    clock: Clock,
) -> Dispatched:
    """Serve one message of the dispatch queue, whose event stands so.

    Raises:
        Rejected: For an event nobody knows.
        Unavailable: Our own store does not answer or somebody else moved the event meanwhile.
    """
    event, recorded = standing.event, standing.analysis
    if event is None:
        raise Rejected(said("event.not_stored"))
    safe = _repeats_are_safe(event, mode, dispatches)
    decision = decide(event, order_id=message.order_id, now=clock.now(), repeats_are_safe=safe)
    if decision.step is not Step.SEND:
        return _handle_skip(event, decision, events=events, dispatches=dispatches, clock=clock)
    if recorded is None:
        raise Unavailable(said("dispatch.no_analysis"))
    lead = compose(event, recorded.analysis)
    attempt = _attempt(event, lead, mode.terms(event), clock=clock)
    nothing_sent = _no_send_reason(lead, mode)
    if nothing_sent is not None:
        return _record_without_sending(event, attempt, nothing_sent, dispatches=dispatches)
    try:
        claimed = dispatches.claim(event, attempt, lease_until=attempt.started_at + mode.lease)
    except StoreRefused as error:  # what cannot be put on the record is not sent
        unrecorded = replace(attempt, payload=NOT_KEPT)
        return _record_without_sending(
            event, unrecorded, Verdict(Outcome.REJECTED_DATA, str(error)), dispatches=dispatches
        )
    if not claimed:
        raise Unavailable(said("dispatch.taken_by_other"), retry_after=1)
    verdict = crm.send(attempt.payload)
    return _record_outcome(event, attempt, verdict, dispatches=dispatches, clock=clock)


def _handle_skip(
    event: CallEvent, decision: Decision, *, events: Events, dispatches: Dispatches, clock: Clock
) -> Dispatched:
    done = Dispatched(event.event_id, decision.reason)
    match decision.step:
        case Step.WAIT:
            return Dispatched(event.event_id, decision.reason, retry=True, retry_in=max(1.0, decision.seconds))
        case Step.HOLD:
            final = Status.DELIVERED if event.delivered_at else Status.UNKNOWN
            if not dispatches.hold(event, status=final, reason=decision.reason, now=clock.now()):
                raise Unavailable(said("dispatch.moved"), retry_after=1)
            lost = Verdict(Outcome.UNKNOWN, decision.reason)
            return Dispatched(event.event_id, decision.reason, event.attempts, lost, dead_letter=decision.reason)
        case Step.DEAD_LETTER:
            reason = event.status_reason or decision.reason
            return Dispatched(event.event_id, decision.reason, event.attempts, dead_letter=reason)
        case Step.CLOSE_ORDER:
            waits = event.status in NEEDS_ATTENTION
            if not events.close_order(event, waits=waits, now=clock.now()):
                raise Unavailable(said("dispatch.moved"), retry_after=1)
            return replace(done, attempt=event.attempts, dead_letter=decision.reason if waits else None)
        case _:
            return done


def _repeats_are_safe(event: CallEvent, mode: Mode, dispatches: Dispatches) -> bool:
    """Whether another request makes no second lead of those that may be in the CRM (see `decide`)."""
    order = event.open_order
    forced = order is not None and order.forced
    if not forced and event.status not in {Status.UNKNOWN, Status.SENDING}:
        return True  # nothing is in doubt
    rows = dispatches.attempts(event.event_id)
    if len(rows) < event.attempts:
        return False  # not all of them are on the record any more
    leads = perhaps_saved(rows)
    if order is not None and forced:
        leads = [row for row in leads if row.order_id == order.order_id or row.status is AttemptStatus.SENDING]
    return repeats_are_safe(leads, mode.terms(event))


def _attempt(event: CallEvent, lead: Lead, terms: SendingTerms, *, clock: Clock) -> Attempt:
    """The next attempt. An open order is served by whichever message comes first, its own or another."""
    order = event.open_order
    return Attempt(
        event_id=event.event_id,
        attempt=event.attempts + 1,
        status=AttemptStatus.SENDING,
        payload=lead.payload,
        started_at=clock.now(),
        forced=order.forced if order else False,
        requested_by=order.requested_by if order else None,
        order_id=order.order_id if order else None,
        warnings=lead.warnings,
        terms=terms,
    )


def _no_send_reason(lead: Lead, mode: Mode) -> Verdict | None:
    if not mode.enabled:
        return Verdict(Outcome.DISABLED, said("dispatch.disabled"))
    if mode.dry_run:
        refused = lead.refused
        detail = said("dispatch.dry_run_refused", refused=refused) if refused else said("dispatch.dry_run")
        return Verdict(Outcome.DRY_RUN, detail)
    if lead.refused is not None:
        return Verdict(Outcome.REJECTED_DATA, lead.refused)
    return None


def _record_without_sending(
    event: CallEvent, attempt: Attempt, verdict: Verdict, *, dispatches: Dispatches
) -> Dispatched:
    status = _final_status(event, verdict.outcome)
    final = replace(attempt, status=ATTEMPT_STATUS[verdict.outcome])
    if not dispatches.settle(event, final, verdict, status=status):
        raise Unavailable(said("dispatch.moved"), retry_after=1)
    waits = verdict.outcome is Outcome.REJECTED_DATA or status in NEEDS_ATTENTION
    dead_letter = verdict.detail if waits else None
    return Dispatched(event.event_id, verdict.detail, attempt.attempt, verdict, dead_letter=dead_letter)


def _record_outcome(
    event: CallEvent, attempt: Attempt, verdict: Verdict, *, dispatches: Dispatches, clock: Clock
) -> Dispatched:
    status = _final_status(event, verdict.outcome)
    vouched = attempt.terms is not None and attempt.terms.guarantee_a_repeat
    retry = verdict.outcome is Outcome.UNAVAILABLE or (verdict.outcome is Outcome.UNKNOWN and vouched)

    def write(verdict: Verdict) -> bool:
        return dispatches.record(event, attempt, verdict, status=status, retry=retry, now=clock.now())

    try:
        _record(lambda: write(verdict))
    except StoreRefused:  # the outcome alone has room wherever the attempt has
        _record(lambda: write(replace(verdict, answer=None)))
    waits = RESTING_STATUS[verdict.outcome] in NEEDS_ATTENTION and not retry
    return Dispatched(
        event.event_id,
        verdict.detail,
        attempt.attempt,
        verdict,
        retry=retry,
        retry_in=verdict.retry_after,
        dead_letter=verdict.detail if waits else None,
    )


def _record(write: Callable[[], bool]) -> None:
    """Try more than once: without this write a confirmed lead would have to be looked up by a person."""
    for left in reversed(range(RECORD_TRIES)):
        try:
            write()
        except Unavailable:
            if not left:
                raise
        else:
            return


def _final_status(event: CallEvent, outcome: Outcome) -> Status:
    """The event's status after an attempt; an earlier delivery always wins.

    An attempt that certainly made no lead says nothing of an earlier one that may have made it: the event stays
    `unknown`, or any message would send it again.
    """
    status = RESTING_STATUS[outcome]
    if event.status is Status.PARTIAL:
        return Status.DELIVERED if status is Status.DELIVERED else Status.PARTIAL
    if event.delivered_at:
        return Status.DELIVERED
    may_be_there = event.status in {Status.UNKNOWN, Status.SENDING}
    settles_it = status in {Status.DELIVERED, Status.PARTIAL}
    return Status.UNKNOWN if may_be_there and not settles_it else status
