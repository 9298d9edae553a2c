"""The three tables in memory: the same conditional writes and transactions as the DynamoDB adapters, all at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from postcall.domain.analysis import RecordedAnalysis
from postcall.domain.errors import Unavailable
from postcall.domain.event import Body, CallEvent, Closure, IncomingCall, ResendOrder
from postcall.domain.event_id import api_event_id
from postcall.domain.outcome import ATTEMPT_STATUS, RESTING_STATUS, Attempt, AttemptStatus, Outcome, Resolution, Verdict
from postcall.domain.record import contact_values
from postcall.domain.said import said
from postcall.domain.status import NEEDS_ATTENTION, SUPERSEDED, SURELY_NO_LEAD, UNDER_WAY, Status, may_be_resolved
from tests.support.fakes.pending import MemoryPending


class MemoryStore(MemoryPending):
    """`webhook_events`, `analyses` and `crm_dispatches` behind all the steps' ports."""

    def __init__(self) -> None:
        super().__init__()
        self.bodies: dict[str, list[bytes]] = {}
        self.recorded: dict[str, list[RecordedAnalysis]] = {}
        self.rows: dict[str, list[Attempt]] = {}
        self.emptied: set[tuple[str, int]] = set()  # attempts of erased events

    # webhook_events

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

    # analyses

    def record_analysis(self, recorded: RecordedAnalysis) -> bool:
        known = self.events.get(recorded.event_id)
        revisions = self.recorded.get(recorded.event_id, [])
        if known is None or known.status is not Status.RECEIVED:
            return False
        if any(other.revision == recorded.revision for other in revisions):
            return False
        self._keep(recorded)
        self._change(
            recorded.event_id,
            status=Status.ANALYZED,
            updated_at=recorded.recorded_at,
            pending_since=known.pending_since or recorded.recorded_at,
            contact=contact_values(recorded.analysis.contact),
            topic=recorded.analysis.topic,
            intent=recorded.analysis.intent,
            quality_score=recorded.analysis.quality_score,
            needs_review=recorded.analysis.needs_review,
            sweeps=0,
        )
        return True

    def record_again(self, recorded: RecordedAnalysis, *, order_id: str) -> bool:
        known = self.events.get(recorded.event_id)
        order = None if known is None or known.erased_at is not None else known.reanalysis
        revisions = self.recorded.get(recorded.event_id, [])
        if order is None or not order.is_open or order.order_id != order_id:
            return False
        if any(other.revision == recorded.revision for other in revisions):
            return False
        self._keep(recorded, order_id=order_id)
        self.events[recorded.event_id] = replace(
            self.events[recorded.event_id],
            updated_at=recorded.recorded_at,
            contact=contact_values(recorded.analysis.contact),
            topic=recorded.analysis.topic,
            intent=recorded.analysis.intent,
            quality_score=recorded.analysis.quality_score,
            needs_review=recorded.analysis.needs_review,
            reanalysis=replace(order, is_open=False),
        )
        return True

    def _keep(self, recorded: RecordedAnalysis, *, order_id: str | None = None) -> None:
        self.recorded.setdefault(recorded.event_id, []).append(recorded)

    def first(self, event_id: str) -> RecordedAnalysis | None:
        return next((each for each in self.recorded.get(event_id, []) if each.revision == 1), None)

    def latest(self, event_id: str) -> RecordedAnalysis | None:
        revisions = self.recorded.get(event_id, [])
        return max(revisions, key=lambda recorded: recorded.revision, default=None)

    # crm_dispatches

    def claim(self, event: CallEvent, attempt: Attempt, *, lease_until: datetime) -> bool:
        if not self._unchanged(event):
            return False
        if event.status is Status.SENDING and not self._lose(event, "A worker stopped between sending and recording."):
            return False
        self.rows.setdefault(event.event_id, []).append(attempt)
        self._change(
            event.event_id,
            status=Status.SENDING,
            status_reason=None,
            updated_at=attempt.started_at,
            attempts=attempt.attempt,
            pending_since=event.pending_since or attempt.started_at,
            lease_expires_at=lease_until,
        )
        return True

    def settle(self, event: CallEvent, attempt: Attempt, verdict: Verdict, *, status: Status) -> bool:
        if not self._unchanged(event):
            return False
        finished = replace(
            attempt,
            outcome=verdict.outcome,
            detail=verdict.detail,
            finished_at=attempt.started_at,
            duration_ms=0,
        )
        self.rows.setdefault(event.event_id, []).append(finished)
        self._final_update(event.event_id, status, verdict.detail, attempt.started_at, attempts=attempt.attempt)
        self._tell(event.event_id, {RESTING_STATUS[verdict.outcome], status}, attempt.started_at)
        if attempt.order_id is not None:
            self._close(event.event_id)
        return True

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
        known = self.events.get(event.event_id)
        self._finish(attempt, verdict, now)
        if known is None or known.attempts != attempt.attempt or known.status not in {Status.SENDING, Status.UNKNOWN}:
            return False
        foreign = known.open_order is not None and known.open_order.order_id != attempt.order_id
        if retry and foreign:
            return False
        if retry:
            left_open = {"status_reason": verdict.detail, "pending_since": now, "lease_expires_at": None}
            self._change(event.event_id, status=status, updated_at=now, **left_open)
        elif foreign:  # an order that came meanwhile stays where the sweep finds it
            self._change(event.event_id, status=status, status_reason=verdict.detail, updated_at=now)
            self._change(event.event_id, lease_expires_at=None)
        else:
            self._final_update(event.event_id, status, verdict.detail, now, attempts=attempt.attempt)
            self._tell(event.event_id, {RESTING_STATUS[verdict.outcome], status}, now)
        there = ATTEMPT_STATUS[verdict.outcome] is AttemptStatus.SUCCESS or verdict.outcome is Outcome.PARTIAL
        if there and known.delivered_at is None:
            self._change(event.event_id, delivered_at=now)
        if attempt.order_id is not None and not retry and not foreign:
            self._close(event.event_id)
        return True

    def hold(self, event: CallEvent, *, status: Status, reason: str, now: datetime) -> bool:
        if not self._unchanged(event) or not self._lose(event, reason):
            return False
        self._final_update(event.event_id, status, reason, now, attempts=event.attempts)
        self._tell(event.event_id, {Status.UNKNOWN}, now)
        if event.order is not None:
            self._close(event.event_id)
        return True

    def resolve(self, event: CallEvent, resolution: Resolution, *, now: datetime) -> bool:
        rows = self.rows.get(event.event_id, [])
        if not may_be_resolved(event.status, delivered=resolution.delivered) or not self._unchanged(event) or not rows:
            return False
        rows[-1] = replace(rows[-1], resolution=resolution)
        status = Status.DELIVERED if resolution.delivered else Status.REJECTED
        self._final_update(event.event_id, status, resolution.reason, now, attempts=event.attempts)
        self._tell(event.event_id, {status}, now)
        self._close(event.event_id)
        if resolution.delivered and event.delivered_at is None:
            self._change(event.event_id, delivered_at=now)
        return True

    def attempts(self, event_id: str) -> list[Attempt]:
        return list(self.rows.get(event_id, []))

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

    def _tell(self, event_id: str, found: set[Status], now: datetime) -> None:
        """A person must be told of it, where one of these waits for one."""
        if found & NEEDS_ATTENTION:
            self.awaits_escalation[event_id] = now

    def _lose(self, event: CallEvent, reason: str) -> bool:
        """The newest attempt's worker stopped; False when the attempt has come to an end."""
        rows, number = self.rows.get(event.event_id, []), event.attempts - 1
        if rows[number].status is not AttemptStatus.SENDING:
            return False
        rows[number] = replace(rows[number], status=AttemptStatus.UNKNOWN, outcome=Outcome.UNKNOWN, detail=reason)
        return True

    def _close(self, event_id: str) -> None:
        order = self.events[event_id].order
        if order is not None:
            self._change(event_id, order=replace(order, is_open=False))

    def _finish(self, attempt: Attempt, verdict: Verdict, now: datetime) -> None:
        rows = self.rows[attempt.event_id]
        known = rows[attempt.attempt - 1]
        if known.status not in {AttemptStatus.SENDING, AttemptStatus.UNKNOWN}:
            return
        is_erased = (attempt.event_id, attempt.attempt) in self.emptied
        rows[attempt.attempt - 1] = replace(
            known,
            status=ATTEMPT_STATUS[verdict.outcome],
            outcome=verdict.outcome,
            detail=None if is_erased else verdict.detail,
            http_status=verdict.http_status,
            answer=None if is_erased else verdict.answer,
            finished_at=now,
            duration_ms=verdict.duration_ms,
        )


class MemoryAnalyses:
    """The analyses' side of a store: the steps call it by its own port's words."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def record(self, recorded: RecordedAnalysis) -> bool:
        return self._store.record_analysis(recorded)

    def record_again(self, recorded: RecordedAnalysis, *, order_id: str) -> bool:
        return self._store.record_again(recorded, order_id=order_id)

    def latest(self, event_id: str) -> RecordedAnalysis | None:
        return self._store.latest(event_id)
