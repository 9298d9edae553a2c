"""What a person writes on an event in `webhook_events` to bring it on or to rest, if it stands as it was read."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from postcall.aws.event_item import listing, pending_key, write_closure
from postcall.aws.items import Item
from postcall.aws.transaction import commit, update_if
from postcall.domain.clock import write_time
from postcall.domain.event import CallEvent, Closure
from postcall.domain.said import said, store_said
from postcall.domain.status import UNDER_WAY, Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

CLOSED = said("event.closed")
_OFF_THE_INDEX = " REMOVE pending, pending_since"
_NOTHING_IS_GONE = "attribute_not_exists(erased_at) AND attribute_not_exists(superseded_by)"


class Interventions:
    """Each method is False when the event has moved since it was read, down to its open order."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def renew(self, event: CallEvent, *, now: datetime) -> bool:
        """Put the event at the beginning of the sweep's attention: its wait and its count begin anew.

        What a person closed stands again where it goes on, if its data was not erased meanwhile.
        """
        update = "SET pending = :pending, pending_since = :now, sweeps = :zero"
        values: Item = {":pending": pending_key(event.event_id), ":now": write_time(now), ":zero": 0}
        if event.resumes_at is None:
            return self._written(event, update, values)
        update += ", #status = :to, updated_at = :now REMOVE status_reason, listed_as"
        return self._written(event, update, values | {":to": event.resumes_at.value}, " AND " + _NOTHING_IS_GONE)

    def withdraw(self, event: CallEvent, *, now: datetime) -> bool:
        """Close the open order; an event that is under way stays in the index, one at rest leaves it."""
        if event.open_order is None:
            return False
        update = "SET resend_order.is_open = :false, updated_at = :now"
        values: Item = {":false": False, ":now": write_time(now)}
        if event.status in UNDER_WAY:
            update += ", pending = :pending, pending_since = :now, sweeps = :zero"
            values |= {":pending": pending_key(event.event_id), ":zero": 0}
        else:
            update += _OFF_THE_INDEX
        return self._written(event, update, values)

    def close(self, event: CallEvent, closure: Closure) -> bool:
        """To `excluded`, with who closed it and why; an open order is closed with it."""
        sets, _, more = listing(Status.EXCLUDED, delivered=False, attempts=event.attempts)
        update = f"SET #status = :to, status_reason = :sentence, updated_at = :now, closure = :closure{sets}"
        values: Item = {
            ":to": Status.EXCLUDED.value,
            ":sentence": store_said(CLOSED),
            ":now": write_time(closure.closed_at),
            ":closure": write_closure(closure),
        } | more
        if event.open_order is not None:
            update += ", resend_order.is_open = :false"
            values[":false"] = False
        return self._written(event, f"{update}{_OFF_THE_INDEX}, lease_expires_at", values)

    def _written(self, event: CallEvent, update: str, values: Item, more: str = "") -> bool:
        """A transaction of one step carries a token: repeated by the AWS client, it is not taken for another's."""
        values = values | {":seen": event.status.value, ":attempts": event.attempts, ":true": True}
        if event.open_order is None:
            same_order = "(attribute_not_exists(resend_order) OR resend_order.is_open <> :true)"
        else:
            same_order = "resend_order.is_open = :true AND resend_order.order_id = :order"
            values[":order"] = event.open_order.order_id
        condition = f"#status = :seen AND attempts = :attempts AND {same_order}{more}"
        step = update_if(self._table, {"event_id": event.event_id}, update, condition, values)
        return commit(self._client, [step], what="The event")
