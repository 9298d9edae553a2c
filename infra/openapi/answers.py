"""What the API answers, by name: made of the domain's own types, so that a member has one declaration.

A member with a default may be absent. Whatever else a domain type holds is not shown.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from functions.operations import attention, dead_letters
from functions.operations.possible import Command
from infra.openapi.shape import ABSENT, Open, Shape, members, of, shape
from postcall.domain import analysis, event, ledger, outcome, quarantine
from postcall.domain.access import Right
from postcall.domain.status import Status
from postcall.domain.terms import SendingTerms

Quality = Field(description="1 to 5; null where nobody judged it.")


class Problem(Open):
    """Problem details (RFC 9457); further members help a program."""

    type: str
    title: str
    status: int
    detail: str
    event_id: str = ABSENT
    reconcile_since: datetime = Field(ABSENT, description="From when on a reconciliation would fetch the call instead.")
    code: str = ABSENT
    params: dict[str, Any] = ABSENT
    offers: list[Command] = Field(ABSENT, description="What the event's state allows instead.")


class Me(Shape):
    name: str
    may: list[Right]
    until: datetime | None
    per_day: dict[str, int] = Field(description="Requests a day, by right.")
    reason_optional: bool


Ingested = shape("Ingested", event_id=str | None, status=Literal["received", "duplicate", "ignored"])


@of(
    event.CallEvent,
    "event_id source type status status_reason agent_id agent_name conversation_id received_at updated_at attempts "
    "revision_count needs_review contact topic intent erased_at",
    said="status_reason",
)
class Event(Shape):
    quality_score: int | None = Quality
    delivered_at: datetime | None = Field(description="The first time the CRM was known to have the lead.")


@of(event.ResendOrder, "order_id requested_by requested_at forced is_open")
class ResendOrder(Shape):
    pass


@of(event.Erasure, "erased_by erased_at reason kinds complete")
class Erasure(Shape):
    status_before: Status


@of(event.Closure, "closed_by closed_at reason")
class Closure(Shape):
    status_before: Status


class Retry(Shape):
    at: datetime
    left: int | None


@of(event.CallEvent, "body_sha256 payload_bytes duplicate_count lease_expires_at")
class EventDetail(Event):
    event_timestamp: int | None = Field(description="Unix seconds, as the sender says.")
    brought_by: str | None = Field(description="The name of the token with which a system of our own brought it.")
    superseded_by: str | None = Field(description="The signed or fetched event of the same id, which is the lead.")
    namesake: str | None = Field(description="The other event of the same id; every route takes it.")
    resend_order: ResendOrder | None
    reanalysis_order: event.ReanalysisOrder | None
    erasure: Erasure | None
    closure: Closure | None
    retry: Retry | None = Field(description="While the CRM is away: when it is asked next, how often still.")
    lead_url: str | None = Field(description="The lead's card in the CRM, where its key is ours.")
    stalled: bool = Field(description="The sweep has abandoned it: only a person brings it on.")
    possible: list[Command] = Field(description="What the event's state allows now.")


Events = shape("Events", events=list[Event], next_cursor=str | None)


@of(analysis.Analysis)
class Analysis(Shape):
    revision: int
    recorded_at: datetime
    requested_by: str | None = Field(description="Who ordered this revision; null for the first.")
    reason: str | None
    quality_score: int | None = Quality


@members({"text": str}, said="text")
class Warned(Shape):
    pass


@of(
    outcome.Attempt,
    "attempt status outcome http_status warnings resolution forced requested_by started_at finished_at duration_ms",
    said="detail",
)
class Attempt(Shape):
    crm_was_asked: bool = Field(description="False in a dry run and where our own rules refused the lead.")
    detail: str | None = Field(description="One sentence for a person.")
    answer: str | None = Field(description="What the CRM said, cut.")
    payload: dict[str, Any] = Field(description="Exactly what was sent; empty when it was erased.")
    terms: SendingTerms | None = Field(
        description="Under what it was sent: what vouches for a repeat, and by which key; null on an older record."
    )
    warnings_said: list[Warned]


Record = shape(
    "Record", event=EventDetail, analysis=Analysis | None, earlier_analyses=list[Analysis], dispatches=list[Attempt]
)


class Turn(Shape):
    n: int
    speaker: Literal["agent", "user"]
    text: str
    at_seconds: int | None
    interrupted: bool = ABSENT


class Vendor(Shape):
    summary: str = ABSENT
    title: str = ABSENT
    successful: str = ABSENT
    call_status: str = ABSENT
    duration_seconds: int = ABSENT
    termination_reason: str = ABSENT
    language: str = ABSENT


Call = shape("Call", turns=list[Turn], vendor=Vendor)


@members({}, said="warning")
class Ordered(Shape):
    event_id: str
    status: Literal["queued"]
    order_id: str
    forced: bool
    requested_by: str
    warning: str = ABSENT


Reanalysis = shape("Reanalysis", event_id=str, status=Literal["queued"], order_id=str, requested_by=str)


class Revision(Shape):
    sha256: str
    received_at: datetime
    bytes: int
    source: event.Source | None = Field(description="Null for what came before it was noted.")
    is_used: bool = Field(description="The one that the analysis reads.")
    phones: list[str] = Field(description="Of the other party of the call, in the international form.")
    emails: list[str]


class Revisions(Shape):
    event_id: str
    revisions: list[Revision]


Resolved = shape("Resolved", event_id=str, status=Literal["delivered", "rejected"], resolved_by=str)
Continued = shape("Continued", event_id=str, status=Literal["queued"], requested_by=str)
Withdrawn = shape("Withdrawn", event_id=str, status=Status, withdrawn_by=str)
Closed = shape("Closed", event_id=str, status=Literal["excluded"], closed_by=str)
Erased = shape("Erased", event_id=str, erased=list[str], erased_by=str)


@members({"event_id": str, "reason": str}, said="reason")
class NotErased(Shape):
    pass


class ErasedPerson(Shape):
    erased: list[str]
    refused: list[NotErased]
    more: bool = Field(description="There are more of the person's events: ask again.")
    erased_by: str
    own: list[str] = Field(description="The person's own calls that were found, erased or not.")
    mentioned: list[str] = Field(description="Calls of others in which the person was mentioned, and which stay.")
    quarantined: int = Field(description="Refused webhooks of the person that are still there.")
    complete: bool = Field(description="Nothing is left where we looked.")
    not_searched: list[str] = Field(description="What was not looked at.")


class ErasedAgain(Shape):
    records: int = Field(description="Recorded erasures that this answer went through.")
    erased: list[str] = Field(description="Calls of which something was there again.")
    discarded: int = Field(description="Refused webhooks that were there again.")
    refused: list[NotErased]
    next_cursor: str | None = Field(description="Ask again with it as `after`; null at the end.")
    erased_by: str


class Waiting(Shape):
    event_id: str
    contact: dict[str, str] = Field(description="Empty where nobody is known.")


@of(attention.Group, "reason count", said="reason")
class Cause(Shape):
    status: Status | Literal["stalled"]
    since: datetime | None = Field(description="When the first of them came to rest.")
    event_ids: list[str] = Field(description="At most 200, the newest.")
    people: list[Waiting] = Field(description="The first three of them.")


class Attention(Shape):
    groups: list[Cause]
    waiting: int
    complete: bool = Field(description="False when there are more than were counted.")
    resting: dict[str, int]
    quarantine: dict[str, int]


Depths = shape("Depths", waiting=int, in_flight=int, dead_letters=int)
Queues = shape("Queues", analysis=Depths, dispatch=Depths)


@of(dead_letters.DeadLetter, "event_id reason", said="reason")
class DeadLetter(Shape):
    cause: str = Field(description="The reason's code, or `tries`: what a redrive of one cause is asked for.")
    since: datetime | None
    status: Status | None


class Redrive(Shape):
    depth_before: int
    messages: list[DeadLetter]
    task: str | None = Field(description="The handle of SQS's own task; null for a preview.")
    moved: int = Field(ABSENT, description="How many of the asked cause went back.")
    requested_by: str = ABSENT


Runbook = shape("Runbook", name=str, language=Literal["en", "ru"], markdown=str, pages=list[str])


@of(
    quarantine.Quarantined,
    "quarantine_id kind reason received_at bytes released_at released_by event_id",
    said="reason",
)
class QuarantineEntry(Shape):
    pass


Quarantine = shape("Quarantine", entries=list[QuarantineEntry], next_cursor=str | None)
Released = shape(
    "Released", quarantine_id=str, status=Literal["released", "ignored"], event_id=str | None, released_by=str
)
Discarded = shape("Discarded", quarantine_id=str, status=Literal["discarded"], discarded_by=str)


@of(ledger.Ledger)
class Ledger(Shape):
    codes: dict[str, Any] = Field(description="The code and parameters of each reason that has them.")
    adds_up: bool


@members({}, said="reason")
class Reconciled(Open):
    """What was found and taken in, in numbers and ids; `reason` where it did not get to the end."""

    status: Literal["done", "partial", "off", "unavailable"]
    reason: str = ABSENT
    missed: int = ABSENT


class Report(Shape):
    made_at: datetime
    report: dict[str, Any]


class Breaker(Shape):
    state: Literal["closed", "open", "half_open"]
    failures: int
    opened_at: float | None


class Health(Shape):
    environment: str
    breaker: Breaker
    stuck: list[str] = Field(description="Events that were sent again too often and stand still.")
    search: bool = Field(description="Whether calls can be found by phone and e-mail.")
    webhook: Report | None
    reconciliation: Report | None
    erasures: Report | None = Field(description="What the last look at erased calls found.")
