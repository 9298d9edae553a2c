"""What the API answers of a call: its row, its record, what was said in it, and the contents that came under its id."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from functions.operations.possible import Command
from infra.openapi.shape import ABSENT, Shape, members, of, shape
from postcall.domain import analysis, event, outcome
from postcall.domain.status import Status
from postcall.domain.terms import SendingTerms

Quality = Field(description="1 to 5; null where nobody judged it.")


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
class ResendOrder(Shape): ...


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
class Warned(Shape): ...


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


class Revision(Shape):
    sha256: str
    received_at: datetime
    bytes: int
    source: event.Source | None = Field(description="Null for what came before it was noted.")
    is_used: bool = Field(description="The one that the analysis reads.")
    phones: list[str] = Field(description="Of the other party of the call, in the international form.")
    emails: list[str]


Revisions = shape("Revisions", event_id=str, revisions=list[Revision])
