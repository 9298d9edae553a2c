"""The shapes of what the API answers, by name."""

from __future__ import annotations

from functions.operations.openapi.parts import (
    ANY_OBJECT,
    FLAG,
    MOMENT,
    NUMBER,
    TEXT,
    WHOLE,
    Schema,
    coded,
    described,
    listed,
    maybe,
    members,
    ref,
    words,
)
from functions.operations.possible import Command
from functions.operations.usecases.count import PLACES
from postcall.domain.access import Right
from postcall.domain.analysis import AnalysisSource
from postcall.domain.deduplication import Deduplication
from postcall.domain.event import Source
from postcall.domain.outcome import AttemptStatus, Outcome
from postcall.domain.quarantine import Kind
from postcall.domain.said import LANGUAGES
from postcall.domain.status import Status

_SUMS = dict.fromkeys(("received", *PLACES), WHOLE)
_SUMMARY: dict[str, Schema] = {
    "event_id": TEXT,
    "source": words(*Source),
    "type": TEXT,
    "status": ref("Status"),
    "status_reason": maybe(TEXT),
    "agent_id": maybe(TEXT),
    "agent_name": maybe(TEXT),
    "conversation_id": maybe(TEXT),
    "received_at": MOMENT,
    "updated_at": MOMENT,
    "attempts": WHOLE,
    "revision_count": WHOLE,
    "needs_review": FLAG,
    "contact": {"type": "object", "additionalProperties": TEXT},
    "topic": maybe(TEXT),
    "intent": maybe(TEXT),
    "quality_score": described(maybe(WHOLE), "1 to 5; null where nobody judged it."),
    "delivered_at": described(maybe(MOMENT), "The first time the CRM was known to have the lead."),
    "erased_at": maybe(MOMENT),
}
_DETAIL: dict[str, Schema] = {
    "event_timestamp": described(maybe(WHOLE), "Unix seconds, as the sender says."),
    "brought_by": described(maybe(TEXT), "The name of the token with which a system of our own brought it."),
    "superseded_by": described(maybe(TEXT), "The signed or fetched event of the same id, which is the lead."),
    "namesake": described(maybe(TEXT), "The other event of the same id; every route takes it."),
    "body_sha256": TEXT,
    "payload_bytes": WHOLE,
    "duplicate_count": WHOLE,
    "lease_expires_at": maybe(MOMENT),
    "resend_order": maybe(ref("ResendOrder")),
    "reanalysis_order": maybe(ref("ReanalysisOrder")),
    "erasure": maybe(ref("Erasure")),
    "closure": maybe(ref("Closure")),
    "retry": described(
        maybe(members(at=MOMENT, left=maybe(WHOLE))), "While the CRM is away: when it is asked next, how often still."
    ),
    "lead_url": described(maybe(TEXT), "The lead's card in the CRM, where its key is ours."),
    "stalled": described(FLAG, "The sweep has abandoned it: only a person brings it on."),
    "possible": described(listed(words(*Command)), "What the event's state allows now."),
}

SCHEMAS: dict[str, Schema] = {
    "Problem": {
        "type": "object",
        "description": "Problem details (RFC 9457); further members help a program.",
        "properties": {"type": TEXT, "title": TEXT, "status": WHOLE, "detail": TEXT, "event_id": TEXT}
        | {"reconcile_since": described(MOMENT, "From when on a reconciliation would fetch the call instead.")}
        | {"code": TEXT, "params": ANY_OBJECT}
        | {"offers": described(listed(words(*Command)), "What the event's state allows instead.")},
        "required": ["type", "title", "status", "detail"],
    },
    "Status": words(*Status),
    "Me": members(
        name=TEXT,
        may=listed(words(*Right)),
        until=maybe(MOMENT),
        per_day=described({"type": "object", "additionalProperties": WHOLE}, "Requests a day, by right."),
        reason_optional=FLAG,
    ),
    "Taken": members(event_id=maybe(TEXT), status=words("received", "duplicate", "ignored")),
    "Event": members(coded("status_reason"), **_SUMMARY),
    "EventDetail": members(coded("status_reason"), **_SUMMARY, **_DETAIL),
    "Events": members(events=listed(ref("Event")), next_cursor=maybe(TEXT)),
    "Found": members(events=listed(ref("Event"))),
    "ResendOrder": members(order_id=TEXT, requested_by=TEXT, requested_at=MOMENT, forced=FLAG, is_open=FLAG),
    "ReanalysisOrder": members(order_id=TEXT, requested_by=TEXT, requested_at=MOMENT, reason=TEXT, is_open=FLAG),
    "Erasure": members(
        erased_by=TEXT,
        erased_at=MOMENT,
        reason=TEXT,
        status_before=ref("Status"),
        kinds=listed(TEXT),
        complete=FLAG,
    ),
    "Closure": members(closed_by=TEXT, closed_at=MOMENT, reason=TEXT, status_before=ref("Status")),
    "Record": members(
        event=ref("EventDetail"),
        analysis=maybe(ref("Analysis")),
        earlier_analyses=listed(ref("Analysis")),
        dispatches=listed(ref("Attempt")),
    ),
    "ContactValue": members(value=TEXT, source=TEXT, verified=FLAG),
    "Analysis": members(
        revision=WHOLE,
        recorded_at=MOMENT,
        requested_by=described(maybe(TEXT), "Who ordered this revision; null for the first."),
        reason=maybe(TEXT),
        source=words(*AnalysisSource),
        contact=members(
            full_name=maybe(ref("ContactValue")),
            phone=maybe(ref("ContactValue")),
            email=maybe(ref("ContactValue")),
        ),
        topic=maybe(TEXT),
        intent=maybe(TEXT),
        lead_status=maybe(TEXT),
        quality_score=described(maybe(WHOLE), "1 to 5; null where nobody judged it."),
        qualification_comment=TEXT,
        summary=TEXT,
        summary_ru=TEXT,
        recommendations=listed(TEXT),
        language=maybe(TEXT),
        signals={"type": "object", "additionalProperties": FLAG},
        evidence=listed(members(quote=TEXT, turn=WHOLE, verified=FLAG)),
        flags=listed(TEXT),
        needs_review=FLAG,
        model=maybe(TEXT),
        prompt_version=maybe(TEXT),
        request_id=maybe(TEXT),
        usage=members(input_tokens=WHOLE, cached_tokens=WHOLE, output_tokens=WHOLE, cost_usd=maybe(NUMBER)),
        details=ANY_OBJECT,
    ),
    "Attempt": members(
        coded("detail"),
        attempt=WHOLE,
        status=words(*AttemptStatus),
        outcome=maybe(words(*Outcome)),
        crm_was_asked=described(FLAG, "False in a dry run and where our own rules refused the lead."),
        detail=described(maybe(TEXT), "One sentence for a person."),
        http_status=maybe(WHOLE),
        answer=described(maybe(TEXT), "What the CRM said, cut."),
        payload=described(ANY_OBJECT, "Exactly what was sent; empty when it was erased."),
        warnings=listed(TEXT),
        terms=described(
            maybe(
                members(
                    deduplication=words(*Deduplication),
                    wire_format=TEXT,
                    landing_id=TEXT,
                    address=TEXT,
                    field_map=TEXT,
                    key=maybe(TEXT),
                )
            ),
            "Under what it was sent: what vouches for a repeat, and by which key; null on an older record.",
        ),
        warnings_said=listed(members(coded("text"), text=TEXT)),
        resolution=maybe(members(delivered=FLAG, resolved_by=TEXT, reason=TEXT)),
        forced=FLAG,
        requested_by=maybe(TEXT),
        started_at=MOMENT,
        finished_at=maybe(MOMENT),
        duration_ms=maybe(WHOLE),
    ),
    "Call": members(
        turns=listed(
            members(
                {"interrupted": FLAG},
                n=WHOLE,
                speaker=words("agent", "user"),
                text=TEXT,
                at_seconds=maybe(WHOLE),
            )
        ),
        vendor=members(
            {
                "summary": TEXT,
                "title": TEXT,
                "successful": TEXT,
                "call_status": TEXT,
                "duration_seconds": WHOLE,
                "termination_reason": TEXT,
                "language": TEXT,
            }
        ),
    ),
    "Ordered": members(
        {"warning": TEXT, **coded("warning")},
        event_id=TEXT,
        status=words("queued"),
        order_id=TEXT,
        forced=FLAG,
        requested_by=TEXT,
    ),
    "Reanalysis": members(event_id=TEXT, status=words("queued"), order_id=TEXT, requested_by=TEXT),
    "Resolved": members(event_id=TEXT, status=words("delivered", "rejected"), resolved_by=TEXT),
    "Continued": members(event_id=TEXT, status=words("queued"), requested_by=TEXT),
    "Withdrawn": members(event_id=TEXT, status=ref("Status"), withdrawn_by=TEXT),
    "Closed": members(event_id=TEXT, status=words("excluded"), closed_by=TEXT),
    "Erased": members(event_id=TEXT, erased=listed(TEXT), erased_by=TEXT),
    "ErasedPerson": members(
        erased=listed(TEXT),
        refused=listed(members(coded("reason"), event_id=TEXT, reason=TEXT)),
        more=described(FLAG, "There are more of the person's events: ask again."),
        erased_by=TEXT,
        own=described(listed(TEXT), "The person's own calls that were found, erased or not."),
        mentioned=described(listed(TEXT), "Calls of others in which the person was mentioned, and which stay."),
        quarantined=described(WHOLE, "Refused webhooks of the person that are still there."),
        complete=described(FLAG, "Nothing is left where we looked."),
        not_searched=described(listed(TEXT), "What was not looked at."),
    ),
    "ErasedAgain": members(
        records=described(WHOLE, "Recorded erasures that this answer went through."),
        erased=described(listed(TEXT), "Calls of which something was there again."),
        discarded=described(WHOLE, "Refused webhooks that were there again."),
        refused=listed(members(coded("reason"), event_id=TEXT, reason=TEXT)),
        next_cursor=described(maybe(TEXT), "Ask again with it as `after`; null at the end."),
        erased_by=TEXT,
    ),
    "Attention": members(
        groups=listed(
            members(
                coded("reason"),
                status=words(*Status, "stalled"),
                reason=TEXT,
                since=described(maybe(MOMENT), "When the first of them came to rest."),
                count=WHOLE,
                event_ids=described(listed(TEXT), "At most 200, the newest."),
            )
        ),
        waiting=WHOLE,
        complete=described(FLAG, "False when there are more than were counted."),
        resting={"type": "object", "additionalProperties": WHOLE},
        quarantine={"type": "object", "additionalProperties": WHOLE},
    ),
    "Depths": members(waiting=WHOLE, in_flight=WHOLE, dead_letters=WHOLE),
    "Queues": members(analysis=ref("Depths"), dispatch=ref("Depths")),
    "Redrive": members(
        {"requested_by": TEXT, "moved": described(WHOLE, "How many of the asked cause went back.")},
        depth_before=WHOLE,
        messages=listed(
            members(
                coded("reason"),
                event_id=maybe(TEXT),
                reason=maybe(TEXT),
                cause=described(TEXT, "The reason's code, or `tries`: what a redrive of one cause is asked for."),
                since=maybe(MOMENT),
                status=maybe(ref("Status")),
            )
        ),
        task=described(maybe(TEXT), "The handle of SQS's own task; null for a preview."),
    ),
    "Numbers": members(
        day=described({"type": "string", "format": "date"}, "The last of the days."),
        zone=described(TEXT, "Whose days and hours they are."),
        complete=described(FLAG, "False when there are more events than were read."),
        **_SUMS,
        median_seconds_to_lead=maybe(NUMBER),
        by_hour=listed(members(hour=WHOLE, **_SUMS)),
        by_day=listed(members(day={"type": "string", "format": "date"}, **_SUMS)),
        by_agent=listed(members(agent_id=maybe(TEXT), agent_name=maybe(TEXT), **_SUMS)),
        by_topic=listed(members(topic=maybe(TEXT), **_SUMS)),
        by_status={"type": "object", "additionalProperties": WHOLE},
    ),
    "Runbook": members(name=TEXT, language=words(*LANGUAGES), markdown=TEXT, pages=listed(TEXT)),
    "QuarantineEntry": members(
        coded("reason"),
        quarantine_id=TEXT,
        kind=words(*Kind),
        reason=TEXT,
        received_at=MOMENT,
        bytes=WHOLE,
        released_at=maybe(MOMENT),
        event_id=maybe(TEXT),
    ),
    "Quarantine": members(entries=listed(ref("QuarantineEntry")), next_cursor=maybe(TEXT)),
    "Released": members(
        quarantine_id=TEXT, status=words("released", "ignored"), event_id=maybe(TEXT), released_by=TEXT
    ),
    "Discarded": members(quarantine_id=TEXT, status=words("discarded"), discarded_by=TEXT),
    "Ledger": members(
        day={"type": "string", "format": "date"},
        made_at=MOMENT,
        conversations=WHOLE,
        delivered=WHOLE,
        excluded={"type": "object", "additionalProperties": WHOLE},
        waiting={"type": "object", "additionalProperties": WHOLE},
        codes=described(ANY_OBJECT, "The code and parameters of each reason that has them."),
        missing=WHOLE,
        unlisted=WHOLE,
        adds_up=FLAG,
        ids={"type": "object", "additionalProperties": listed(TEXT)},
    ),
    "Reconciled": {
        "type": "object",
        "description": "What was found and taken in, in numbers and ids; `reason` where it did not get to the end.",
        "properties": {
            "status": words("done", "partial", "off", "unavailable"),
            "reason": TEXT,
            **coded("reason"),
            "missed": WHOLE,
        },
        "required": ["status"],
    },
    "Report": members(made_at=MOMENT, report=ANY_OBJECT),
    "Health": members(
        environment=TEXT,
        breaker=members(state=words("closed", "open", "half_open"), failures=WHOLE, opened_at=maybe(NUMBER)),
        stuck=described(listed(TEXT), "Events that were sent again too often and stand still."),
        search=described(FLAG, "Whether calls can be found by phone and e-mail."),
        webhook=maybe(ref("Report")),
        reconciliation=maybe(ref("Report")),
        erasures=described(maybe(ref("Report")), "What the last look at erased calls found."),
    ),
}
