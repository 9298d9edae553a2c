"""The quarantine in DynamoDB: an item a refused webhook, and one a budget and day that counts, so all is bounded."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.conditional import put_if, update_item_if
from postcall.aws.event_item import is_a_key
from postcall.aws.items import Item, from_item
from postcall.domain.clock import read_time, write_time
from postcall.domain.errors import Unavailable
from postcall.domain.quarantine import Kind, Limits, Quarantined
from postcall.domain.said import read_said, said, store_said

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from postcall.aws.payloads import Payloads

FOLDER = "quarantine"  # in the payload bucket
_COUNTER_DAYS = 2
_UNWRITTEN = "quarantine.unwritten"
_TRIES = 3  # against others who count in the same moment
_SAME_MINUTE = (
    "ADD #entries :one, #bytes :size, #in_minute :one",
    "#minute = :minute AND #in_minute < :per_minute AND #entries < :per_day AND #bytes <= :room",
)
_NEXT_MINUTE = (
    "SET #minute = :minute, #in_minute = :one, expires_at = :expires ADD #entries :one, #bytes :size",
    "attribute_not_exists(quarantine_id) OR (#minute < :minute AND #entries < :per_day AND #bytes <= :room)",
)


class QuarantineTable:
    """The table behind the quarantine. `payloads` must keep its bodies in the folder `FOLDER`."""

    def __init__(self, client: DynamoDBClient, table: str, payloads: Payloads, *, ttl_days: int) -> None:
        self._client = client
        self._table = table
        self._payloads = payloads
        self._ttl = timedelta(days=ttl_days)

    def admit(self, budget: str, size: int, *, limits: Limits, now: datetime) -> bool:
        """Count one more of this budget; False when a limit is reached, which is seen by a look, without a write.

        A write that its condition refuses is billed as one that it takes: so each try looks first, and only who meets
        another in the same moment writes in vain.

        Raises:
            Unavailable: DynamoDB or S3 does not answer now.
        """
        for _ in range(_TRIES):
            count = self._item(_counter(budget, now))
            if _is_used_up(count, size, limits=limits, now=now):
                return False
            step = _SAME_MINUTE if count.get("minute") == _minute(now) else _NEXT_MINUTE
            if self._counted(budget, size, *step, limits=limits, now=now):
                return True
        return False

    def keep(self, entry: Quarantined, body: bytes) -> bool:
        """Store an entry with its bytes; False when it is there already.

        Raises:
            Unavailable: DynamoDB or S3 does not answer now.
        """
        item = _item(entry, expires_at=entry.received_at + self._ttl)
        item |= self._payloads.store(entry.quarantine_id, body, sha256=entry.quarantine_id)
        unknown = "attribute_not_exists(quarantine_id)"
        return put_if(self._client.put_item, self._table, item, unknown, what=_UNWRITTEN)

    def get(self, quarantine_id: str) -> Quarantined | None:
        """An entry, or None.

        Raises:
            Unavailable: DynamoDB or S3 does not answer now.
        """
        item = self._read(quarantine_id)
        return None if item is None else read_entry(item)

    def body(self, quarantine_id: str) -> bytes:
        """The bytes as they came.

        Raises:
            Unavailable: Also when they are not kept any more.
        """
        return self._payloads.load(self._read(quarantine_id) or {})

    def release(self, entry: Quarantined, *, event_id: str | None, by: str | None, now: datetime) -> None:
        """Note what became of an entry and by whom, and delete its bytes: they are the event's now.

        Raises:
            Unavailable: DynamoDB or S3 does not answer now.
        """
        item = self._read(entry.quarantine_id) or {}
        values: Item = {":now": write_time(now), ":event_id": event_id or "", ":by": by or ""}
        update_item_if(
            self._client.update_item,
            self._table,
            {"quarantine_id": entry.quarantine_id},
            "SET released_at = :now, event_id = :event_id, released_by = :by REMOVE payload, payload_key",
            condition="attribute_exists(quarantine_id)",
            values=values,
            what=_UNWRITTEN,
        )
        self._payloads.forget(item)

    def discard(self, quarantine_id: str) -> bool:
        """Delete an entry with its bytes; False when there is none.

        Raises:
            Unavailable: DynamoDB or S3 does not answer now.
        """
        item = self._read(quarantine_id)
        if item is None:
            return False
        self._payloads.forget(item)
        try:  # without a condition: a deletion that the AWS client repeats has had its effect
            self._client.delete_item(TableName=self._table, Key={"quarantine_id": {"S": quarantine_id}})
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said(_UNWRITTEN)) from error
        return True

    def _counted(self, budget: str, size: int, update: str, condition: str, *, limits: Limits, now: datetime) -> bool:
        values: Item = {
            ":one": 1,
            ":size": size,
            ":minute": _minute(now),
            ":per_minute": limits.entries_per_minute,
            ":per_day": limits.entries_per_day,
            ":room": limits.bytes_per_day - size,
            ":expires": int((now + timedelta(days=_COUNTER_DAYS)).timestamp()),
        }
        both = update + condition
        names = ("entries", "bytes", "minute", "in_minute")
        return update_item_if(
            self._client.update_item,
            self._table,
            {"quarantine_id": _counter(budget, now)},
            update,
            condition=condition,
            values={name: value for name, value in values.items() if name in both},
            what=_UNWRITTEN,
            names={f"#{name}": name for name in names},
        )

    def _read(self, quarantine_id: str) -> Item | None:
        """An entry's item; a counter is none."""
        item = self._item(quarantine_id) if is_a_key(quarantine_id) else {}
        return item if "kind" in item else None

    def _item(self, quarantine_id: str) -> Item:
        try:
            answer = self._client.get_item(
                TableName=self._table, Key={"quarantine_id": {"S": quarantine_id}}, ConsistentRead=True
            )
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("quarantine.unread")) from error
        return from_item(answer.get("Item", {}))


def _counter(budget: str, now: datetime) -> str:
    """The key of a day's count."""
    return f"counter:{budget}:{write_time(now)[:10]}"


def _minute(now: datetime) -> str:
    return write_time(now)[:16]


def _is_used_up(count: Item, size: int, *, limits: Limits, now: datetime) -> bool:
    """Whether a budget's count, or none yet, leaves no room for one more."""
    if not count:
        return False
    full_minute = count["minute"] == _minute(now) and count["in_minute"] >= limits.entries_per_minute
    full_day = count["entries"] >= limits.entries_per_day or count["bytes"] > limits.bytes_per_day - size
    return bool(full_minute or full_day)


def _item(entry: Quarantined, *, expires_at: datetime) -> Item:
    moment = write_time(entry.received_at)
    return {
        "quarantine_id": entry.quarantine_id,
        "kind": entry.kind.value,
        "reason": store_said(entry.reason),
        "received_at": moment,
        "day": moment[:10],
        "bytes": entry.bytes,
        "signature": entry.signature,
        "expires_at": int(expires_at.timestamp()),
    }


def read_entry(item: Item) -> Quarantined:
    """An entry from its item, or from the index's share of it (without the signature and who released it)."""
    released = item.get("released_at")
    return Quarantined(
        quarantine_id=item["quarantine_id"],
        kind=Kind(item["kind"]),
        reason=read_said(item["reason"]),
        received_at=read_time(item["received_at"]),
        bytes=item["bytes"],
        signature=item.get("signature"),
        released_at=None if released is None else read_time(released),
        released_by=item.get("released_by") or None,
        event_id=item.get("event_id") or None,
    )
