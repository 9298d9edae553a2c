"""What comes back of a restored table: whatever is missing, and of a call that was under way only its record.

Between the moment and the loss a lead may have been sent. So a call that was on its way is left to a person, who looks
in the CRM first; one that a worker held is judged by the sweep as after any worker's death.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from infra.names import Table
from postcall.aws.event_item import STALLED, pending_keys
from postcall.aws.items import to_attribute
from postcall.domain.clock import write_time
from postcall.domain.event_id import BODY_NAMESPACE, KEY_NAMESPACE
from postcall.domain.said import said, write_said
from postcall.domain.status import Status

Row = dict[str, Any]  # as DynamoDB writes it: attribute values by name
# In this order: an event that comes back finds its attempts and its analyses.
KEYS: Final[dict[Table, tuple[str, ...]]] = {
    "crm_dispatches": ("event_id", "attempt"),
    "analyses": ("event_id", "revision"),
    "quarantine": ("quarantine_id",),
    "ledgers": ("day",),
    "webhook_events": ("event_id",),
}
LEFT_OUT: Final[dict[Table, str]] = {"circuits": "whether the CRM answered at that moment says nothing about now"}


def has_expired(row: Row, now: datetime) -> bool:
    """Whether its time is over: DynamoDB would delete it anyway, and a restored table has no such rule."""
    return float(row.get("expires_at", {"N": "inf"})["N"]) <= now.timestamp()


def erased_with(table: Table, row: Row) -> str | None:
    """The event with whose erasure the row goes for good: an analysis, a body, or a key of the index by contact."""
    event_id: str = row.get("event_id", {}).get("S", "")
    if event_id.startswith(KEY_NAMESPACE):
        return event_id.split("/", 3)[-1]
    if event_id.startswith(BODY_NAMESPACE):
        return event_id.removeprefix(BODY_NAMESPACE)
    return event_id if table == "analyses" else None


def was_under_way(table: Table, row: Row) -> bool:
    """Whether the row is of a call that the sweep would send on by itself."""
    return (
        table == "webhook_events"
        and row.get("pending", {}).get("S") in pending_keys()
        and row.get("status", {}).get("S") != Status.SENDING.value
    )


def held(row: Row, moment: datetime, now: datetime) -> Row:
    """The row of a call that waits for a person, with the reason."""
    reason = write_said(said("restore.held", moment=write_time(moment)))
    return row | {
        "pending": {"S": STALLED},
        "pending_since": {"S": write_time(now)},
        "status_reason": to_attribute(reason),
    }
