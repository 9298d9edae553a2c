"""reconciliation's Lambda, on a schedule."""

from __future__ import annotations

from datetime import timedelta
from os import environ
from typing import Any

from functions.reconciliation.settings import Settings
from functions.reconciliation.usecase import Patience, sweep
from postcall.aws import clients
from postcall.aws.event_table import EventTable
from postcall.aws.observe import count, flush_metrics, logger
from postcall.aws.pending_index import PendingIndex
from postcall.aws.queues import Queue
from postcall.domain.clock import SystemClock
from postcall.settings import read_settings


def handler(_event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Sweep once."""
    settings = read_settings(Settings, environ)
    swept = sweep(
        events=EventTable(clients.dynamodb(), settings.events_table, None, ttl_days=1),
        pending=PendingIndex(clients.dynamodb(), settings.events_table),
        analysis_queue=Queue(clients.sqs(), settings.analysis_queue_url),
        dispatch_queue=Queue(clients.sqs(), settings.dispatch_queue_url),
        patience=Patience(
            standing=timedelta(seconds=settings.stuck_after_seconds),
            retrying=timedelta(seconds=settings.retrying_after_seconds),
            sweeps=settings.max_sweeps,
        ),
        clock=SystemClock(),
    )
    count("EventsSweptAgain", len(swept.sent_again))
    count("EventsStuck", len(swept.stuck))
    for event_id in swept.stuck:
        logger().error("reconciliation.stuck", extra={"event_id": event_id})
    logger().info("reconciliation.swept", extra={"sent_again": len(swept.sent_again), "stuck": len(swept.stuck)})
    flush_metrics()
    return {"sent_again": swept.sent_again, "stuck": swept.stuck}
