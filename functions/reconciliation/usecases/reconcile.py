"""Fetch what was never delivered: every finished conversation that we do not know is taken in by intake itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from functions.reconciliation.usecases.conversation import Conversation, Conversations, Envelope
from postcall.domain.clock import Clock
from postcall.domain.errors import Unavailable
from postcall.domain.event_id import failure_id

RECEIVED, REFUSED = "received", "refused"  # of intake's words
FAILURES_RUNNING = 3  # after so many one after another it is not about a single conversation


class Known(Protocol):
    """What reconciliation asks of `webhook_events`."""

    def states(self, event_ids: Collection[str]) -> Mapping[str, object]:
        """The events that there are, by id."""


@dataclass(frozen=True)
class IngestResult:
    """What intake says: `refused` comes with its reason; a duplicate came another way a moment ago."""

    status: str
    reason: str = ""


class Intake(Protocol):
    """intake's own use case."""

    def ingest(self, envelope: Envelope) -> IngestResult:
        """Take one call in.

        Raises:
            Unavailable: ElevenLabs does not answer now.
        """


@dataclass
class Reconciled:
    """What a run found and did. `missed` are finished conversations that were unknown, by id.

    `stopped` says why the run did not get to the end; what it did until then counts, and the next run goes on.
    """

    since: datetime
    until: datetime
    dry_run: bool
    listed: int = 0
    known: int = 0
    waiting: int = 0
    missed: list[str] = field(default_factory=list)
    taken_in: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    stopped: str | None = None
    failures_running: int = 0


def reconcile(
    *,
    since: datetime,
    dry_run: bool,
    conversations: Conversations,
    known: Known,
    intake: Intake,
    grace_period: timedelta,
    clock: Clock,
) -> Reconciled:
    """Take in what is missing since a moment. `grace_period` is how long after its end a call's webhook may take.

    A conversation that fails is noted and the others go on; ElevenLabs being away ends the run.

    Raises:
        Rejected: ElevenLabs refuses our key.
    """
    now = clock.now()
    done = Reconciled(since, now, dry_run)
    try:
        for page in conversations.started_between(since, now):
            due = _sorted_out(page, done, known=known, grace_period=grace_period, now=now)
            if not dry_run:
                _fetch(due, done, conversations=conversations, intake=intake)
    except Unavailable as error:
        done.stopped = str(error)
    return done


def _sorted_out(
    page: list[Conversation], done: Reconciled, *, known: Known, grace_period: timedelta, now: datetime
) -> list[str]:
    """The ids of the page that should be known and are not."""
    ids = [conversation.conversation_id for conversation in page]
    there = known.states([*ids, *map(failure_id, ids)])
    missed = []
    for conversation in page:
        done.listed += 1
        conversation_id = conversation.conversation_id
        if conversation_id in there or failure_id(conversation_id) in there:
            done.known += 1
        elif conversation.is_due(now, grace_period):
            missed.append(conversation_id)
        else:
            done.waiting += 1
    done.missed += missed
    return missed


def _fetch(missed: list[str], done: Reconciled, *, conversations: Conversations, intake: Intake) -> None:
    for conversation_id in missed:
        try:
            _fetch_one(conversation_id, done, conversations=conversations, intake=intake)
            done.failures_running = 0
        except Unavailable as error:
            done.failed[conversation_id] = str(error)
            done.failures_running += 1
            if done.failures_running == FAILURES_RUNNING:
                raise


def _fetch_one(conversation_id: str, done: Reconciled, *, conversations: Conversations, intake: Intake) -> None:
    envelope = conversations.envelope(conversation_id)
    if envelope is None:
        done.gone.append(conversation_id)
        return
    taken = intake.ingest(envelope)
    if taken.status == REFUSED:
        done.failed[conversation_id] = taken.reason
    elif taken.status == RECEIVED:
        done.taken_in.append(conversation_id)
