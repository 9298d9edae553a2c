"""dispatch's Lambda: for each message, send one lead, then schedule its retry or make the message a dead letter."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from functions.dispatch import telemetry
from functions.dispatch.usecases.dispatch import Dispatched
from functions.dispatch.wiring import dead_letters, load_settings, pending, serve
from postcall.aws import clients
from postcall.aws.batch import Record, each_record, event_id_of
from postcall.aws.dead_letter import dead_letter
from postcall.aws.invocation import bounded
from postcall.aws.observe import flush_metrics
from postcall.aws.queues import postpone
from postcall.domain.clock import SystemClock
from postcall.domain.errors import PostcallError, Unavailable
from postcall.domain.messages import read_call_analyzed
from postcall.domain.retry import retry_delay


@bounded
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
    telemetry.report_done(done)
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
        telemetry.report_not_escalated(done.event_id, error)


def _schedule_retry(record: Record, error: Unavailable) -> None:
    settings = load_settings()
    seconds = retry_delay(
        record.receives,
        base=settings.dispatch_retry_base_seconds,
        cap=settings.dispatch_retry_cap_seconds,
        retry_after=error.retry_after,
        random=random.random,
    )
    telemetry.report_waiting(record.message_id, error, seconds=seconds)
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
        telemetry.report_unnoted_retry(event_id, error)
