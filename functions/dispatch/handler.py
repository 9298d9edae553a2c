"""dispatch's Lambda: for each message, send one lead, then say when to come again or put the message aside."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from functions.dispatch.usecases.dispatch import Dispatched
from functions.dispatch.wiring import dead_letters, load_settings, pending, serve
from postcall.aws import clients
from postcall.aws.batch import Record, each_record, event_id_of
from postcall.aws.dead_letter import dead_letter
from postcall.aws.observe import count, flush_metrics, logger
from postcall.aws.queues import postpone
from postcall.domain.clock import SystemClock
from postcall.domain.errors import PostcallError, Unavailable
from postcall.domain.messages import read_call_analyzed
from postcall.domain.outcome import Outcome
from postcall.domain.retry import retry_delay

METRICS = {
    Outcome.DELIVERED: "LeadsDelivered",
    Outcome.DELIVERED_WITH_WARNING: "LeadsDelivered",
    Outcome.ACCEPTED_UNCONFIRMED: "LeadsDelivered",
    Outcome.ALREADY_THERE: "LeadsDelivered",
    Outcome.PARTIAL: "LeadsPartial",
    Outcome.REJECTED_CONTRACT: "LeadsRejected",
    Outcome.REJECTED_CONFIGURATION: "LeadsRejected",
    Outcome.REJECTED_DATA: "LeadsRejected",
    Outcome.UNAVAILABLE: "CrmUnavailable",
    Outcome.UNKNOWN: "OutcomesUnknown",
    Outcome.DRY_RUN: "LeadsDryRun",
    Outcome.DISABLED: "LeadsDisabled",
}


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Serve a batch of the dispatch queue, or a command of the operator's tool (functions/dispatch/probe.py)."""
    if "command" in event:
        from functions.dispatch.probe import serve_command  # noqa: PLC0415 — no batch's cold start pays for a tool

        return serve_command(event, load_settings())
    try:
        return each_record(event, _serve, on_unavailable=_schedule_retry, dead_letter=_dead_letter)
    finally:
        flush_metrics()


def _serve(record: Record) -> None:
    done = serve()(read_call_analyzed(record.body))
    _log_outcome(done)
    if done.retry:
        raise Unavailable(done.reason, retry_after=done.retry_in)
    if done.dead_letter is not None:
        dead_letters().dead_letter(record.body, reason=done.dead_letter)
        _mark_escalated(done)


def _dead_letter(record: Record, reason: str) -> None:
    dead_letter(record, reason, queue=dead_letters(), pending=pending(), clock=SystemClock())


def _mark_escalated(done: Dispatched) -> None:
    """Where this fails, or is never reached, the sweep tells of the event."""
    try:
        pending().mark_escalated(done.event_id, attempts=done.attempt or 0)
    except PostcallError as error:
        logger().warning("dispatch.not_noted", extra={"event_id": done.event_id, "reason": str(error)})


def _log_outcome(done: Dispatched) -> None:
    verdict = done.verdict
    log_fields: dict[str, Any] = {"event_id": done.event_id, "reason": done.reason, "attempt": done.attempt}
    if verdict is not None:
        count(METRICS[verdict.outcome])
        log_fields |= {
            "outcome": verdict.outcome,
            "http_status": verdict.http_status,
            "duration_ms": verdict.duration_ms,
        }
    logger().info("dispatch.attempted" if verdict else "dispatch.skipped", extra=log_fields)


def _schedule_retry(record: Record, error: Unavailable) -> None:
    settings = load_settings()
    seconds = retry_delay(
        record.receives,
        base=settings.dispatch_retry_base_seconds,
        cap=settings.dispatch_retry_cap_seconds,
        retry_after=error.retry_after,
        random=random.random,
    )
    logger().info("dispatch.waits", extra={"message_id": record.message_id, "reason": str(error), "seconds": seconds})
    postpone(
        clients.sqs(),
        queue_url=settings.dispatch_queue_url,
        receipt_handle=record.receipt_handle,
        seconds=seconds,
    )
    _note_retry(record, seconds)


def _note_retry(record: Record, seconds: int) -> None:
    """For whoever looks at the event; the message comes all the same."""
    event_id = event_id_of(record)
    if event_id is None:
        return
    at = SystemClock().now() + timedelta(seconds=seconds)
    try:
        pending().note_retry(event_id, at=at, receives=record.receives)
    except PostcallError as error:
        logger().warning("dispatch.not_noted", extra={"event_id": event_id, "reason": str(error)})
