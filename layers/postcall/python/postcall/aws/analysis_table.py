"""`analyses` in DynamoDB: one item a revision; recording one and moving the event on is one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.event_item import pending_key
from postcall.aws.items import Item, from_item
from postcall.aws.packing import pack_json, unpack_json
from postcall.aws.transaction import commit, put_new, update_if
from postcall.domain.analysis import Analysis, RecordedAnalysis
from postcall.domain.clock import read_time, write_time
from postcall.domain.contact_key import contact_keys
from postcall.domain.errors import Unavailable
from postcall.domain.name_key import name_keys
from postcall.domain.record import contact_values, read_analysis, write_analysis
from postcall.domain.said import said
from postcall.domain.status import Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

FIRST_REVISION = 1  # a call's first analysis; further ones are ordered, and the order stands on the event
LISTED = ("phone_key", "email_key", "name_keys", "topic", "intent", "quality_score")  # on the event, from its analysis


class AnalysisTable:
    """The table behind the analysis; dispatch and operations read it."""

    def __init__(
        self,
        client: DynamoDBClient,
        *,
        analyses: str,
        events: str,
        ttl_days: int,
        search_key: Callable[[], bytes] = bytes,
    ) -> None:
        """`search_key` gives the key under which a contact is indexed; an empty one leaves contacts out."""
        self._client = client
        self._search_key = search_key
        self._analyses = analyses
        self._events = events
        self._ttl = timedelta(days=ttl_days)

    @property
    def table(self) -> str:
        """Its own name."""
        return self._analyses

    def record(self, recorded: RecordedAnalysis) -> bool:
        """Store an analysis and move its event from `received` to `analyzed`; False when it has moved already."""
        moment = write_time(recorded.recorded_at)
        put = put_new(self._analyses, self._item(recorded), key="event_id")
        contact = contact_values(recorded.analysis.contact)
        listed = self._listed(recorded.analysis, contact)
        move = update_if(
            self._events,
            {"event_id": recorded.event_id},
            "SET #status = :analyzed, updated_at = :now, pending = :pending, "
            "pending_since = if_not_exists(pending_since, :now), "
            "contact = :contact, needs_review = :needs_review, sweeps = :zero"
            + "".join(f", {name} = :{name}" for name in listed),
            "#status = :received",
            {
                ":analyzed": Status.ANALYZED.value,
                ":received": Status.RECEIVED.value,
                ":now": moment,
                ":pending": pending_key(recorded.event_id),
                ":zero": 0,
                ":contact": contact,
                ":needs_review": recorded.analysis.needs_review,
            }
            | {f":{name}": value for name, value in listed.items()},
        )
        return commit(self._client, [put, move], what="record.analysis")

    def record_again(self, recorded: RecordedAnalysis, *, order_id: str) -> bool:
        """Store a revision that was ordered, and close its order; the event's status stays. False when it is closed."""
        put = put_new(self._analyses, self._item(recorded), key="event_id")
        contact = contact_values(recorded.analysis.contact)
        listed = self._listed(recorded.analysis, contact)
        gone = [name for name in LISTED if name not in listed]
        take = update_if(
            self._events,
            {"event_id": recorded.event_id},
            "SET updated_at = :now, contact = :contact, needs_review = :needs_review, reanalysis.is_open = :false"
            + "".join(f", {name} = :{name}" for name in listed)
            + (f" REMOVE {', '.join(gone)}" if gone else ""),
            "reanalysis.order_id = :order_id AND reanalysis.is_open = :true AND attribute_not_exists(erased_at)",
            {
                ":now": write_time(recorded.recorded_at),
                ":contact": contact,
                ":needs_review": recorded.analysis.needs_review,
                ":order_id": order_id,
                ":true": True,
                ":false": False,
            }
            | {f":{name}": value for name, value in listed.items()},
        )
        take["Update"].pop("ExpressionAttributeNames")  # the status is not touched
        return commit(self._client, [put, take], what="record.analysis")

    def _listed(self, analysis: Analysis, contact: dict[str, str]) -> Item:
        """What lists and search need of an analysis, of `LISTED` whatever has a value."""
        key = self._search_key()
        values: Item = {
            **contact_keys(contact, key),
            "name_keys": name_keys(contact.get("full_name", ""), key) or None,
            "topic": analysis.topic,
            "intent": analysis.intent,
            "quality_score": analysis.quality_score,
        }
        return {name: value for name, value in values.items() if value is not None}

    def latest(self, event_id: str) -> RecordedAnalysis | None:
        """The newest revision, or None."""
        revisions = self._query(event_id, limit=1)
        return revisions[0] if revisions else None

    def all(self, event_id: str) -> list[RecordedAnalysis]:
        """Every revision, newest first."""
        return self._query(event_id, limit=50)

    def _query(self, event_id: str, *, limit: int) -> list[RecordedAnalysis]:
        try:
            answer = self._client.query(
                TableName=self._analyses,
                KeyConditionExpression="event_id = :event_id",
                ExpressionAttributeValues={":event_id": {"S": event_id}},
                ScanIndexForward=False,
                ConsistentRead=True,
                Limit=limit,
            )
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.analysis_unread")) from error
        return [read_recorded(from_item(item)) for item in answer["Items"]]

    def _item(self, recorded: RecordedAnalysis) -> Item:
        analysis = recorded.analysis
        return {
            "event_id": recorded.event_id,
            "revision": recorded.revision,
            "recorded_at": write_time(recorded.recorded_at),
            "source": analysis.source.value,
            "model": analysis.model,
            "prompt_version": analysis.prompt_version,
            "needs_review": analysis.needs_review,
            "cost_usd": analysis.usage.cost_usd,
            "analysis": pack_json(write_analysis(analysis)),
            "requested_by": recorded.requested_by,
            "reason": recorded.reason,
            "expires_at": int((recorded.recorded_at + self._ttl).timestamp()),
        }


def read_recorded(item: Item) -> RecordedAnalysis:
    """The analysis behind an item."""
    return RecordedAnalysis(
        event_id=item["event_id"],
        revision=item["revision"],
        recorded_at=read_time(item["recorded_at"]),
        analysis=read_analysis(unpack_json(item["analysis"])),
        requested_by=item.get("requested_by"),
        reason=item.get("reason"),
    )
