"""The three tables in memory: the same conditional writes and transactions as the DynamoDB adapters, all at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from postcall.domain.analysis import RecordedAnalysis
from postcall.domain.event import CallEvent
from postcall.domain.outcome import ATTEMPT_STATUS, RESTING_STATUS, Attempt, AttemptStatus, Outcome, Resolution, Verdict
from postcall.domain.record import contact_values
from postcall.domain.status import NEEDS_ATTENTION, Status, may_be_resolved
from tests.support.fakes.events import MemoryEvents


class MemoryStore(MemoryEvents):
    """`webhook_events`, `analyses` and `crm_dispatches` behind all the steps' ports."""

    def __init__(self) -> None:
        super().__init__()
        self.recorded: dict[str, list[RecordedAnalysis]] = {}
        self.rows: dict[str, list[Attempt]] = {}
        self.emptied: set[tuple[str, int]] = set()  # attempts of erased events

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
