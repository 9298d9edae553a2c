"""An event as it lies in `webhook_events`: its item, and what of it is written anew, to domain values and back."""

from __future__ import annotations

from datetime import date, datetime
from zlib import crc32

from postcall.aws.items import Item
from postcall.aws.reanalysis import read_reanalysis
from postcall.domain.clock import read_time, write_time
from postcall.domain.event import CallEvent, Closure, Erasure, IncomingCall, ResendOrder, Source
from postcall.domain.said import read_said, store_said
from postcall.domain.status import PASSING, Status

_PENDING = "1"  # every call is in the index under it: its entries are spread, since a partition takes so much only
_PENDING_PARTITIONS = 8
STALLED = "stuck"
UNESCALATED = "unescalated"  # in the pending index and yet at rest: a person has still to be told
LONGEST_KEY_BYTES = 2_048  # DynamoDB's limit of a partition key

# What `by_day` and `by_status` hold of an event, beside their keys: an index is never changed in place.
LISTED = (
    "source",
    "type",
    "agent_id",
    "agent_name",
    "conversation_id",
    "listed_as",
    "status_reason",
    "updated_at",
    "listed_attempts",
    "revision_count",
    "needs_review",
    "delivered_at",
    "erased_at",
    "topic",
    "intent",
    "quality_score",
    "name_keys",
    "contact",
)


def pending_key(event_id: str) -> str:
    """Where in the index `pending` an event waits to be moved."""
    return f"{_PENDING}.{crc32(event_id.encode()) % _PENDING_PARTITIONS}"


def pending_keys() -> list[str]:
    """All that `pending_key` can be."""
    return [f"{_PENDING}.{number}" for number in range(_PENDING_PARTITIONS)]


def day_key(day: date, event_id: str, partitions: int) -> str:
    """Where in the index `by_day` an event is."""
    return day_keys(day, partitions)[crc32(event_id.encode()) % partitions]


def day_keys(day: date, partitions: int) -> list[str]:
    """All partitions of a day; the first of them is the day itself."""
    return [day.isoformat(), *(f"{day.isoformat()}.{number}" for number in range(1, partitions))]


def listing(status: Status, *, delivered: bool, attempts: int) -> tuple[str, str, Item]:
    """How the lists follow a status: what an update sets besides, what it removes, and the values.

    Lists are told where a call comes to rest, in the words of `listed_as`, which is also the key of `by_status`. One
    that is delivered has none and its time; one on its first way has neither, and its item tells where it stands.
    """
    if status in PASSING and not delivered:
        return "", ", listed_as", {}
    if status is Status.DELIVERED:
        return ", listed_attempts = :listed_attempts", ", listed_as", {":listed_attempts": attempts}
    values = {":listed_as": status.value, ":listed_attempts": attempts}
    return ", listed_as = :listed_as, listed_attempts = :listed_attempts", "", values


def is_passing(item: Item) -> bool:
    """Whether an index's share of an event does not tell where it stands."""
    return "status" not in item and "listed_as" not in item and "delivered_at" not in item


def is_a_key(text: str) -> bool:
    """Whether an item may have this key: DynamoDB refuses an empty, a too long and an unencodable one."""
    try:
        return 0 < len(text.encode()) <= LONGEST_KEY_BYTES
    except UnicodeEncodeError:  # a lone surrogate
        return False


def new_item(call: IncomingCall, *, now: datetime, expires_at: datetime, day_partitions: int) -> Item:
    """The item of an event that has just come."""
    moment = write_time(now)
    waits = call.excluded_because is None
    listed = None if waits else Status.EXCLUDED.value
    return {
        "event_id": call.event_id,
        "source": call.source.value,
        "type": call.type,
        "status": (Status.RECEIVED if waits else Status.EXCLUDED).value,
        "status_reason": store_said(call.excluded_because),
        "agent_id": call.agent_id,
        "agent_name": call.agent_name,
        "conversation_id": call.conversation_id,
        "brought_by": call.brought_by,
        "event_timestamp": call.event_timestamp,
        "received_at": moment,
        "updated_at": moment,
        "day": day_key(date.fromisoformat(moment[:10]), call.event_id, day_partitions),
        "listed_as": listed,
        "body_sha256": call.body_sha256,
        "payload_bytes": len(call.body),
        "attempts": 0,
        "duplicate_count": 0,
        "revision_count": 0,
        "pending": pending_key(call.event_id) if waits else None,
        "pending_since": moment if waits else None,
        "expires_at": int(expires_at.timestamp()),
    }


def write_order(order: ResendOrder) -> Item:
    """A resend order as a map on the event."""
    return {
        "order_id": order.order_id,
        "requested_by": order.requested_by,
        "requested_at": write_time(order.requested_at),
        "forced": order.forced,
        "is_open": order.is_open,
        "reason": order.reason,
    }


def read_event(item: Item) -> CallEvent:
    """An event from its item, or from an index's share of it."""
    order = item.get("resend_order")
    return CallEvent(
        event_id=item["event_id"],
        source=Source(item["source"]),
        type=item["type"],
        status=_status(item),
        status_reason=read_said(item.get("status_reason")),
        received_at=read_time(item["received_at"]),
        updated_at=read_time(max(item["updated_at"], item.get("claimed_at", ""))),
        body_sha256=item.get("body_sha256", ""),
        payload_bytes=item.get("payload_bytes", 0),
        agent_id=item.get("agent_id"),
        agent_name=item.get("agent_name"),
        conversation_id=item.get("conversation_id"),
        brought_by=item.get("brought_by"),
        event_timestamp=item.get("event_timestamp"),
        duplicate_count=item.get("duplicate_count", 0),
        revision_count=item.get("revision_count", 0),
        attempts=item["attempts"] if "attempts" in item else item.get("listed_attempts", 0),
        needs_review=item.get("needs_review", False),
        delivered_at=_time(item.get("delivered_at")),
        lease_expires_at=_time(item.get("lease_expires_at")),
        pending_since=None if item.get("pending") == UNESCALATED else _time(item.get("pending_since")),
        sweeps=item.get("sweeps", 0),
        stalled=item.get("pending") == STALLED,
        order=None if order is None else _read_order(order),
        contact=item.get("contact", {}),
        topic=item.get("topic"),
        intent=item.get("intent"),
        quality_score=item.get("quality_score"),
        erased_at=_time(item.get("erased_at")),
        erasure=_read_erasure(item["erasure"]) if "erasure" in item else None,
        reanalysis=read_reanalysis(item["reanalysis"]) if "reanalysis" in item else None,
        superseded_by=item.get("superseded_by"),
        closure=_read_closure(item["closure"]) if "closure" in item else None,
        retry_at=_time(item.get("retry_at")),
        receives=item.get("receives", 0),
    )


def _status(item: Item) -> Status:
    """An index's share of one without a halt (`is_passing`) is of a call that is under way."""
    if is_passing(item):
        return Status.RECEIVED
    return Status(item.get("status") or item.get("listed_as") or Status.DELIVERED)


def _read_order(order: Item) -> ResendOrder:
    return ResendOrder(
        order_id=order["order_id"],
        requested_by=order["requested_by"],
        requested_at=read_time(order["requested_at"]),
        forced=order["forced"],
        is_open=order["is_open"],
        reason=order.get("reason", ""),
    )


def write_erasure(erasure: Erasure) -> Item:
    """An erasure as a map on the event."""
    return {
        "erased_by": erasure.erased_by,
        "erased_at": write_time(erasure.erased_at),
        "reason": erasure.reason,
        "status_before": erasure.status_before,
        "kinds": list(erasure.kinds),
        "complete": erasure.complete,
    }


def _read_erasure(erasure: Item) -> Erasure:
    return Erasure(
        erased_by=erasure["erased_by"],
        erased_at=read_time(erasure["erased_at"]),
        reason=erasure["reason"],
        status_before=erasure["status_before"],
        kinds=tuple(erasure["kinds"]),
        complete=erasure["complete"],
    )


def write_closure(closure: Closure) -> Item:
    """A closure as a map on the event."""
    return {
        "closed_by": closure.closed_by,
        "closed_at": write_time(closure.closed_at),
        "reason": closure.reason,
        "status_before": closure.status_before,
    }


def _read_closure(closure: Item) -> Closure:
    return Closure(
        closed_by=closure["closed_by"],
        closed_at=read_time(closure["closed_at"]),
        reason=closure["reason"],
        status_before=closure["status_before"],
    )


def _time(text: str | None) -> datetime | None:
    return None if text is None else read_time(text)
