"""Planted bugs in what stands for the tables, and in the settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from infra.environments import Environment
from postcall.domain.analysis import RecordedAnalysis
from postcall.domain.event import CallEvent, IncomingCall
from postcall.domain.outcome import Attempt, Resolution, Verdict
from postcall.domain.status import Status
from tests.support.fakes.sqs import MemorySqs, Received
from tools.verify.simulation.crm import Request, SimulatedCrm
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.promises import Promise
from tools.verify.simulation.seeding import SeededBug
from tools.verify.simulation.store import AuditedStore

DOUBLES = frozenset({Promise.ONE_POSSIBLE_SEND, Promise.NOT_DOUBLED})


class PutsWithoutCondition(AuditedStore):
    """A webhook that comes again replaces the event."""

    def add(self, call: IncomingCall, *, now: datetime) -> bool:
        self.events.pop(call.event_id, None)
        return super().add(call, now=now)


class StoresWithoutPending(AuditedStore):
    """The stored event is not marked for the sweep."""

    def add(self, call: IncomingCall, *, now: datetime) -> bool:
        is_new = super().add(call, now=now)
        if is_new:
            self._change(call.event_id, pending_since=None)
        return is_new


class AnalysesWithoutPending(AuditedStore):
    """The analysed event is not marked for the sweep."""

    def record_analysis(self, recorded: RecordedAnalysis) -> bool:
        done = super().record_analysis(recorded)
        if done:
            self._change(recorded.event_id, pending_since=None)
        return done


class ClaimsWithoutCondition(AuditedStore):
    """A claim looks at nothing."""

    def _unchanged(self, event: CallEvent) -> bool:
        return True


class ClaimsWithoutTheOrder(AuditedStore):
    """A claim does not look whether an order has come meanwhile."""

    def _unchanged(self, event: CallEvent) -> bool:
        return self._as_seen(event)


class ForgetsToCount(AuditedStore):
    """An attempt that sends nothing is on the record, and the event does not count it."""

    def settle(self, event: CallEvent, attempt: Attempt, verdict: Verdict, *, status: Status) -> bool:
        done = super().settle(event, attempt, verdict, status=status)
        if done:
            self._change(event.event_id, attempts=event.attempts)
        return done


class LeavesUnescalated(AuditedStore):
    """A worker that records that a person must look is trusted to run until it has said so."""

    def _tell(self, event_id: str, found: set[Status], now: datetime) -> None:
        pass


class ForgetfulQueue(MemorySqs):
    """No bug but a plague: a message is delivered once and then gone, served or not."""

    def receive(self) -> Received | None:
        received = super().receive()
        if received is not None:
            self.delete(received.receipt)
        return received


class LeavesOrdersOpen(AuditedStore):
    """An outcome does not close its order."""

    def _close(self, event_id: str) -> None:
        pass


class AnalysesTooLate(AuditedStore):
    """An analysis is recorded, however far its event has come."""

    def record_analysis(self, recorded: RecordedAnalysis) -> bool:
        if not super().record_analysis(recorded):
            self._change(recorded.event_id, status=Status.ANALYZED, pending_since=recorded.recorded_at)
        return True


class ForgetfulCrm(SimulatedCrm):
    """A CRM that saves every request as a new lead, whatever uniqueness it guarantees."""

    def _save(self, request: Request) -> bool:
        known = self.leads.pop(request.event_id, 0)
        self.leads[request.event_id] = known + 1
        self._event_log.tell(request.event_id, f"the CRM saves lead {known + 1} (attempt {request.attempt})")
        self._watcher.saved(request.event_id, request.attempt)
        return False


class NeverResolves(AuditedStore):
    """What a person found out is refused: the event has always moved meanwhile."""

    def resolve(self, event: CallEvent, resolution: Resolution, *, now: datetime) -> bool:
        return False


def _one_hour_back(environment: Environment) -> Environment:
    settings = replace(environment.reconciliation, reconciliation_lookback_hours=1)
    return environment.model_copy(update={"reconciliation": settings})


IN_THE_STORE_AND_THE_SETTINGS = (
    SeededBug(
        "put_without_condition",
        "a webhook that comes again replaces the stored event",
        DOUBLES | {Promise.ON_THE_RECORD, Promise.BOOKS_BALANCE, Promise.NOT_LOST, Promise.WAY_OUT},
        chosen={"store": PutsWithoutCondition},
    ),
    SeededBug(
        "stored_without_pending",
        "a stored event is not in the index that the sweep reads",
        frozenset({Promise.FINDABLE}),
        chosen={"store": StoresWithoutPending},
    ),
    SeededBug(
        "analysed_without_pending",
        "an analysed event is not in the index that the sweep reads",
        frozenset({Promise.FINDABLE}),
        chosen={"store": AnalysesWithoutPending},
    ),
    SeededBug(
        "claim_without_condition",
        "two workers can claim one event",
        DOUBLES | {Promise.ON_THE_RECORD, Promise.BOOKS_BALANCE},
        chosen={"store": ClaimsWithoutCondition},
    ),
    SeededBug(
        "claim_without_the_order",
        "a claim does not see that an order has come",
        frozenset({Promise.ORDER_ONCE, Promise.ONE_POSSIBLE_SEND, Promise.FINDABLE, Promise.NOT_LOST, Promise.WAY_OUT}),
        chosen={"store": ClaimsWithoutTheOrder},
    ),
    SeededBug(
        "attempts_are_not_counted",
        "an attempt that sends nothing is not counted on its event",
        frozenset({Promise.BOOKS_BALANCE, Promise.ON_THE_RECORD}),
        chosen={"store": ForgetsToCount},
    ),
    SeededBug(
        "orders_stay_open",
        "an outcome does not close its order",
        DOUBLES | {Promise.ORDER_ONCE, Promise.FINDABLE},
        chosen={"store": LeavesOrdersOpen},
    ),
    SeededBug(
        "rests_untold",
        "who records a refusal is trusted to live until it is told, over a queue that delivers but once",
        frozenset({Promise.PERSON_IS_TOLD}),
        chosen={
            "store": LeavesUnescalated,
            "queue": ForgetfulQueue,
            "script": (Fault.CRM_CONTRACT,),
            "has_key": False,
        },
        one_crash=True,
    ),
    SeededBug(
        "analysis_without_condition",
        "a second analysis sets back an event that is being sent already",
        frozenset({Promise.ALONG_THE_EDGES}),
        chosen={"store": AnalysesTooLate},
    ),
    SeededBug(
        "crm_breaks_its_guarantee",
        "the CRM guarantees that a repeat makes no second lead, and makes one",
        frozenset({Promise.NOT_DOUBLED}),
        chosen={"crm": ForgetfulCrm},
    ),
    SeededBug(
        "resolution_is_refused",
        "what a person found out of an unknown event is always refused",
        frozenset({Promise.NOT_LOST}),
        chosen={"store": NeverResolves},
    ),
    SeededBug(
        "ttl_shorter_than_the_retries",
        "events are forgotten after an hour",
        DOUBLES | {Promise.NOT_LOST, Promise.NOT_STUCK, Promise.COMES_TO_REST, Promise.BOOKS_BALANCE},
        chosen={"ttl_hours": 1},
    ),
    SeededBug(
        "search_looks_one_hour_back",
        "a call that was refused for longer than an hour is never found",
        frozenset({Promise.COMES_TO_REST}),
        chosen={"alter": _one_hour_back},
    ),
)
