"""`webhook_events` in DynamoDB: one item a call event, every change of status a conditional write."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.batch_read import read_with_body
from postcall.aws.conditional import put_if, update_item_if
from postcall.aws.items import Item, from_item
from postcall.aws.reanalysis import read_reanalysis
from postcall.aws.transaction import commit, put, put_new
from postcall.domain.clock import read_time, write_time
from postcall.domain.errors import Unavailable
from postcall.domain.event import CallEvent, Closure, Erasure, IncomingCall, ResendOrder, Source
from postcall.domain.event_id import api_event_id, body_id
from postcall.domain.said import read_said, said, write_said
from postcall.domain.status import SUPERSEDED, SURELY_NO_LEAD, UNDER_WAY, Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from postcall.aws.payloads import Payloads

PENDING = "1"
STALLED = "stuck"
UNESCALATED = "unescalated"  # in the pending index and yet at rest: a person has still to be told
LONGEST_KEY_BYTES = 2_048  # DynamoDB's limit of a partition key
REVISIONS_KEPT = 20  # an event that is revised without end must not grow its item without end


class EventTable:
    """The table behind intake, and what every later step asks of an event."""

    def __init__(self, client: DynamoDBClient, table: str, payloads: Payloads | None, *, ttl_days: int) -> None:
        """`payloads` is None for the steps that never touch a body."""
        self._client = client
        self._table = table
        self._bodies = payloads
        self._ttl = timedelta(days=ttl_days)

    @property
    def _payloads(self) -> Payloads:
        if self._bodies is None:
            raise RuntimeError(said("store.no_payload_access"))
        return self._bodies

    def add(self, call: IncomingCall, *, now: datetime) -> bool:
        """Store a new event with its body; False when its id is known.

        The body lies beside the event, in an item of its own that is written in the same transaction and never again:
        every change of the event would be billed on its size. A large one is stored in the bucket before the item that
        points to it; and not even stored when its event is known: else each repeat would leave an object behind, also
        below an event that was erased.
        """
        if self._payloads.needs_an_object(call.body) and self._item(call.event_id) is not None:
            return False
        item = _new_item(call, now=now, expires_at=now + self._ttl)
        body = self._payloads.store(call.event_id, call.body, sha256=call.body_sha256)
        if "payload" not in body:
            unknown = "attribute_not_exists(event_id)"
            return put_if(self._client.put_item, self._table, item | body, unknown, what="store.event_unstored")
        beside = {"event_id": body_id(call.event_id), "expires_at": item["expires_at"], **body}
        new = put_new(self._table, item, key="event_id")
        return commit(self._client, [new, put(self._table, beside)], what="record.event")

    def record_duplicate(self, call: IncomingCall, *, now: datetime) -> CallEvent:
        """Count a repeat of a known event; another body is kept as a revision. Returns the event as it was before.

        Raises:
            Unavailable: What it asks does not answer now; later can help.
        """
        known = self.get(call.event_id)
        if known is None:
            raise Unavailable(said("store.event_vanished"))
        update = "ADD duplicate_count :one SET last_duplicate_at = :now"
        values: Item = {":one": 1, ":now": write_time(now)}
        if _is_a_revision(call, known):
            revision = {
                "sha256": call.body_sha256,
                "at": write_time(now),
                "bytes": len(call.body),
                "source": call.source.value,
            }
            revision["key"] = self._payloads.keep_revision(call.event_id, call.body, sha256=call.body_sha256)
            update = (
                "ADD duplicate_count :one, revision_count :one "
                "SET last_duplicate_at = :now, revisions = list_append(if_not_exists(revisions, :none), :revision)"
            )
            values |= {":none": [], ":revision": [revision]}
        known_event = "attribute_exists(event_id)"
        if not self._update(call.event_id, update, values, condition=known_event, what="store.repeat_unnoted"):
            raise Unavailable(said("store.event_vanished"))
        return known

    def get(self, event_id: str) -> CallEvent | None:
        """The event as it stands now (a strongly consistent read), or None."""
        item = self._item(event_id)
        return None if item is None else read_event(item)

    def find(self, given: str) -> CallEvent | None:
        """The event that a person means: a signed or fetched one goes before one of our own systems' of the same id."""
        return self.get(given) or self.get(api_event_id(given))

    def supersede(self, event: CallEvent, *, by: str, now: datetime) -> bool:
        """Mark an event as weaker than another of its id; nothing of it is sent any more. False when it has moved."""
        update = "SET superseded_by = :by, status_reason = :reason, updated_at = :now"
        values: Item = {":by": by, ":reason": write_said(said(SUPERSEDED)), ":now": write_time(now)}
        if event.status in SURELY_NO_LEAD:
            update += ", #status = :excluded"
            values[":excluded"] = Status.EXCLUDED.value
        if event.order is not None:
            update += ", resend_order.is_open = :false"
            values[":false"] = False
        if event.status in SURELY_NO_LEAD:
            update += " REMOVE pending, pending_since, lease_expires_at"
        return self._changed_if(event, update, values, " AND attribute_not_exists(erased_at)")

    def payload(self, event_id: str) -> bytes:
        """The bytes the event came with.

        Raises:
            Unavailable: They are not to be had.
        """
        item, beside = read_with_body(self._client, self._table, event_id)
        if item is None:
            raise Unavailable(said("store.event_gone"))
        return self._payloads.load(self._payloads.of_event(item) or beside)

    def bodies_of(self, event_id: str) -> tuple[bytes, ...]:
        """All that the event came with, its revisions too; none when they are gone.

        Raises:
            Unavailable: What it asks does not answer now; later can help.
        """
        item, beside = read_with_body(self._client, self._table, event_id)
        if item is None:
            return ()
        revisions = (self._payloads.of_revision(revision) for revision in item.get("revisions", []))
        found = [lead for lead in (beside, self._payloads.of_event(item), *revisions) if lead]
        return tuple(self._payloads.load(each) for each in found)

    def order_resend(self, event: CallEvent, order: ResendOrder, *, now: datetime) -> bool:
        """Write a resend order on the event, if the event still stands as it was read and has no open order."""
        return self._changed_if(
            event,
            "SET resend_order = :order, pending = :one, pending_since = :now, updated_at = :now, sweeps = :zero",
            {":order": write_order(order), ":one": PENDING, ":now": write_time(now), ":true": True, ":zero": 0},
            " AND (attribute_not_exists(resend_order) OR resend_order.is_open <> :true)"
            " AND attribute_not_exists(erased_at)",
        )

    def close_order(self, event: CallEvent, *, waits: bool, now: datetime) -> bool:
        """Close an order that turned out to have nothing to do; `waits` marks the event until a person is told.

        An event that is under way stays in the index.
        """
        update, values = "SET resend_order.is_open = :false", {}
        if event.status not in UNDER_WAY:
            update += " REMOVE pending, pending_since"
        if waits:
            update = "SET resend_order.is_open = :false, pending = :unescalated, pending_since = :now"
            values = {":unescalated": UNESCALATED, ":now": write_time(now)}
        return self._changed_if(
            event,
            update,
            values | {":false": False, ":order": event.order.order_id if event.order else ""},
            " AND resend_order.order_id = :order",
        )

    def _changed_if(self, event: CallEvent, update: str, values: Item, more: str = "") -> bool:
        return self._update(
            event.event_id,
            update,
            values | {":status": event.status.value, ":attempts": event.attempts},
            condition="#status = :status AND attempts = :attempts" + more,
            names={"#status": "status"},
        )

    def _update(
        self,
        event_id: str,
        update: str,
        values: Item,
        *,
        condition: str,
        what: str = "store.event_unchanged",
        names: dict[str, str] | None = None,
    ) -> bool:
        write, key = self._client.update_item, {"event_id": event_id}
        return update_item_if(
            write, self._table, key, update, condition=condition, values=values, what=what, names=names
        )

    def _item(self, event_id: str) -> Item | None:
        if not is_a_key(event_id):
            return None  # nothing can be stored under it
        try:
            answer = self._client.get_item(
                TableName=self._table,
                Key={"event_id": {"S": event_id}},
                ConsistentRead=True,
            )
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.event_unread")) from error
        item = from_item(answer.get("Item", {}))
        return item if "status" in item else None  # other items lie in namespaces of their own


def is_a_key(text: str) -> bool:
    """Whether an item may have this key: DynamoDB refuses an empty, a too long and an unencodable one."""
    try:
        return 0 < len(text.encode()) <= LONGEST_KEY_BYTES
    except UnicodeEncodeError:  # a lone surrogate
        return False


def _new_item(call: IncomingCall, *, now: datetime, expires_at: datetime) -> Item:
    moment = write_time(now)
    waits = call.excluded_because is None
    return {
        "event_id": call.event_id,
        "source": call.source.value,
        "type": call.type,
        "status": (Status.RECEIVED if waits else Status.EXCLUDED).value,
        "status_reason": write_said(call.excluded_because),
        "agent_id": call.agent_id,
        "agent_name": call.agent_name,
        "conversation_id": call.conversation_id,
        "brought_by": call.brought_by,
        "event_timestamp": call.event_timestamp,
        "received_at": moment,
        "updated_at": moment,
        "day": moment[:10],
        "body_sha256": call.body_sha256,
        "payload_bytes": len(call.body),
        "attempts": 0,
        "duplicate_count": 0,
        "revision_count": 0,
        "pending": "1" if waits else None,
        "pending_since": moment if waits else None,
        "expires_at": int(expires_at.timestamp()),
    }


def _is_a_revision(call: IncomingCall, known: CallEvent) -> bool:
    """Another body that is worth keeping; an erased event's must not come back by a repeated webhook."""
    another = known.body_sha256 != call.body_sha256
    return another and known.revision_count < REVISIONS_KEPT and known.erased_at is None


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
        status=Status(item["status"]),
        status_reason=read_said(item.get("status_reason")),
        received_at=read_time(item["received_at"]),
        updated_at=read_time(item["updated_at"]),
        body_sha256=item.get("body_sha256", ""),
        payload_bytes=item.get("payload_bytes", 0),
        agent_id=item.get("agent_id"),
        agent_name=item.get("agent_name"),
        conversation_id=item.get("conversation_id"),
        brought_by=item.get("brought_by"),
        event_timestamp=item.get("event_timestamp"),
        duplicate_count=item.get("duplicate_count", 0),
        revision_count=item.get("revision_count", 0),
        attempts=item.get("attempts", 0),
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
