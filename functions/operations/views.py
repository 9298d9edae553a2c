"""Events, analyses and attempts as the operator API shows them."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from functions.operations.possible import possible
from postcall.domain.analysis import RecordedAnalysis
from postcall.domain.clock import write_time
from postcall.domain.event import CallEvent, Closure, Erasure, ReanalysisOrder
from postcall.domain.outcome import Attempt
from postcall.domain.record import write_analysis
from postcall.domain.said import said, said_members
from postcall.domain.status import SUPERSEDED, Status


def event_summary(event: CallEvent) -> dict[str, Any]:
    """A row of the list."""
    return {
        "event_id": shown_id(event),
        "source": event.source,
        "type": event.type,
        "status": event.status,
        **said_members("status_reason", event.status_reason),
        "agent_id": event.agent_id,
        "agent_name": event.agent_name,
        "conversation_id": event.conversation_id,
        "received_at": write_time(event.received_at),
        "updated_at": write_time(event.updated_at),
        "attempts": event.attempts,
        "revision_count": event.revision_count,
        "needs_review": event.needs_review,
        "contact": event.contact,
        "topic": event.topic,
        "intent": event.intent,
        "quality_score": event.quality_score,
        "delivered_at": _time(event.delivered_at),
        "erased_at": _time(event.erased_at),
    }


def shown_id(event: CallEvent) -> str:
    """The id its bringer gave it, unless that one means another event now."""
    is_superseded = event.superseded_by is not None or event.status_reason == said(SUPERSEDED)
    return event.event_id if is_superseded else event.public_id


def event_detail(
    event: CallEvent, *, now: datetime, namesake: str | None, lead_url: str | None, max_receives: int | None
) -> dict[str, Any]:
    """One event, with what only its own page needs.

    `namesake` is the other event that bears the same id, `max_receives` how often its message may come in all.
    """
    order = event.order
    return event_summary(event) | {
        "event_timestamp": event.event_timestamp,
        "brought_by": event.brought_by,
        "superseded_by": event.superseded_by,
        "namesake": namesake,
        "body_sha256": event.body_sha256,
        "payload_bytes": event.payload_bytes,
        "duplicate_count": event.duplicate_count,
        "lease_expires_at": _time(event.lease_expires_at),
        "resend_order": None
        if order is None
        else {
            "order_id": order.order_id,
            "requested_by": order.requested_by,
            "requested_at": write_time(order.requested_at),
            "forced": order.forced,
            "is_open": order.is_open,
        },
        "reanalysis_order": None if event.reanalysis is None else _reanalysis(event.reanalysis),
        "erasure": None if event.erasure is None else _erasure(event.erasure),
        "closure": None if event.closure is None else _closure(event.closure),
        "retry": _retry(event, max_receives),
        "lead_url": lead_url,
        "stalled": event.stalled,
        "possible": list(possible(event, now=now)),
    }


def _retry(event: CallEvent, max_receives: int | None) -> dict[str, Any] | None:
    """When the CRM is asked next, and how often still; None where that is not waited for, or not known."""
    if event.status is not Status.RETRYING or event.retry_at is None or event.stalled:
        return None
    left = None if max_receives is None else max(0, max_receives - event.receives)
    return {"at": write_time(event.retry_at), "left": left}


def _reanalysis(order: ReanalysisOrder) -> dict[str, Any]:
    return {
        "order_id": order.order_id,
        "requested_by": order.requested_by,
        "requested_at": write_time(order.requested_at),
        "reason": order.reason,
        "is_open": order.is_open,
    }


def _erasure(erasure: Erasure) -> dict[str, Any]:
    return {
        "erased_by": erasure.erased_by,
        "erased_at": write_time(erasure.erased_at),
        "reason": erasure.reason,
        "status_before": erasure.status_before,
        "kinds": list(erasure.kinds),
        "complete": erasure.complete,
    }


def _closure(closure: Closure) -> dict[str, Any]:
    return {
        "closed_by": closure.closed_by,
        "closed_at": write_time(closure.closed_at),
        "reason": closure.reason,
        "status_before": closure.status_before,
    }


def analysis_detail(recorded: RecordedAnalysis) -> dict[str, Any]:
    """One revision of an analysis."""
    return {
        "revision": recorded.revision,
        "recorded_at": write_time(recorded.recorded_at),
        "requested_by": recorded.requested_by,
        "reason": recorded.reason,
        **write_analysis(recorded.analysis),
    }


def attempt_detail(attempt: Attempt) -> dict[str, Any]:
    """One attempt, with exactly what was sent and what came back."""
    return {
        "attempt": attempt.attempt,
        "status": attempt.status,
        "outcome": attempt.outcome,
        "crm_was_asked": attempt.crm_was_asked,
        **said_members("detail", attempt.detail),
        "http_status": attempt.http_status,
        "answer": attempt.answer,
        "payload": json.loads(attempt.payload),
        "warnings": list(attempt.warnings),
        "terms": None if attempt.terms is None else asdict(attempt.terms),
        "warnings_said": [said_members("text", warning) for warning in attempt.warnings],
        "resolution": None if attempt.resolution is None else asdict(attempt.resolution),
        "forced": attempt.forced,
        "requested_by": attempt.requested_by,
        "started_at": write_time(attempt.started_at),
        "finished_at": _time(attempt.finished_at),
        "duration_ms": attempt.duration_ms,
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else write_time(moment)
