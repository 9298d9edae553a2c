"""`crm_dispatches` in DynamoDB: one item an attempt; each attempt and the event's status change together.

The lock is optimistic: a writer names the status, the attempt number and the open order it saw, and loses if any of
them has changed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.attempt_item import read_attempt, write_attempt
from postcall.aws.event_item import UNESCALATED, listing, pending_key
from postcall.aws.items import Item, from_item
from postcall.aws.packing import pack_text
from postcall.aws.transaction import Step, commit, put_new, update_if
from postcall.domain.clock import write_time
from postcall.domain.errors import Unavailable
from postcall.domain.event import CallEvent
from postcall.domain.outcome import ATTEMPT_STATUS, RESTING_STATUS, Attempt, AttemptStatus, Outcome, Resolution, Verdict
from postcall.domain.said import said, store_said
from postcall.domain.status import NEEDS_ATTENTION, Status, may_be_resolved

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

ANSWER_KEPT_CHARACTERS = 4_000
ATTEMPTS_SHOWN = 100
STOPPED = said("dispatch.lease_over")
_CLEAR_PENDING = " REMOVE pending, pending_since, lease_expires_at"
# At rest, and yet in the index until a person is told: the worker that records it may stop before it says so.
_PENDING_ESCALATION = ", pending = :unescalated, pending_since = :now REMOVE lease_expires_at"


class DispatchTable:
    """The table behind dispatch; operations reads it."""

    def __init__(self, client: DynamoDBClient, *, dispatches: str, events: str, ttl_days: int) -> None:
        self._client = client
        self._dispatches = dispatches
        self._events = events
        self._ttl = timedelta(days=ttl_days)

    def claim(self, event: CallEvent, attempt: Attempt, *, lease_until: datetime) -> bool:
        """Take an event for sending: to `sending` with a lease, and the attempt with its exact payload on the record.

        False when somebody else moved the event since it was read.
        """
        sets, removes, more = _listing(event, Status.SENDING, attempt.attempt)
        move = self._move(
            event,
            "SET #status = :to, claimed_at = :now, attempts = :attempt, pending = :pending, pending_since = :since, "
            f"lease_expires_at = :lease{sets} REMOVE status_reason{removes}",
            {
                ":to": Status.SENDING.value,
                ":now": write_time(attempt.started_at),
                ":attempt": attempt.attempt,
                ":pending": pending_key(event.event_id),
                ":since": write_time(event.pending_since or attempt.started_at),
                ":lease": write_time(lease_until),
            }
            | more,
        )
        steps = [move, self._put(attempt)]
        if event.status is Status.SENDING:  # its worker is taken for dead: its attempt must not look as if it went on
            steps.append(self._lost(event, STOPPED))
        return commit(self._client, steps, what="record.claim")

    def settle(self, event: CallEvent, attempt: Attempt, verdict: Verdict, *, status: Status) -> bool:
        """Record an attempt that sends nothing (dry run, switched off, refused by our own rules)."""
        rest, more = _final_update(waits=_waits(verdict, status), closes=attempt.order_id is not None)
        sets, removes, listed = _listing(event, status, attempt.attempt)
        move = self._move(
            event,
            f"SET #status = :to, updated_at = :now, attempts = :attempt, status_reason = :reason{sets}{rest}{removes}",
            {
                ":to": status.value,
                ":now": write_time(attempt.started_at),
                ":attempt": attempt.attempt,
                ":reason": store_said(verdict.detail),
            }
            | listed
            | more,
        )
        return commit(self._client, [move, self._put(attempt, verdict)], what="record.attempt")

    def record(
        self,
        event: CallEvent,
        attempt: Attempt,
        verdict: Verdict,
        *,
        status: Status,
        retry: bool,
        now: datetime,
    ) -> bool:
        """Record what a claimed attempt came to. Also after its lease, if nobody has claimed the event since.

        `retry` leaves the event, and an order that the attempt serves, open for the next message.
        False when a newer attempt holds the event, or it was erased: then only this attempt's own row tells what
        happened, of an erased event without its words.
        """
        sets, removes, listed = _listing(event, status, attempt.attempt)
        values: Item = listed | {
            ":to": status.value,
            ":now": write_time(now),
            ":attempt": attempt.attempt,
            ":sending": Status.SENDING.value,
            ":unknown": Status.UNKNOWN.value,
            ":reason": store_said(verdict.detail),
        }
        update = f"SET #status = :to, updated_at = :now, status_reason = :reason{sets}"
        if ATTEMPT_STATUS[verdict.outcome] is AttemptStatus.SUCCESS or verdict.outcome is Outcome.PARTIAL:
            update += ", delivered_at = if_not_exists(delivered_at, :now)"
        if retry:  # the queue comes back, and the sweep if the queue does not
            update += ", pending = :pending, pending_since = :now REMOVE lease_expires_at"
            values[":pending"] = pending_key(event.event_id)
        done = self._finish(attempt, verdict, now=now)
        for rest, order, more in self._final_updates(attempt, waits=_waits(verdict, status), retry=retry):
            condition = f"attempts = :attempt AND #status IN (:sending, :unknown) AND {order}"
            known = values | more | {":true": True}
            move = update_if(self._events, {"event_id": event.event_id}, f"{update}{rest}{removes}", condition, known)
            if commit(self._client, [move, done], what="record.outcome"):
                return True
        if not commit(self._client, [done], what="record.outcome"):
            commit(self._client, [self._finish(attempt, verdict, now=now, erased=True)], what="record.outcome")
        return False

    def hold(self, event: CallEvent, *, status: Status, reason: str, now: datetime) -> bool:
        """Take an event from a worker whose lease is over: to `unknown`, its attempt as well. Closes an open order."""
        rest, more = _final_update(waits=True, closes=event.open_order is not None)
        sets, removes, listed = _listing(event, status, event.attempts)
        move = self._move(
            event,
            f"SET #status = :to, updated_at = :now, status_reason = :reason{sets}{rest}{removes}",
            {":to": status.value, ":now": write_time(now), ":reason": store_said(reason)} | listed | more,
        )
        return commit(self._client, [move, self._lost(event, reason)], what="record.hold")

    def resolve(self, event: CallEvent, resolution: Resolution, *, now: datetime) -> bool:
        """Write down what a person found out: the lead is there (by now, or by hand), or it is not.

        It stands on the newest attempt: the person spoke of the event as it was by then. What is not there waits for
        somebody to send it: the sweep tells of it, if nobody does.
        """
        if not may_be_resolved(event.status, delivered=resolution.delivered):
            return False
        status = Status.DELIVERED if resolution.delivered else Status.REJECTED
        rest, more = _final_update(waits=not resolution.delivered, closes=event.open_order is not None)
        delivered = ", delivered_at = if_not_exists(delivered_at, :now)" if resolution.delivered else ""
        sets, removes, listed = _listing(event, status, event.attempts)
        move = self._move(
            event,
            f"SET #status = :to, updated_at = :now, status_reason = :reason{delivered}{sets}{rest}{removes}",
            {":to": status.value, ":now": write_time(now), ":reason": resolution.reason} | listed | more,
        )
        note = update_if(
            self._dispatches,
            {"event_id": event.event_id, "attempt": event.attempts},
            "SET resolution = :resolution",
            "attribute_exists(#status)",
            {
                ":resolution": {
                    "delivered": resolution.delivered,
                    "resolved_by": resolution.resolved_by,
                    "reason": resolution.reason,
                },
            },
        )
        return commit(self._client, [move, note], what="record.resolution")

    def attempts(self, event_id: str) -> list[Attempt]:
        """The attempts of an event, oldest first (the latest hundred; a page of DynamoDB's holds 1 MB of them).

        Raises:
            Unavailable: What it asks does not answer now; later can help.
        """
        pages = self._client.get_paginator("query").paginate(
            TableName=self._dispatches,
            KeyConditionExpression="event_id = :event_id",
            ExpressionAttributeValues={":event_id": {"S": event_id}},
            ScanIndexForward=False,
            ConsistentRead=True,
            PaginationConfig={"MaxItems": ATTEMPTS_SHOWN},
        )
        try:
            items = [item for page in pages for item in page["Items"]]
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said("store.attempts_unread")) from error
        return [read_attempt(from_item(item)) for item in reversed(items)]

    def _move(self, event: CallEvent, update: str, values: Item) -> Step:
        """An update of the event if it still stands as it was read, down to its open order."""
        order = event.open_order
        values = values | {":seen": event.status.value, ":seen_attempts": event.attempts, ":true": True}
        if order is None:
            same_order = "(attribute_not_exists(resend_order) OR resend_order.is_open <> :true)"
        else:
            same_order = "resend_order.is_open = :true AND resend_order.order_id = :seen_order"
            values |= {":seen_order": order.order_id}
        condition = f"#status = :seen AND attempts = :seen_attempts AND {same_order}"
        return update_if(self._events, {"event_id": event.event_id}, update, condition, values)

    def _lost(self, event: CallEvent, reason: str) -> Step:
        """The newest attempt, whose worker stopped: nobody knows what it came to."""
        return update_if(
            self._dispatches,
            {"event_id": event.event_id, "attempt": event.attempts},
            "SET #status = :unknown, outcome = :unknown, detail = :reason",
            "#status = :sending",
            {
                ":unknown": AttemptStatus.UNKNOWN.value,
                ":sending": AttemptStatus.SENDING.value,
                ":reason": store_said(reason),
            },
        )

    @staticmethod
    def _final_updates(attempt: Attempt, *, waits: bool, retry: bool) -> list[tuple[str, str, Item]]:
        """How the update ends, under which condition on the open order, and the values that both need.

        The attempt's own order is closed with it. One that came while its worker was taken for dead stays open, and in
        the pending index, or nobody would serve it.
        """
        nobodys = "(attribute_not_exists(resend_order) OR resend_order.is_open <> :true)"
        ours, order = nobodys, {}
        if attempt.order_id is not None:
            ours, order = f"({nobodys} OR resend_order.order_id = :order)", {":order": attempt.order_id}
        if retry:
            return [("", ours, order)]
        rest, more = _final_update(waits=waits, closes=attempt.order_id is not None)
        return [
            (rest, ours, order | more),
            (" REMOVE lease_expires_at", "resend_order.is_open = :true", {}),
        ]

    def _put(self, attempt: Attempt, verdict: Verdict | None = None) -> Step:
        return put_new(self._dispatches, write_attempt(attempt, verdict, ttl=self._ttl), key="event_id")

    def _finish(self, attempt: Attempt, verdict: Verdict, *, now: datetime, erased: bool = False) -> Step:
        """What the attempt came to; of one that was erased meanwhile what an erasure leaves."""
        names: Item = {
            "outcome": verdict.outcome.value,
            "http_status": verdict.http_status,
            "finished_at": write_time(now),
            "duration_ms": verdict.duration_ms,
        }
        if not erased:
            names["detail"] = store_said(verdict.detail)
            names["answer"] = None if verdict.answer is None else pack_text(verdict.answer[:ANSWER_KEPT_CHARACTERS])
        kept = {name: value for name, value in names.items() if value is not None}
        unless_erased = f"attribute_{'' if erased else 'not_'}exists(erased)"
        return update_if(
            self._dispatches,
            {"event_id": attempt.event_id, "attempt": attempt.attempt},
            "SET #status = :status" + "".join(f", {name} = :{name}" for name in kept),
            f"attribute_exists(event_id) AND #status IN (:sending, :unknown) AND {unless_erased}",
            {
                ":status": ATTEMPT_STATUS[verdict.outcome].value,
                ":sending": AttemptStatus.SENDING.value,
                ":unknown": AttemptStatus.UNKNOWN.value,
            }
            | {f":{name}": value for name, value in kept.items()},
        )


def _listing(event: CallEvent, status: Status, attempts: int) -> tuple[str, str, Item]:
    return listing(status, delivered=event.delivered_at is not None, attempts=attempts)


def _waits(verdict: Verdict, status: Status) -> bool:
    """Whether a person must be told: of what the attempt came to, or of what the event still is."""
    return bool({RESTING_STATUS[verdict.outcome], status} & NEEDS_ATTENTION)


def _final_update(*, waits: bool, closes: bool) -> tuple[str, Item]:
    """How an update ends that leaves the event at rest, and its order closed, and the values that it needs."""
    rest, values = (_PENDING_ESCALATION, {":unescalated": UNESCALATED}) if waits else (_CLEAR_PENDING, {})
    return (f", resend_order.is_open = :false{rest}", values | {":false": False}) if closes else (rest, values)
