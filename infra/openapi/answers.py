"""What the API answers beside calls and numbers, by name: of the domain's own types, so that a member is declared once.

A member with a default may be absent. Whatever else a domain type holds is not shown.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from functions.operations import attention, dead_letters
from functions.operations.possible import Command
from infra.openapi.shape import ABSENT, Open, Shape, members, of, shape
from postcall.domain import ledger, quarantine
from postcall.domain.access import Right
from postcall.domain.status import Status


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


@members({}, said="warning")
class Ordered(Shape):
    event_id: str
    status: Literal["queued"]
    order_id: str
    forced: bool
    requested_by: str
    warning: str = ABSENT


Reanalysis = shape("Reanalysis", event_id=str, status=Literal["queued"], order_id=str, requested_by=str)


Resolved = shape("Resolved", event_id=str, status=Literal["delivered", "rejected"], resolved_by=str)
Continued = shape("Continued", event_id=str, status=Literal["queued"], requested_by=str)
Withdrawn = shape("Withdrawn", event_id=str, status=Status, withdrawn_by=str)
Closed = shape("Closed", event_id=str, status=Literal["excluded"], closed_by=str)
Erased = shape("Erased", event_id=str, erased=list[str], erased_by=str)


@members({"event_id": str, "reason": str}, said="reason")
class NotErased(Shape): ...


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
class QuarantineEntry(Shape): ...


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
