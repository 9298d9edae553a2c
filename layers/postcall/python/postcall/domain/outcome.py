"""What an attempt to send a lead came to, in words that every step and every page uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from postcall.domain.status import Status
from postcall.domain.terms import SendingTerms


class Outcome(StrEnum):
    """The classes of docs/contracts/bpmsoft.md; what each does to the event is in `RESTING_STATUS`."""

    DELIVERED = "delivered"
    DELIVERED_WITH_WARNING = "delivered_with_warning"  # the lead is there, a later step in the CRM complained
    ACCEPTED_UNCONFIRMED = "accepted_unconfirmed"  # the CRM took it and creates the lead later, silently
    ALREADY_THERE = "already_there"  # the CRM's own uniqueness refused a second lead
    PARTIAL = "partial"  # the lead is there without some of its values
    REJECTED_CONTRACT = "rejected_contract"  # the request's form is wrong: code or wire format
    REJECTED_CONFIGURATION = "rejected_configuration"  # landing, trust, address, certificate
    REJECTED_DATA = "rejected_data"  # this lead's values
    UNAVAILABLE = "unavailable"  # surely not created, later can help
    UNKNOWN = "unknown"  # may or may not have been created
    DRY_RUN = "dry_run"
    DISABLED = "disabled"


RESTING_STATUS: dict[Outcome, Status] = {
    Outcome.DELIVERED: Status.DELIVERED,
    Outcome.DELIVERED_WITH_WARNING: Status.DELIVERED,
    Outcome.ACCEPTED_UNCONFIRMED: Status.DELIVERED,
    Outcome.ALREADY_THERE: Status.DELIVERED,
    Outcome.PARTIAL: Status.PARTIAL,
    Outcome.REJECTED_CONTRACT: Status.REJECTED,
    Outcome.REJECTED_CONFIGURATION: Status.REJECTED,
    Outcome.REJECTED_DATA: Status.REJECTED,
    Outcome.UNAVAILABLE: Status.RETRYING,
    Outcome.UNKNOWN: Status.UNKNOWN,
    Outcome.DRY_RUN: Status.DRY_RUN,
    Outcome.DISABLED: Status.DISABLED,
}


class AttemptStatus(StrEnum):
    """The words of `crm_dispatches.status`."""

    SENDING = "sending"
    SUCCESS = "success"
    ERROR = "error"
    UNKNOWN = "unknown"
    DRY_RUN = "dry_run"
    SKIPPED = "skipped"


ATTEMPT_STATUS: dict[Outcome, AttemptStatus] = {
    Outcome.DELIVERED: AttemptStatus.SUCCESS,
    Outcome.DELIVERED_WITH_WARNING: AttemptStatus.SUCCESS,
    Outcome.ACCEPTED_UNCONFIRMED: AttemptStatus.SUCCESS,
    Outcome.ALREADY_THERE: AttemptStatus.SUCCESS,
    Outcome.PARTIAL: AttemptStatus.ERROR,
    Outcome.REJECTED_CONTRACT: AttemptStatus.ERROR,
    Outcome.REJECTED_CONFIGURATION: AttemptStatus.ERROR,
    Outcome.REJECTED_DATA: AttemptStatus.ERROR,
    Outcome.UNAVAILABLE: AttemptStatus.ERROR,
    Outcome.UNKNOWN: AttemptStatus.UNKNOWN,
    Outcome.DRY_RUN: AttemptStatus.DRY_RUN,
    Outcome.DISABLED: AttemptStatus.SKIPPED,
}


@dataclass(frozen=True)
class Verdict:
    """An outcome with the sentence a person reads, what the CRM said, and how long it took."""

    outcome: Outcome
    detail: str
    http_status: int | None = None
    answer: str | None = None
    retry_after: float | None = None  # seconds, only with `unavailable`
    duration_ms: int | None = None


@dataclass(frozen=True)
class Resolution:
    """What a person found out about an attempt whose outcome was unknown."""

    delivered: bool
    resolved_by: str
    reason: str


@dataclass(frozen=True)
class Attempt:
    """One row of `crm_dispatches`: exactly what was sent, and what came back. `payload` is the request's body."""

    event_id: str
    attempt: int
    status: AttemptStatus
    payload: str
    started_at: datetime
    forced: bool = False
    requested_by: str | None = None
    order_id: str | None = None
    outcome: Outcome | None = None
    detail: str | None = None
    http_status: int | None = None
    answer: str | None = None
    finished_at: datetime | None = None
    duration_ms: int | None = None
    resolution: Resolution | None = None
    warnings: tuple[str, ...] = ()  # e.g. which values were cut to the CRM's length
    terms: SendingTerms | None = None  # None on a record older than they

    @property
    def crm_was_asked(self) -> bool:
        """Whether a request went out, or may have: not in a dry run, and not where our own rules refused the lead."""
        if self.status in {AttemptStatus.DRY_RUN, AttemptStatus.SKIPPED}:
            return False
        return self.outcome is not Outcome.REJECTED_DATA or self.http_status is not None


def perhaps_saved(attempts: Sequence[Attempt]) -> list[Attempt]:
    """The attempts behind which the CRM has a lead or may have one: nobody has said since that there is none.

    One that was saved counts, too: its worker may have been overtaken, and the event then tells of a later attempt.
    """
    settled = max((attempt.attempt for attempt in attempts if attempt.resolution is not None), default=0)
    words = {AttemptStatus.UNKNOWN, AttemptStatus.SENDING, AttemptStatus.SUCCESS}
    return [
        attempt
        for attempt in attempts
        if attempt.attempt > settled and (attempt.status in words or attempt.outcome is Outcome.PARTIAL)
    ]
