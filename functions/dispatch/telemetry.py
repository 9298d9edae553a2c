"""What dispatch says about its work: one log line an attempt and its counts, nothing personal."""

from __future__ import annotations

from typing import Any

from functions.dispatch.usecases.dispatch import Dispatched
from postcall.aws.observe import count, logger
from postcall.domain.errors import PostcallError, Unavailable
from postcall.domain.outcome import Outcome

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


def report_done(done: Dispatched) -> None:
    """The canonical line of an attempt, or of a message that asked for none, and its count."""
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


def report_waiting(message_id: str, error: Unavailable, *, seconds: int) -> None:
    """A message that waits: why, and for how long."""
    logger().info("dispatch.waits", extra={"message_id": message_id, "reason": str(error), "seconds": seconds})


def report_not_escalated(event_id: str, error: PostcallError) -> None:
    """An event of which the sweep has to tell a person, since dispatch could not write that it did."""
    logger().warning("dispatch.not_noted", extra={"event_id": event_id, "reason": str(error)})


def report_unnoted_retry(event_id: str, error: PostcallError) -> None:
    """An event whose page cannot say when it is tried next; it is tried all the same."""
    logger().warning("dispatch.retry_not_noted", extra={"event_id": event_id, "reason": str(error)})


def report_breaker(metric: str) -> None:
    """The circuit to the CRM has opened or closed."""
    count(metric)
    logger().warning("dispatch.breaker", extra={"transition": metric})


def report_probed(probe: str, run: str, *, http_status: int | None, transport: str) -> None:
    """A probe of the acceptance kit."""
    log_fields = {"probe": probe, "run": run, "http_status": http_status, "transport": transport}
    logger().info("dispatch.probed", extra=log_fields)
