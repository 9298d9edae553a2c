"""What reconciliation did, told three times: in the result, in the log, in numbers."""

from __future__ import annotations

from typing import Any

from functions.reconciliation.usecases import ErasureFindings, Reconciled, Swept
from functions.reconciliation.webhook_health import WebhookHealth
from postcall.aws.ledger_table import LAST_RECONCILIATION, LAST_WEBHOOK_HEALTH
from postcall.aws.observe import count, logger
from postcall.domain.clock import write_time
from postcall.domain.errors import PostcallError
from postcall.domain.ledger import Ledger
from postcall.domain.said import said_members

__all__ = ["LAST_RECONCILIATION", "LAST_WEBHOOK_HEALTH"]
IDS_LOGGED = 100  # of each kind; the numbers count all of them
Result = dict[str, Any]


def swept(done: Swept) -> Result:
    """A sweep."""
    count("EventsSweptAgain", len(done.sent_again))
    count("EventsStalled", len(done.stalled))
    for event_id in done.stalled:
        logger().error("reconciliation.stalled", extra={"event_id": event_id})
    count("EventsNotEscalated", len(done.unescalated))
    for event_id in done.unescalated:
        logger().error("reconciliation.not_escalated", extra={"event_id": event_id})
    log_fields = {"sent_again": done.sent_again, "stalled": done.stalled, "unescalated": done.unescalated}
    logger().info("reconciliation.swept", extra={name: len(ids) for name, ids in log_fields.items()})
    return {"status": "done", **log_fields}


def erasures_checked(done: ErasureFindings) -> Result:
    """A look at what was erased."""
    count("ErasuresUnchecked", int(not done.complete))
    count("ErasedDataFound", len(done.found))
    found = [{"id": id_, "kinds": list(kinds)} for id_, kinds in list(done.found.items())[:IDS_LOGGED]]
    for each in found:
        logger().error("reconciliation.erased_data_found", extra=each)
    numbers = {"records": done.records, "found": len(done.found)}
    logger().info("reconciliation.erasures_checked", extra=numbers | {"complete": done.complete})
    return {"status": "done" if done.complete else "partial", "records": done.records, "found": found}


def reconciled(done: Reconciled) -> Result:
    """A search for what was never delivered."""
    numbers = {
        "listed": done.listed,
        "known": done.known,
        "waiting": done.waiting,
        "missed": len(done.missed),
        "taken_in": len(done.taken_in),
        "gone": len(done.gone),
        "failed": len(done.failed),
    }
    count("ReconcileRuns")
    if not done.dry_run:
        count("CallsMissed", len(done.taken_in))
        count("CallsNotFetched", len(done.failed))
    for event_id in done.taken_in:
        logger().warning("reconciliation.missed", extra={"event_id": event_id})
    for event_id, reason in done.failed.items():
        logger().error("reconciliation.not_fetched", extra={"event_id": event_id, "reason": reason})
    if done.stopped is not None:
        count("ElevenLabsUnavailable")
    log_fields = {"since": write_time(done.since), "dry_run": done.dry_run, "stopped": done.stopped}
    logger().info("reconciliation.reconciled", extra=log_fields | numbers)
    return {
        "status": _status(done),
        **({} if done.stopped is None else said_members("reason", done.stopped)),
        "since": write_time(done.since),
        "until": write_time(done.until),
        "dry_run": done.dry_run,
        **numbers,
        "ids": {
            "missed": done.missed[:IDS_LOGGED],
            "taken_in": done.taken_in[:IDS_LOGGED],
            "gone": done.gone[:IDS_LOGGED],
            "failed": list(done.failed)[:IDS_LOGGED],
        },
    }


def _status(done: Reconciled) -> str:
    if done.stopped is None:
        return "done"
    return "partial" if done.listed else "unavailable"


def health(found: WebhookHealth) -> Result:
    """The webhook's own health."""
    count("WebhookDisabled", int(found.disabled or found.missing))
    count("WebhookRetriesOff", int(found.retries_off))
    count("WebhookFailing", int(found.failing))
    result = {"status": "done", **found.report()}
    logger().info("reconciliation.webhook", extra={name: result[name] for name in ("missing", "disabled", "failing")})
    return result


def health_unknown(error: PostcallError) -> Result:
    """The webhook's health cannot be read, mostly because the key is not an administrator's."""
    logger().warning("reconciliation.webhook", extra={"reason": str(error)})
    return {"status": "unknown", **said_members("reason", str(error))}


def accounted(ledger: Ledger) -> None:
    """A day's ledger."""
    count("LedgerDifference", ledger.differences)
    numbers = {
        "conversations": ledger.conversations,
        "delivered": ledger.delivered,
        "missing": ledger.missing,
        "unlisted": ledger.unlisted,
    }
    log = logger().error if ledger.differences else logger().info
    log("reconciliation.ledger", extra={"day": ledger.day.isoformat(), **numbers})


def off(command: str, reason: str) -> Result:
    """There is no key."""
    count("ReconcileRuns", int(command == "reconcile"))
    logger().info("reconciliation.off", extra={"command": command, "reason": reason})
    return {"status": "off", **said_members("reason", reason)}


def failed(command: str, error: PostcallError) -> Result:
    """ElevenLabs refuses us, or is away: the next run tries again, and an alarm rings if that goes on."""
    count("ReconcileRuns", int(command == "reconcile"))
    count("ElevenLabsUnavailable")
    logger().warning("reconciliation.failed", extra={"command": command, "reason": str(error)})
    return {"status": "unavailable", **said_members("reason", str(error))}
