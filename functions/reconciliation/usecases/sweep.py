"""The sweep: send again whatever has stood still too long; after so many times, give it up to a person, aloud."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from postcall.domain.clock import Clock
from postcall.domain.event import CallEvent
from postcall.domain.messages import CallAnalyzed, CallReceived, next_message
from postcall.domain.status import Status

ESCALATION_WINDOW = timedelta(days=14)  # as long as a dead letter is kept, every sweep names what nobody was told of
SWEPT_AT_ONCE = 2_000  # more than an outage leaves waiting on purpose, lest those hide a call that was lost


class Events(Protocol):
    """What the sweep asks of `webhook_events`."""

    def get(self, event_id: str) -> CallEvent | None:
        """The event as it stands now, or None."""


class Pending(Protocol):
    """What the sweep asks of the `pending` index."""

    def pending_since(self, moment: datetime, *, limit: int) -> list[str]:
        """The events that have not moved since before `moment`."""

    def abandoned(self, *, limit: int) -> list[str]:
        """The events that earlier sweeps have abandoned."""

    def unescalated(self, moment: datetime | None = None, *, limit: int) -> list[str]:
        """The events that wait for a person (since before `moment`), of which nobody was told."""

    def mark_escalated(self, event_id: str, *, attempts: int) -> bool:
        """A person has been told of what the newest attempt came to."""

    def record_sweep(self, event: CallEvent, *, now: datetime, stalled: bool) -> bool:
        """Count a sweep, or abandon the event as stalled; False when it moved meanwhile."""


class Queue(Protocol):
    """A queue."""

    def send(self, message: CallReceived | CallAnalyzed) -> None:
        """Send one message."""


@dataclass
class Swept:
    """What a sweep did, by event id. `stalled` is everything that is abandoned, by whichever sweep.

    `unescalated`: refused by the CRM, or unknown there, and whoever recorded that died before he told anybody.
    """

    sent_again: list[str] = field(default_factory=list)
    stalled: list[str] = field(default_factory=list)
    unescalated: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class SweepPolicy:
    """How long an event may stand still, and how often it is sent again before a person must look."""

    standing: timedelta
    retrying: timedelta
    sweeps: int


def sweep(
    *,
    events: Events,
    pending: Pending,
    analysis_queue: Queue,
    dispatch_queue: Queue,
    policy: SweepPolicy,
    clock: Clock,
) -> Swept:
    """Look once at everything that stands still.

    The note comes before the message, so that two sweeps at once send one message; a message too many is harmless,
    since every step looks at the event first.
    """
    now = clock.now()
    # Told by every sweep for as long as it lasts: the one that gives an event up may die before it says so.
    swept = Swept(
        stalled=pending.abandoned(limit=SWEPT_AT_ONCE),
        unescalated=pending.unescalated(limit=SWEPT_AT_ONCE),  # at once: the clock that wrote it may have been ahead
    )
    for event_id in pending.pending_since(now - policy.standing, limit=SWEPT_AT_ONCE):
        event = events.get(event_id)
        if event is None or not _stands_still(event, policy, now):
            continue
        stalled = event.sweeps >= policy.sweeps
        if not pending.record_sweep(event, now=now, stalled=stalled):
            continue
        if stalled:
            swept.stalled.append(event_id)
            continue
        message = next_message(event)
        (analysis_queue if isinstance(message, CallReceived) else dispatch_queue).send(message)
        swept.sent_again.append(event_id)
    if swept.unescalated:
        _end_escalation(pending.unescalated(now - ESCALATION_WINDOW, limit=SWEPT_AT_ONCE), events, pending)
    return swept


def _end_escalation(event_ids: list[str], events: Events, pending: Pending) -> None:
    for event_id in event_ids:
        event = events.get(event_id)
        if event is not None:
            pending.mark_escalated(event_id, attempts=event.attempts)


def _stands_still(event: CallEvent, policy: SweepPolicy, now: datetime) -> bool:
    if event.status is Status.SENDING:
        return event.lease_is_over(now)
    if event.stands_since is None:
        return False
    if event.status is Status.RETRYING:
        return event.stands_since < now - policy.retrying
    if (
        event.status is Status.ANALYZED
    ):  # perhaps behind an open circuit to the CRM: hours of that are no reason to abandon it
        return event.stands_since < now - policy.standing * (1 << event.sweeps)
    return event.stands_since < now - policy.standing
