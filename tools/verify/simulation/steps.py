"""The five functions as Lambda runs them: the real use cases, and around them what the handlers do with the result.

The handlers' few lines are written here once more, without AWS; `test_glue.py` holds the two against each other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from functions.analysis.fallback_analyst import wait_seconds
from functions.analysis.handler import MOST_PROCESSOR_SECONDS, SECONDS_TO_PUT_ASIDE
from functions.analysis.question import Asking
from functions.analysis.side_by_side import side_by_side
from functions.analysis.usecases import analyse as analysis
from functions.analysis.usecases.reanalyse import analyse_again
from functions.dispatch.usecases import dispatch as dispatching
from functions.dispatch.usecases.dispatch import Dispatched, Lead, Mode
from functions.dispatch.wiring import COMPOSE_SECONDS
from functions.reconciliation import usecases as reconciliation
from functions.reconciliation.usecases import SweepPolicy, Swept
from postcall.aws.batch import is_poisoned
from postcall.aws.time_limit import TookTooLong
from postcall.domain import retry
from postcall.domain.analysis import Analysis
from postcall.domain.call import Call
from postcall.domain.errors import PostcallError, Rejected, Unavailable
from postcall.domain.event import CallEvent
from postcall.domain.messages import CallAnalyzed, CallReceived, read_call_analyzed, read_call_received
from postcall.domain.said import said
from tests.support.fakes.sqs import Received
from tools.verify.simulation import handling
from tools.verify.simulation.crm import body
from tools.verify.simulation.deployed import Deployed
from tools.verify.simulation.exchanges import SimulatedExchanges
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.intake import Intake
from tools.verify.simulation.kernel import SECOND
from tools.verify.simulation.parts import Parts
from tools.verify.simulation.queues import SimulatedQueue

SLOWNESS = 4  # the processor of a function of 512 MB is less than a third of one


class Steps:
    """Each method is one invocation. It runs as a worker of the kernel, so any of its external calls may kill it."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.intake = Intake(parts)
        self._poison: set[tuple[str, str]] = set()  # the steps and the calls that outlast their workers

    # analysis

    def analyse(self, batch: Sequence[Received]) -> list[Received]:
        """Messages of the analysis queue, side by side; those that are served."""
        exchanges = SimulatedExchanges(self.parts.kernel, self.parts.held)
        failed = side_by_side(batch, self._analysing, attempt=self._attempt, exchanges=exchanges)
        return [received for received in batch if received not in failed]

    def _attempt(self, received: Received, work: Callable[[], None]) -> bool:
        try:
            return self._bounded(received, partial(self._analyse, work=work), self.parts.analysis_dead_letters)
        except Unavailable:  # not even the dead letters take it
            return False

    def _analysing(self, received: Received) -> Asking[None]:
        parts, message = self.parts, read_call_received(received.body)
        first = partial(analysis.analyse_call, queue=parts.dispatch_queue)
        serve: Callable[..., Asking[Analysis | None]] = first if message.order_id is None else analyse_again
        yield from serve(
            message,
            events=parts.events,
            analyses=parts.analyses,
            persons=parts.parties,
            translate=self._translate,
            analyst=parts.analyst,
            clock=parts.clock,
        )

    def _analyse(self, received: Received, *, work: Callable[[], None]) -> bool:
        parts = self.parts
        try:
            work()
        except Unavailable as error:
            waits = parts.environment.analysis_retry
            seconds = wait_seconds(
                received.receives, error, base=waits.base_seconds, cap=waits.cap_seconds, random=parts.random.random
            )
            with suppress(Unavailable):  # then it comes at the queue's own time
                parts.analysis_queue.postpone(received.receipt, seconds=seconds)
            return False
        except Rejected as error:
            self._dead_letter(received, str(error), parts.analysis_dead_letters)
        return True

    def _translate(self, event: CallEvent, payload: bytes) -> Call:
        if event.source.vouches_for_the_conversation:
            self.parts.parties.add(event.event_id, payload, now=event.received_at)
        self.parts.read(event.event_id, payload)
        left = self.parts.kernel.left - int(SECONDS_TO_PUT_ASIDE * SECOND)
        self._outlast("analysis", event.event_id, min(left, int(MOST_PROCESSOR_SECONDS * SLOWNESS * SECOND)))
        return Call(event.event_id)

    def _outlast(self, step: str, event_id: str, limit: int) -> None:
        """Raises `TookTooLong` after the limit, for a call that does so until somebody mends the cause."""
        injector = self.parts.injector
        if not injector.raging or ((step, event_id) not in self._poison and not injector.strikes(Fault.POISON_CALL)):
            return
        self._poison.add((step, event_id))
        self.parts.kernel.pause(max(0, limit))
        self.parts.event_log.tell(event_id, f"{step}: {Fault.POISON_CALL.meaning}")
        raise TookTooLong

    def _bounded(self, received: Received, serve: Callable[[Received], bool], letters: SimulatedQueue) -> bool:
        """What `postcall.aws.batch` does with an error that nobody raised on purpose."""
        try:
            return serve(received)
        except TookTooLong as error:
            if is_poisoned(received.receives):
                self._dead_letter(received, said("message.bug", error=type(error).__name__), letters)
                return True
            self.parts.outlasted(json.loads(received.body)["event_id"], received.receives)
            return False

    def _dead_letter(self, received: Received, reason: str, letters: SimulatedQueue) -> None:
        """What `postcall.aws.dead_letter` does."""
        event_id = json.loads(received.body)["event_id"]
        letters.dead_letter(received.body, reason=reason, about=event_id)
        with suppress(PostcallError):
            self.parts.pending.abandon(event_id, reason=reason, now=self.parts.clock.now())

    # dispatch

    def dispatch(self, received: Received) -> bool:
        """One message of the dispatch queue; whether it is served."""
        return self._bounded(received, self._served_or_postponed, self.parts.dispatch_dead_letters)

    def _served_or_postponed(self, received: Received) -> bool:
        try:
            return self._dispatch(received)
        except Unavailable as error:
            waits = self.parts.environment.dispatch_retry
            seconds = retry.retry_delay(
                received.receives,
                base=waits.base_seconds,
                cap=waits.cap_seconds,
                retry_after=error.retry_after,
                random=self.parts.random.random,
            )
            self.parts.dispatch_queue.postpone(received.receipt, seconds=seconds)
            return False

    def _dispatch(self, received: Received) -> bool:
        parts = self.parts
        try:
            message = read_call_analyzed(received.body)
            done = parts.circuit.guard(lambda: self.dispatch_one(message))
        except Rejected as error:
            self._dead_letter(received, str(error), parts.dispatch_dead_letters)
            return True
        if word := handling.alarm_of(done):
            parts.alarms.hear(word, done.event_id)
        return self.conclude(received, done)

    def conclude(self, received: Received, done: Dispatched) -> bool:
        """Retry, make a dead letter, or be done.

        Raises:
            Unavailable: An injected fault keeps it from answering.
        """
        if done.retry:
            raise Unavailable(done.reason, retry_after=done.retry_in)
        if done.dead_letter is not None:
            self.parts.dispatch_dead_letters.dead_letter(received.body, reason=done.dead_letter, about=done.event_id)
            with suppress(Unavailable):
                self.parts.pending.mark_escalated(done.event_id, attempts=done.attempt or 0)
        return True

    def dispatch_one(self, message: Any) -> Dispatched:
        before = self.parts.store.events.get(message.event_id)
        done = self._dispatch_one(message)
        self.parts.served(before, message.event_id, sent=done.verdict is not None)
        return done

    def _dispatch_one(self, message: Any) -> Dispatched:
        parts, deployed = self.parts, self.parts.settings.now()
        return dispatching.dispatch(
            message,
            standing=parts.standings.standing(message.event_id),
            events=parts.events,
            dispatches=parts.dispatches,
            compose=partial(self._compose, deployed),
            crm=parts.crm,
            mode=Mode(
                enabled=not parts.injector.lasts(Fault.SWITCHED_OFF),
                dry_run=parts.injector.lasts(Fault.DRY_RUN),
                terms=deployed.terms,
                lease=timedelta(seconds=parts.environment.dispatch.dispatch_lease_seconds),
            ),
            clock=parts.clock,
        )

    def _compose(self, deployed: Deployed, event: CallEvent, _analysis: Analysis) -> Lead:
        self._outlast("dispatch", event.event_id, int(COMPOSE_SECONDS * SECOND))
        refused = "The call gave no contact." if self.parts.injector.lasts(Fault.CONTACT_REQUIRED) else None
        return Lead(body(event.event_id, event.attempts + 1, deployed), refused=refused)

    # reconciliation

    def sweep(self) -> Swept:
        """One run of the sweep.

        Raises:
            Unavailable: An injected fault keeps it from answering.
        """
        parts, settings = self.parts, self.parts.environment.reconciliation
        swept = reconciliation.sweep(
            events=parts.events,
            pending=parts.pending,
            analysis_queue=_Sweepers(parts, parts.analysis_queue),
            dispatch_queue=_Sweepers(parts, parts.dispatch_queue),
            policy=SweepPolicy(
                standing=timedelta(seconds=settings.reconciliation_stalled_after_seconds),
                retrying=timedelta(seconds=settings.reconciliation_retrying_after_seconds),
                sweeps=settings.reconciliation_max_sweeps,
            ),
            clock=parts.clock,
        )
        for event_id in swept.stalled:
            parts.alarms.hear("events-stalled", event_id)
        for event_id in swept.unescalated:
            parts.alarms.hear("events-not-escalated", event_id)
        return swept


class _Sweepers:
    """A queue as the sweep uses it: the auditor counts."""

    def __init__(self, parts: Parts, queue: SimulatedQueue) -> None:
        self._parts, self._queue = parts, queue

    def send(self, message: CallReceived | CallAnalyzed) -> None:
        self._parts.swept(message.event_id)
        self._parts.event_log.tell(message.event_id, "the sweep sends it again")
        self._queue.send(message)
