"""The bodies under one event: the one its analysis reads, and others that came later under the same id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from postcall.aws.batch_read import read_with_body
from postcall.aws.conditional import update_item_if
from postcall.aws.items import Item
from postcall.aws.payloads import Payloads
from postcall.aws.reanalysis import MAY_BE_ORDERED, order_values
from postcall.domain.clock import read_time, write_time
from postcall.domain.event import ReanalysisOrder, Source

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


@dataclass(frozen=True)
class StoredRevision:
    """One body; `is_used` is the one that the analysis reads. `source` is None for what came before it was noted."""

    sha256: str
    received_at: datetime
    source: Source | None
    body: bytes
    is_used: bool


class Revisions:
    """Reads and exchanges the bodies on an event's item."""

    def __init__(self, client: DynamoDBClient, table: str, payloads: Payloads) -> None:
        self._client = client
        self._table = table
        self._payloads = payloads

    def of(self, event_id: str) -> list[StoredRevision]:
        """Each body once, the used one first; none when they are gone.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        item, beside = self._item_and_body(event_id)
        found = [] if item is None else [_used(item), *_others(item)]
        return [
            StoredRevision(
                each["sha256"],
                read_time(each["at"]),
                Source(each["source"]) if each.get("source") else None,
                self._payloads.load(self._payloads.of_revision(each) or beside),
                is_used=number == 0,
            )
            for number, each in enumerate(found)
        ]

    def knows(self, event_id: str, sha256: str) -> bool:
        """Whether such a body is kept, used or not.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        item, _ = self._item_and_body(event_id)
        return item is not None and _find(item, sha256) is not None

    def use(self, event_id: str, sha256: str, order: ReanalysisOrder) -> bool:
        """Let the analysis read this body from now on, the other stays beside it, and order it: in one write.

        False when there is none such, another order is open, or the event was erased or has just changed.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        item, _ = self._item_and_body(event_id)
        wanted = None if item is None else _find(item, sha256)
        if item is None or wanted is None:
            return False
        exchange, values = (
            ("", {}) if sha256 == item["body_sha256"] else self._exchange(item, wanted, order.requested_at)
        )
        return update_item_if(
            self._client.update_item,
            self._table,
            {"event_id": event_id},
            f"SET reanalysis = :order{exchange}",
            condition=f"body_sha256 = :seen AND revision_count = :count AND {MAY_BE_ORDERED}",
            values={":seen": item["body_sha256"], ":count": item.get("revision_count", 0)}
            | order_values(order)
            | values,
            what="store.event_unchanged",
        )

    @staticmethod
    def _exchange(item: Item, wanted: Item, now: datetime) -> tuple[str, Item]:
        """What else the write sets and takes away, and its values."""
        rest = [each for each in _others(item) if each["sha256"] != wanted["sha256"]]
        key = wanted.get("key")  # none for the one that lies beside the event
        text = ", body_sha256 = :sha, payload_bytes = :bytes, revisions = :rest, updated_at = :now"
        values: Item = {
            ":sha": wanted["sha256"],
            ":bytes": wanted.get("bytes", 0),
            ":rest": [*rest, _used(item)],
            ":now": write_time(now),
        }
        if key:
            return f"{text}, payload_key = :key", values | {":key": key}
        return f"{text} REMOVE payload_key", values

    def _item_and_body(self, event_id: str) -> tuple[Item | None, Item]:
        """The event's item, if its body is still there and not erased, and what leads to the body beside it."""
        item, beside = read_with_body(self._client, self._table, event_id)
        is_there = item and "erased_at" not in item and (beside or self._payloads.of_event(item))
        return (item, beside) if is_there else (None, {})


def _used(item: Item) -> Item:
    """The body on the event itself, as a revision is written; once exchanged it is noted as it came at first."""
    return {
        "sha256": item["body_sha256"],
        "at": item["received_at"],
        "bytes": item.get("payload_bytes", 0),
        "source": item["source"],
        **({"key": item["payload_key"]} if "payload_key" in item else {}),
    }


def _find(item: Item, sha256: str) -> Item | None:
    return next((each for each in (_used(item), *_others(item)) if each["sha256"] == sha256), None)


def _others(item: Item) -> Iterator[Item]:
    """The newest of each content, without the one that is used."""
    by_content = {each["sha256"]: each for each in item.get("revisions", [])}
    return (each for sha256, each in by_content.items() if sha256 != item["body_sha256"])
