"""The table of events in memory: what a webhook, an order and a person write on an event, and its bodies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from postcall.domain.errors import Unavailable
from postcall.domain.event import Body, CallEvent, Closure, IncomingCall, ResendOrder
from postcall.domain.event_id import api_event_id
from postcall.domain.said import said
from postcall.domain.status import SUPERSEDED, SURELY_NO_LEAD, UNDER_WAY, Status
from tests.support.fakes.pending import MemoryPending


class MemoryEvents(MemoryPending):
    """`webhook_events` behind the ports of intake and operations."""

    def __init__(self) -> None:
        super().__init__()
        self.bodies: dict[str, list[bytes]] = {}

    def add(self, call: IncomingCall, *, now: datetime) -> bool:
        if call.event_id in self.events:
            return False
        waits = call.excluded_because is None
        self.bodies[call.event_id] = [call.body]
        self.events[call.event_id] = CallEvent(
            event_id=call.event_id,
            source=call.source,
            type=call.type,
            status=Status.RECEIVED if waits else Status.EXCLUDED,
            status_reason=call.excluded_because,
            received_at=now,
            updated_at=now,
            body_sha256=call.body_sha256,
            payload_bytes=len(call.body),
            agent_id=call.agent_id,
            agent_name=call.agent_name,
            conversation_id=call.conversation_id,
            event_timestamp=call.event_timestamp,
            pending_since=now if waits else None,
        )
        return True

    def add_alone(self, call: IncomingCall, *, other: str, now: datetime) -> bool | None:
        if other in self.events and call.event_id not in self.events:
            return None
        return self.add(call, now=now)

    def record_duplicate(self, call: IncomingCall, *, seen: CallEvent | None = None, now: datetime) -> CallEvent:
        known = self.events.get(call.event_id)
        if known is None:
            raise Unavailable("The event was known a moment ago and is not there.")
        revised = known.body_sha256 != call.body_sha256 and known.erased_at is None
        if revised:
            self.bodies[call.event_id].append(call.body)
        self._change(
            call.event_id,
            duplicate_count=known.duplicate_count + 1,
            revision_count=known.revision_count + (1 if revised else 0),
        )
        return known

    def get(self, event_id: str) -> CallEvent | None:
        event = self.events.get(event_id)
        return None if event is None else replace(event, stalled=event_id in self.stalled)

    def get_with_body(
        self, event_id: str, *, between: Callable[[], None] = lambda: None
    ) -> tuple[CallEvent, Body] | None:
        """A batch reads its items one by one: `between` is what happens between the two."""
        event = self.get(event_id)
        between()
        return None if event is None else (event, partial(self.payload, event_id))

    def find(self, given: str) -> CallEvent | None:
        return self.get(given) or self.get(api_event_id(given))

    def supersede(self, event: CallEvent, *, by: str, now: datetime) -> bool:
        if not self._as_seen(event) or self.events[event.event_id].erased_at is not None:
            return False
        self._change(event.event_id, superseded_by=by, status_reason=said(SUPERSEDED), updated_at=now)
        if event.order is not None:
            self._close(event.event_id)
        if event.status in SURELY_NO_LEAD:
            self._change(event.event_id, status=Status.EXCLUDED, pending_since=None, lease_expires_at=None)
        return True

    def payload(self, event_id: str) -> bytes:
        if not self.bodies[event_id] or self.events[event_id].erased_at is not None:
            raise Unavailable(said("event.payload_gone"))
        return self.bodies[event_id][0]

    def bodies_of(self, event_id: str) -> tuple[bytes, ...]:
        return tuple(self.bodies.get(event_id, ()))

    def order_resend(self, event: CallEvent, order: ResendOrder, *, now: datetime) -> bool:
        known = self.events.get(event.event_id, event)
        if not self._as_seen(event) or known.open_order is not None or known.erased_at is not None:
            return False
        self._change(event.event_id, order=order, pending_since=now, updated_at=now, sweeps=0)
        return True

    def close_order(self, event: CallEvent, *, waits: bool, now: datetime) -> bool:
        known, seen = self.events[event.event_id].order, event.order
        if not self._as_seen(event) or known is None or seen is None or known.order_id != seen.order_id:
            return False
        self._close(event.event_id)
        if event.status not in UNDER_WAY:
            self._change(event.event_id, pending_since=None)
        if waits:
            self.awaits_escalation[event.event_id] = now
        return True

    def renew(self, event: CallEvent, *, now: datetime) -> bool:
        if not self._unchanged(event):
            return False
        known = self.events[event.event_id]
        if event.resumes_at is not None and known.resumes_at is None:
            return False
        reopened = (
            {} if event.resumes_at is None else {"status": event.resumes_at, "status_reason": None, "updated_at": now}
        )
        self._change(event.event_id, pending_since=now, sweeps=0, **reopened)
        return True

    def withdraw(self, event: CallEvent, *, now: datetime) -> bool:
        if event.open_order is None or not self._unchanged(event):
            return False
        self._close(event.event_id)
        under_way = {"pending_since": now, "sweeps": 0} if event.status in UNDER_WAY else {"pending_since": None}
        self._change(event.event_id, updated_at=now, **under_way)
        return True

    def close(self, event: CallEvent, closure: Closure) -> bool:
        if not self._unchanged(event):
            return False
        self._close(event.event_id)
        reason = "A person closed the call without a lead."
        self._final_update(event.event_id, Status.EXCLUDED, reason, closure.closed_at, attempts=event.attempts)
        self._change(event.event_id, closure=closure)
        return True

    def _unchanged(self, event: CallEvent) -> bool:
        return self._as_seen(event) and self.events[event.event_id].open_order == event.open_order

    def _final_update(self, event_id: str, status: Status, reason: str, now: datetime, *, attempts: int) -> None:
        self._change(
            event_id,
            status=status,
            status_reason=reason,
            updated_at=now,
            attempts=attempts,
            pending_since=None,
            lease_expires_at=None,
        )

    def _close(self, event_id: str) -> None:
        order = self.events[event_id].order
        if order is not None:
            self._change(event_id, order=replace(order, is_open=False))
