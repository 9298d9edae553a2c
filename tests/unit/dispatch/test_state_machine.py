"""The state machine under everything at once: crashes, duplicates, reordering, redrives, operators.

Two promises are checked after every step. In mode `none` an event has at most one attempt that did or may have created
a lead, unless a person forced another. And in the end every event is final or waits for a named human action.
"""

from __future__ import annotations

import itertools
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from functions.dispatch.usecases.dispatch import Lead, Mode, dispatch
from functions.operations.forced import Guarantee
from functions.operations.usecases import Conflict, resend, resolve
from functions.reconciliation.usecases import SweepPolicy, sweep
from postcall.domain.deduplication import Deduplication
from postcall.domain.errors import Unavailable
from postcall.domain.messages import CallAnalyzed, CallReceived
from postcall.domain.outcome import AttemptStatus, Outcome, Resolution, Verdict
from postcall.domain.status import EDGES, Status
from tests.support.builders import CONVERSATION, any_incoming, any_recorded, any_terms
from tests.support.examples import examples
from tests.support.fakes.clock import HandClock
from tests.support.fakes.crm import Crash
from tests.support.fakes.standings import MemoryStandings
from tests.support.fakes.store import MemoryStore

FINAL = {Status.DELIVERED, Status.DRY_RUN, Status.DISABLED}
FOR_A_PERSON = {Status.REJECTED, Status.PARTIAL, Status.UNKNOWN}
CREATES = {Outcome.DELIVERED, Outcome.DELIVERED_WITH_WARNING, Outcome.PARTIAL}
SENT = [Outcome.DELIVERED, Outcome.DELIVERED_WITH_WARNING, Outcome.PARTIAL, Outcome.UNKNOWN, Outcome.UNAVAILABLE]
REFUSED = [Outcome.REJECTED_CONTRACT, Outcome.REJECTED_CONFIGURATION, Outcome.REJECTED_DATA]


class Crm:
    """Creates a lead or does not; may kill the worker on the way in or on the way out."""

    def __init__(self) -> None:
        self.outcome, self.unknown_created, self.crash = Outcome.DELIVERED, False, ""
        self.leads = 0

    def send(self, _payload: str) -> Verdict:
        if self.crash == "before":
            raise Crash
        if self.outcome in CREATES or (self.outcome is Outcome.UNKNOWN and self.unknown_created):
            self.leads += 1
        if self.crash == "after":
            raise Crash
        return Verdict(self.outcome, self.outcome)


class Outbox:
    """The dispatch queue as the machine's bundle sees it."""

    def __init__(self) -> None:
        self.sent: list[CallAnalyzed] = []

    def send(self, message: CallReceived | CallAnalyzed) -> None:
        assert isinstance(message, CallAnalyzed)
        self.sent.append(message)

    def drained(self) -> list[CallAnalyzed]:
        sent, self.sent = self.sent, []
        return sent


class Machine(RuleBasedStateMachine):
    messages = Bundle("messages")
    dead_letter = Bundle("dead_letter")

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.store, self.crm, self.outbox = HandClock(), MemoryStore(), Crm(), Outbox()
        self.safe = False
        self.enabled, self.dry_run = True, False
        self.ordered: list[CallAnalyzed] = []
        self.forced = 0
        self.not_found = 0
        self.ids = (f"o{number}" for number in itertools.count())
        self.store.add(any_incoming(), now=self.clock.now())
        self.store.record_analysis(any_recorded())

    @initialize(target=messages, safe=st.booleans())
    def start(self, *, safe: bool) -> CallAnalyzed:
        self.safe = safe
        return CallAnalyzed(CONVERSATION)

    @property
    def event(self):  # type: ignore[no-untyped-def]  # noqa: ANN201 — CallEvent; Hypothesis inspects annotations
        return self.store.events[CONVERSATION]

    @rule(
        outcome=st.sampled_from(SENT + REFUSED),
        created=st.booleans(),
        crash=st.sampled_from(["", "", "before", "after"]),
    )
    def the_crm_becomes(self, *, outcome: Outcome, created: bool, crash: str) -> None:
        self.crm.outcome, self.crm.unknown_created, self.crm.crash = outcome, created, crash

    @rule(target=messages, message=consumes(messages))
    def a_worker_takes_a_message(self, message: CallAnalyzed) -> object:
        return multiple(*self._serve(message))

    @rule(
        target=messages,
        message=consumes(messages),
        outcome=st.sampled_from(SENT + REFUSED),
        created=st.booleans(),
        crash=st.sampled_from(["", "", "before", "after"]),
    )
    def a_worker_meets(self, message: CallAnalyzed, outcome: Outcome, crash: str, *, created: bool) -> object:
        """The same in one step, so that the rare ways are walked often."""
        self.the_crm_becomes(outcome=outcome, created=created, crash=crash)
        return multiple(*self._serve(message))

    @rule(
        outcome=st.sampled_from(SENT + REFUSED + [Outcome.DRY_RUN, Outcome.DISABLED]),
        created=st.booleans(),
        force=st.booleans(),
    )
    def an_operators_resend_meets(self, outcome: Outcome, *, created: bool, force: bool) -> None:
        """Ordered and served at once, perhaps while sending is switched off or a dry run."""
        self.enabled, self.dry_run = outcome is not Outcome.DISABLED, outcome is Outcome.DRY_RUN
        if self.enabled and not self.dry_run:
            self.the_crm_becomes(outcome=outcome, created=created, crash="")
        self.ordered = []
        self.an_operator_resends(force=force)
        for message in self.ordered:
            self._serve(message)
        self.enabled, self.dry_run = True, False

    @rule(message=messages)
    def a_message_is_delivered_twice(self, message: CallAnalyzed) -> None:
        for retry in self._serve(message):
            self.outbox.send(retry)

    @rule(message=consumes(messages))
    def a_message_is_lost(self, message: CallAnalyzed) -> None:
        pass

    @rule(target=messages)
    def somebody_redrives_the_dead_letters(self) -> CallAnalyzed:
        return CallAnalyzed(CONVERSATION)

    @rule(seconds=st.sampled_from([1, 60, 121, 1_000, 20_000]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    @rule(target=messages)
    def the_sweep_runs(self) -> object:
        sweep(
            events=self.store,
            pending=self.store,
            analysis_queue=self.outbox,
            dispatch_queue=self.outbox,
            policy=SweepPolicy(timedelta(seconds=900), timedelta(seconds=9_000), sweeps=1_000),
            clock=self.clock,
        )
        return multiple(*self.outbox.drained())

    @rule(target=messages, force=st.booleans())
    def an_operator_resends(self, *, force: bool) -> object:
        try:
            resend(
                CONVERSATION,
                force=force,
                requested_by="anna",
                today=Guarantee(Deduplication.NONE, landing_id="landing-1", address="https://crm.example/save"),
                events=self.store,
                dispatches=self.store,
                queue=self.outbox,
                clock=self.clock,
                new_id=lambda: next(self.ids),
            )
        except Conflict:
            return multiple()
        self.forced += force
        self.ordered = self.outbox.drained()
        return multiple(*self.ordered)

    @rule()
    def an_operator_looks_into_the_crm(self) -> None:
        """Truthfully: the lead is there or it is not."""
        found = Resolution(self.crm.leads > 0, resolved_by="anna", reason="looked")
        try:
            resolve(CONVERSATION, found, events=self.store, dispatches=self.store, clock=self.clock)
        except Conflict:
            return
        self.not_found += not found.delivered

    @invariant()
    def no_lead_is_doubled_unless_somebody_forced_it(self) -> None:
        rows = self.store.attempts(CONVERSATION)
        maybe = [row for row in rows if not row.forced and row.status in {AttemptStatus.SUCCESS, AttemptStatus.UNKNOWN}]
        maybe += [row for row in rows if not row.forced and row.outcome is Outcome.PARTIAL]
        if not self.safe:
            assert len(maybe) <= 1 + self.not_found
            assert self.crm.leads <= 1 + self.forced

    @invariant()
    def every_attempt_is_on_the_record_and_the_status_moves_along_its_edges(self) -> None:
        assert [row.attempt for row in self.store.attempts(CONVERSATION)] == list(range(1, self.event.attempts + 1))

    @invariant()
    def an_event_that_is_not_at_rest_will_be_found_by_the_sweep(self) -> None:
        if self.event.status not in FINAL | FOR_A_PERSON:
            assert self.event.pending_since is not None

    def teardown(self) -> None:
        """Let everything run out with a healthy CRM: the event must come to rest."""
        self.crm.outcome, self.crm.crash = Outcome.DELIVERED, ""
        for _ in range(6):
            self.clock.advance(seconds=20_000)
            self.the_sweep_runs()
            sweep_messages = [CallAnalyzed(CONVERSATION, self.event.order.order_id if self._open_order() else None)]
            for message in sweep_messages if self.event.pending_since else []:
                self._serve(message)
        assert self.event.status in FINAL | FOR_A_PERSON
        assert not self._open_order()
        if not self.safe:
            assert self.crm.leads <= 1 + self.forced

    def _open_order(self) -> bool:
        return self.event.order is not None and self.event.order.is_open

    def _serve(self, message: CallAnalyzed) -> list[CallAnalyzed]:
        """One delivery of a message; what is left in the queue afterwards. Walks only drawn edges."""
        before = self.event.status
        try:
            done = dispatch(
                message,
                standing=MemoryStandings(self.store).standing(message.event_id),
                events=self.store,
                dispatches=self.store,
                compose=lambda _event, _analysis: Lead("{}"),
                crm=self.crm,
                mode=Mode(
                    enabled=self.enabled,
                    dry_run=self.dry_run,
                    terms=lambda _event: any_terms(Deduplication.LEAD_ID if self.safe else Deduplication.NONE),
                    lease=timedelta(seconds=120),
                ),
                clock=self.clock,
            )
        except (Crash, Unavailable):
            return [message]
        after = self.event.status
        if done.verdict is not None and before is not after:
            assert after in EDGES[before] or any(after in EDGES[between] for between in EDGES[before])
        return [message] if done.retry else []


TestStateMachine = Machine.TestCase
TestStateMachine.settings = settings(max_examples=examples(600), stateful_step_count=40)
