"""The call event: what `webhook_events` knows of one call, and the facts that may change it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from postcall.domain.event_id import public_id
from postcall.domain.status import Status

Body = Callable[[], bytes]  # what an event came with; raises `Unavailable` where it is not to be had


class Source(StrEnum):
    """Who told us about the call."""

    ELEVENLABS = "elevenlabs"
    API = "api"
    RECONCILIATION = "reconciliation"

    @property
    def vouches_for_the_conversation(self) -> bool:
        """Whether its id is the conversation's own: signed by ElevenLabs, or fetched from there."""
        return self is not Source.API


@dataclass(frozen=True)
class IncomingCall:
    """A genuine event at the door, before anything is stored.

    `body` are the bytes exactly as they came; the event's identity is `event_id` alone, never the body. That of a call
    of our own systems lies in their namespace (postcall/domain/event_id.py).
    """

    event_id: str
    source: Source
    type: str
    body: bytes
    agent_id: str | None = None
    agent_name: str | None = None
    conversation_id: str | None = None
    event_timestamp: int | None = None  # Unix seconds, as the sender says
    excluded_because: str | None = None  # set when the event is recorded but never becomes a lead
    brought_by: str | None = None  # the name of the token it came with

    @cached_property
    def body_sha256(self) -> str:
        """Tells a repeat from a revision."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True)
class ResendOrder:
    """An operator's order to send an event again. It is served once: its first final outcome closes it."""

    order_id: str
    requested_by: str
    requested_at: datetime
    forced: bool
    is_open: bool = True
    reason: str = ""


@dataclass(frozen=True)
class ReanalysisOrder:
    """An operator's order to analyse a call anew, with today's model and prompt. Its revision closes it."""

    order_id: str
    requested_by: str
    requested_at: datetime
    reason: str
    is_open: bool = True


@dataclass(frozen=True)
class Closure:
    """That a person closed a call without a lead: by whom, when and why."""

    closed_by: str
    closed_at: datetime
    reason: str
    status_before: str

    @property
    def resumes_at(self) -> Status:
        """Where the call stands once somebody continues it: before its analysis, or before its lead."""
        return Status.RECEIVED if self.status_before == Status.RECEIVED else Status.ANALYZED


@dataclass(frozen=True)
class Erasure:
    """That an event's personal data was erased: by whom, when, why, and what kinds of it there were. None of it itself.

    `complete` is False while something may be left: then the erasure is asked for again.
    """

    erased_by: str
    erased_at: datetime
    reason: str
    status_before: str
    kinds: tuple[str, ...] = ()
    complete: bool = False


@dataclass(frozen=True)
class CallEvent:
    """One call event as stored, without its payload."""

    event_id: str
    source: Source
    type: str
    status: Status
    received_at: datetime
    updated_at: datetime
    body_sha256: str
    payload_bytes: int
    status_reason: str | None = None
    agent_id: str | None = None
    agent_name: str | None = None
    conversation_id: str | None = None
    brought_by: str | None = None
    event_timestamp: int | None = None
    duplicate_count: int = 0
    revision_count: int = 0
    attempts: int = 0
    needs_review: bool = False
    delivered_at: datetime | None = None  # the first time the CRM was known to have the lead
    lease_expires_at: datetime | None = None
    order: ResendOrder | None = None
    pending_since: datetime | None = None
    sweeps: int = 0
    stalled: bool = False  # the sweep has abandoned it: only a person brings it on
    contact: dict[str, str] = field(default_factory=dict)
    topic: str | None = None  # what the newest analysis says, for the list
    intent: str | None = None
    quality_score: int | None = None
    erased_at: datetime | None = None  # in every list, since a person must see it there
    erasure: Erasure | None = None
    reanalysis: ReanalysisOrder | None = None
    closure: Closure | None = None
    retry_at: datetime | None = None  # while it is retrying: when its message comes again
    receives: int = 0  # and how often it has come
    superseded_by: str | None = None  # the signed or fetched event that bears the same id

    @property
    def public_id(self) -> str:
        """The id that its bringer gave it."""
        return public_id(self.event_id)

    @property
    def stands_since(self) -> datetime | None:
        """Since when it waits to be moved; None where nobody has to. The index's own time may be an earlier one."""
        return None if self.pending_since is None else max(self.pending_since, self.updated_at)

    @property
    def open_order(self) -> ResendOrder | None:
        """The resend order that still has to be served, if any."""
        return self.order if self.order is not None and self.order.is_open else None

    @property
    def resumes_at(self) -> Status | None:
        """Where a call that a person closed would go on; None for every other."""
        closed = self.status is Status.EXCLUDED and self.superseded_by is None and self.erased_at is None
        return self.closure.resumes_at if self.closure is not None and closed else None

    def lease_is_over(self, now: datetime) -> bool:
        """Whether the worker that claimed this event must be taken for dead."""
        return self.lease_expires_at is not None and self.lease_expires_at <= now
