"""An attempt as it lies in `crm_dispatches`: what was sent, under which terms, and what came back is packed.

An attempt is written twice, in a transaction each: its size is paid for four times.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from postcall.aws.items import Item
from postcall.aws.packing import pack_json, pack_text, unpack_json, unpack_text
from postcall.domain.clock import read_time, write_time
from postcall.domain.deduplication import Deduplication
from postcall.domain.outcome import Attempt, AttemptStatus, Outcome, Resolution, Verdict
from postcall.domain.said import read_said, store_said
from postcall.domain.terms import SendingTerms

NOTHING_SENT = "{}"  # what an erased attempt shows: a payload is JSON


def write_attempt(attempt: Attempt, verdict: Verdict | None, *, ttl: timedelta) -> Item:
    """The item of an attempt that begins, or with a verdict of one that is over as it is written."""
    item: Item = {
        "event_id": attempt.event_id,
        "attempt": attempt.attempt,
        "status": attempt.status.value,
        "payload": pack_text(attempt.payload),
        "started_at": write_time(attempt.started_at),
        "forced": attempt.forced,
        "requested_by": attempt.requested_by,
        "order_id": attempt.order_id,
        "warnings": [store_said(warning) for warning in attempt.warnings] or None,
        "terms": None if attempt.terms is None else pack_json(asdict(attempt.terms)),
        "expires_at": int((attempt.started_at + ttl).timestamp()),
    }
    if verdict is not None:
        item |= {
            "outcome": verdict.outcome.value,
            "detail": store_said(verdict.detail),
            "finished_at": write_time(attempt.started_at),
            "duration_ms": 0,
        }
    return item


def read_attempt(item: Item) -> Attempt:
    """The attempt behind an item."""
    return Attempt(
        event_id=item["event_id"],
        attempt=item["attempt"],
        status=AttemptStatus(item["status"]),
        payload=unpack_text(item["payload"]) if "payload" in item else NOTHING_SENT,
        started_at=read_time(item["started_at"]),
        forced=item.get("forced", False),
        requested_by=item.get("requested_by"),
        order_id=item.get("order_id"),
        outcome=Outcome(item["outcome"]) if "outcome" in item else None,
        detail=read_said(item.get("detail")),
        http_status=item.get("http_status"),
        answer=unpack_text(item["answer"]) if "answer" in item else None,
        finished_at=read_time(item["finished_at"]) if "finished_at" in item else None,
        duration_ms=item.get("duration_ms"),
        resolution=Resolution(**item["resolution"]) if "resolution" in item else None,
        warnings=tuple(read_said(warning) for warning in item.get("warnings", ())),
        terms=_read_terms(unpack_json(item["terms"])) if "terms" in item else None,
    )


def _read_terms(terms: Item) -> SendingTerms:
    known = {name: value for name, value in terms.items() if name in SendingTerms.__dataclass_fields__}
    return SendingTerms(**known | {"deduplication": Deduplication(terms["deduplication"])})
