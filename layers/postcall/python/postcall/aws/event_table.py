"""`webhook_events` in DynamoDB: one item a call event, every change of status a conditional write."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.batch_read import read_with_body
from postcall.aws.conditional import put_if, update_item_if
from postcall.aws.event_item import UNESCALATED, is_a_key, listing, new_item, pending_key, read_event, write_order
from postcall.aws.items import Item, from_item
from postcall.aws.transaction import absent, commit, failed_steps, put, put_new
from postcall.domain.clock import write_time
from postcall.domain.errors import Unavailable
from postcall.domain.event import Body, CallEvent, IncomingCall, ResendOrder
from postcall.domain.event_id import api_event_id, body_id
from postcall.domain.said import said, store_said
from postcall.domain.status import SUPERSEDED, SURELY_NO_LEAD, UNDER_WAY, Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from postcall.aws.payloads import Payloads

REVISIONS_KEPT = 20  # an event that is revised without end must not grow its item without end


class EventTable:
    """The table behind intake, and what every later step asks of an event."""

    def __init__(
        self,
        client: DynamoDBClient,
        table: str,
        payloads: Payloads | None,
        *,
        ttl_days: int,
        day_partitions: int = 1,
    ) -> None:
        """`payloads` is None for the steps that touch no body; `day_partitions` is for the one that adds events."""
        self._client = client
        self._table = table
        self._bodies = payloads
        self._ttl = timedelta(days=ttl_days)
        self._day_partitions = day_partitions

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
        if self._is_large_and_known(call):
            return False
        item, beside = self._new(call, now)
        if beside is None:
            unknown = "attribute_not_exists(event_id)"
            done = put_if(self._client.put_item, self._table, item, unknown, what="store.event_unstored")
            return done or self._empty_late(item)
        new = put_new(self._table, item, key="event_id")
        return commit(self._client, [new, put(self._table, beside)], what="record.event")

    def add_alone(self, call: IncomingCall, *, other: str, now: datetime) -> bool | None:
        """Store a new event as `add` does, if there is none with the `other` id; None when there is, and nothing is
        stored. False when its own id is known.
        """
        if self._is_large_and_known(call):
            return False
        item, beside = self._new(call, now)
        steps = [put_new(self._table, item, key="event_id")]
        if beside is not None:
            steps.append(put(self._table, beside))
        if is_a_key(other):
            steps.append(absent(self._table, {"event_id": other}))
        failed = failed_steps(self._client, steps, what="record.event")
        if not failed:
            return True
        return self._empty_late(item) if 0 in failed else None

    def _empty_late(self, item: Item) -> bool:
        """False: the event is known. Its body is emptied in the bucket, if it came there after an erasure."""
        known = self.get(item["event_id"]) if "payload_key" in item else None
        if known is not None and known.erased_at is not None:
            self._payloads.empty(item["payload_key"])
        return False

    def _is_large_and_known(self, call: IncomingCall) -> bool:
        return self._payloads.needs_an_object(call.body) and self._item(call.event_id) is not None

    def _new(self, call: IncomingCall, now: datetime) -> tuple[Item, Item | None]:
        """The event's item, and that of its body; none where the body lies in the bucket, as it does by then."""
        item = new_item(call, now=now, expires_at=now + self._ttl, day_partitions=self._day_partitions)
        body = self._payloads.store(call.event_id, call.body, sha256=call.body_sha256)
        if "payload" not in body:
            return item | body, None
        return item, {"event_id": body_id(call.event_id), "expires_at": item["expires_at"], **body}

    def record_duplicate(self, call: IncomingCall, *, seen: CallEvent | None = None, now: datetime) -> CallEvent:
        """Count a repeat of a known event, read here unless it was just seen; another body is kept as a revision.

        Returns the event as it was before, or as it was erased meanwhile.

        Raises:
            Unavailable: What it asks does not answer now; later can help.
        """
        known = seen or self.get(call.event_id)
        if known is None:
            raise Unavailable(said("store.event_vanished"))
        update = "ADD duplicate_count :one SET last_duplicate_at = :now"
        values: Item = {":one": 1, ":now": write_time(now)}
        if _is_a_revision(call, known):
            if self._add_revision(call, update, values):
                return known
            known = self.get(call.event_id) or known
        known_event = "attribute_exists(event_id)"
        if not self._update(call.event_id, update, values, condition=known_event, what="store.repeat_unnoted"):
            raise Unavailable(said("store.event_vanished"))
        return known

    def _add_revision(self, call: IncomingCall, update: str, values: Item) -> bool:
        """Keep another body and count it; False, and it is emptied, where its event was erased meanwhile."""
        key = self._payloads.keep_revision(call.event_id, call.body, sha256=call.body_sha256)
        revision = {
            "sha256": call.body_sha256,
            "at": values[":now"],
            "bytes": len(call.body),
            "source": call.source.value,
            "key": key,
        }
        done = self._update(
            call.event_id,
            update.replace(" SET ", ", revision_count :one SET ")
            + ", revisions = list_append(if_not_exists(revisions, :none), :revision)",
            values | {":none": [], ":revision": [revision]},
            condition="attribute_exists(event_id) AND attribute_not_exists(erased_at)",
            what="store.repeat_unnoted",
        )
        if not done:
            self._payloads.empty(key)
        return done

    def get(self, event_id: str) -> CallEvent | None:
        """The event as it stands now (a strongly consistent read), or None."""
        item = self._item(event_id)
        return None if item is None else read_event(item)

    def get_with_body(self, event_id: str) -> tuple[CallEvent, Body] | None:
        """The event as it stands now, and what gives the bytes it came with, read in one request; or None.

        Raises:
            Unavailable: What it asks does not answer now; later can help.
        """
        if not is_a_key(body_id(event_id)):
            return None  # nothing can be stored under it
        item, beside = read_with_body(self._client, self._table, event_id)
        if item is None or "status" not in item:
            return None
        body = {} if "erased_at" in item else self._payloads.of_event(item) or beside
        return read_event(item), partial(self._payloads.load, body)

    def find(self, given: str) -> CallEvent | None:
        """The event that a person means: a signed or fetched one goes before one of our own systems' of the same id."""
        return self.get(given) or self.get(api_event_id(given))

    def supersede(self, event: CallEvent, *, by: str, now: datetime) -> bool:
        """Mark an event as weaker than another of its id; nothing of it is sent any more. False when it has moved."""
        update = "SET superseded_by = :by, status_reason = :reason, updated_at = :now"
        values: Item = {":by": by, ":reason": store_said(said(SUPERSEDED)), ":now": write_time(now)}
        if event.status in SURELY_NO_LEAD:
            sets, _, more = listing(Status.EXCLUDED, delivered=False, attempts=event.attempts)
            update += f", #status = :excluded{sets}"
            values |= {":excluded": Status.EXCLUDED.value} | more
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
        found = self.get_with_body(event_id)
        if found is None:
            raise Unavailable(said("store.event_gone"))
        return found[1]()

    def bodies_of(self, event_id: str) -> tuple[bytes, ...]:
        """All that is there of what the event came with, its revisions too, whether it leads to them or not.

        What is no body of ours, as nobody could read it, is left out.

        Raises:
            Unavailable: What it asks does not answer now; later can help.
        """
        _, beside = read_with_body(self._client, self._table, event_id)
        found = [beside] if beside else []
        found += [{"payload_key": key} for key in self._payloads.keys_of(event_id)]
        return tuple(body for body in map(self._read, found) if body is not None)

    def _read(self, lead: Item) -> bytes | None:
        try:
            return self._payloads.load(lead)
        except zlib.error:
            return None

    def order_resend(self, event: CallEvent, order: ResendOrder, *, now: datetime) -> bool:
        """Write a resend order on the event, if the event still stands as it was read and has no open order."""
        return self._changed_if(
            event,
            "SET resend_order = :order, pending = :pending, pending_since = :now, updated_at = :now, sweeps = :zero",
            {
                ":order": write_order(order),
                ":pending": pending_key(event.event_id),
                ":now": write_time(now),
                ":true": True,
                ":zero": 0,
            },
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


def _is_a_revision(call: IncomingCall, known: CallEvent) -> bool:
    """Another body that is worth keeping; an erased event's must not come back by a repeated webhook."""
    another = known.body_sha256 != call.body_sha256
    return another and known.revision_count < REVISIONS_KEPT and known.erased_at is None
