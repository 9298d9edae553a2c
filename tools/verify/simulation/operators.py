"""Operators in the simulation: at the worst moment while things go wrong, and by the runbooks when all is quiet."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from itertools import count

from functions.operations import usecases
from functions.operations.forced import Guarantee
from functions.operations.usecases import Conflict
from functions.operations.usecases.erase import erase
from postcall.domain.deduplication import Deduplication
from postcall.domain.errors import PostcallError, Unavailable
from postcall.domain.event import CallEvent
from postcall.domain.outcome import Resolution
from postcall.domain.status import SURELY_NO_LEAD, Status
from tests.support.fakes.crm import Crash
from tests.support.fakes.revisions import content
from tools.verify.simulation.event_reader import EventReader, NobodyElse
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.parts import Parts
from tools.verify.simulation.steps import Steps

REQUEST_SECONDS = 15
UNGUARDED = Guarantee(Deduplication.NONE, landing_id="landing", address="https://crm.example")
# What a person settles or sends again (docs/operating.md): it was refused, or a setting said that nothing be sent.
LEFT_TO_PEOPLE = frozenset({Status.UNKNOWN, Status.REJECTED, Status.DRY_RUN, Status.DISABLED})


class Operators:
    """Everything a person may do, each as one invocation of operations, which may fail or die like any other."""

    def __init__(self, parts: Parts, steps: Steps) -> None:
        self._parts, self._steps = parts, steps
        self._ids = count(1)
        self._event_reader = EventReader(parts)

    def tempted(self, fault: Fault, event_id: str) -> None:
        """An operator acts on an event that would have moved by itself."""
        acts: dict[Fault, Callable[[str], None]] = {
            Fault.OPERATOR_RESENDS: partial(self.resend, force=False),
            Fault.OPERATOR_FORCES: partial(self.resend, force=True),
            Fault.OPERATOR_CLICKS_TWICE: self.click_twice,
            Fault.OPERATOR_RESOLVES: self.resolve,
            Fault.OPERATOR_CONTINUES: self.continue_step,
            Fault.OPERATOR_WITHDRAWS: self.withdraw,
            Fault.OPERATOR_CLOSES: self.close,
            Fault.OPERATOR_REANALYZES: self.reanalyze,
            Fault.OPERATOR_USES_REVISION: self.use_revision,
            Fault.OPERATOR_ERASES: self.erase,
        }
        if fault in acts:
            acts[fault](event_id)
        else:
            self.redrive()

    def click_twice(self, event_id: str) -> None:
        """Order a resend, and once more before the first has come anywhere."""
        for _ in range(2):
            self.resend(event_id, force=False)

    def resend(self, event_id: str, *, force: bool) -> None:
        """Order a resend."""
        parts = self._parts
        name = f"o{next(self._ids)}"

        def order() -> None:
            done = usecases.resend(
                event_id,
                force=force,
                requested_by="anna",
                today=UNGUARDED,
                events=self._event_reader,
                dispatches=parts.dispatches,
                queue=parts.dispatch_queue,
                clock=parts.clock,
                new_id=lambda: name,
            )
            parts.event_log.tell(
                event_id, f"an operator orders a resend ({done.order_id}{', forced' if force else ''})"
            )

        self._invoke(order)

    def resolve(self, event_id: str) -> None:
        """Look into the CRM, and say truly what is there at this moment."""
        parts = self._parts
        there = parts.crm.has(event_id)

        def settle() -> None:
            found = Resolution(there, resolved_by="anna", reason="Looked in the CRM.")
            usecases.resolve(event_id, found, events=self._event_reader, dispatches=parts.dispatches, clock=parts.clock)
            parts.event_log.tell(event_id, f"an operator finds {'the lead' if there else 'no lead'} in the CRM")

        event = parts.store.events.get(event_id)
        if event is not None and event.status is Status.UNKNOWN:
            self._invoke(settle)

    def continue_step(self, event_id: str) -> None:
        """Bring an event on."""
        parts = self._parts

        def act() -> None:
            usecases.continue_step(
                event_id,
                events=self._event_reader,
                interventions=parts.events,
                analysis_queue=parts.analysis_queue,
                dispatch_queue=parts.dispatch_queue,
                clock=parts.clock,
            )
            parts.event_log.tell(event_id, "an operator continues it")

        self._invoke(act)

    def withdraw(self, event_id: str) -> None:
        """Take an order back; whoever does so has seen what is left."""
        parts = self._parts

        def act() -> None:
            usecases.withdraw(event_id, events=self._event_reader, interventions=parts.events, clock=parts.clock)
            parts.event_log.tell(event_id, "an operator withdraws its order")

        parts.alarms.ring("seen", event_id)
        self._invoke(act)

    def close(self, event_id: str) -> None:
        """Close a call without a lead."""
        parts = self._parts

        def act() -> None:
            usecases.close(
                event_id,
                reason="A test.",
                closed_by="anna",
                events=self._event_reader,
                persons=parts.parties,
                interventions=parts.events,
                clock=parts.clock,
            )
            parts.event_log.tell(event_id, "an operator closes it without a lead")

        self._invoke(act)

    def reanalyze(self, event_id: str) -> None:
        """Order a further analysis."""
        parts = self._parts
        name = f"r{next(self._ids)}"

        def act() -> None:
            usecases.reanalyze(
                event_id,
                reason="Another topic.",
                requested_by="anna",
                events=self._event_reader,
                orders=parts.reanalyses,
                queue=parts.analysis_queue,
                clock=parts.clock,
                new_id=lambda: name,
            )
            parts.event_log.tell(event_id, f"an operator orders a further analysis ({name})")

        self._invoke(act)

    def use_revision(self, event_id: str) -> None:
        """Take the content that came last, or the one that came before it again."""
        parts = self._parts
        name = f"u{next(self._ids)}"

        def act() -> None:
            bodies = parts.events.bodies_of(event_id)
            sha256 = content(bodies[-1]) if bodies else "erased meanwhile"
            usecases.use_revision(
                event_id,
                sha256,
                reason="The other one is right.",
                requested_by="anna",
                events=self._event_reader,
                revisions=parts.revisions,
                queue=parts.analysis_queue,
                clock=parts.clock,
                new_id=lambda: name,
            )
            parts.event_log.tell(event_id, f"an operator lets content {sha256[:6]} be the call's ({name})")

        if self._came_with_another(event_id):
            self._invoke(act)

    def _came_with_another(self, event_id: str) -> bool:
        """Whether there is a choice: a call of one content comes with another one first."""
        store = self._parts.store
        event = store.events.get(event_id)
        if event is None or event.erased_at is not None:
            return False
        if len(store.bodies[event_id]) == 1:
            store.bodies[event_id].append(f"another content of {event_id}".encode())
        return True

    def erase(self, event_id: str) -> None:
        """Erase a call."""
        parts = self._parts

        def act() -> None:
            erase(
                event_id,
                reason="The caller asked for it.",
                erased_by="anna",
                events=self._event_reader,
                eraser=parts.eraser,
                parties=parts.parties,
                register=NobodyElse(),
                discard_of=lambda _event: 0,
                clock=parts.clock,
            )
            parts.event_log.tell(event_id, "an operator erases it")

        self._invoke(act)

    def redrive(self) -> None:
        """Move the dead letters back to their queues."""
        for dead, queue in (
            (self._parts.analysis_dead_letters, self._parts.analysis_queue),
            (self._parts.dispatch_dead_letters, self._parts.dispatch_queue),
        ):
            for letter in dead.sqs.messages:  # who moves it has seen it, and what it is about
                self._parts.alarms.ring(f"{queue.name}-dead-letters", str(json.loads(letter.body).get("event_id", "")))
            if moved := dead.sqs.redrive(queue.sqs):
                self._parts.event_log.tell("", f"an operator redrives {moved} dead letters of {queue.name}")
                queue.wake(0)

    def follow_the_runbooks(self) -> bool:
        """One round through everything that waits for a person; whether there was anything to do."""
        for quarantine_id, entry in list(self._parts.refused.entries.items()):
            if entry.released_at is None:
                self._invoke(lambda quarantine_id=quarantine_id: self._steps.intake.release(quarantine_id))  # type: ignore[misc]  # its own
        self.redrive()
        waiting = [event for event in self._parts.store.events.values() if self._waits(event)]
        for event in waiting:
            if event.erasure is not None:
                self.erase(event.event_id)
            elif event.status is Status.UNKNOWN:
                self.resolve(event.event_id)
            elif self._is_refused_for_good(event.event_id) and event.status in SURELY_NO_LEAD:
                self.close(event.event_id)
            elif self.closed_too_early(event):
                self.continue_step(event.event_id)
            elif event.event_id in self._parts.store.stalled:
                self.reach_for_a_resend(event)
                self.continue_step(event.event_id)
            else:
                self.resend(event.event_id, force=False)
        return bool(waiting)

    def reach_for_a_resend(self, event: CallEvent) -> None:
        """What a person tries first with a call that was never analysed; the refusal says what helps."""
        if event.status is Status.RECEIVED:
            self.resend(event.event_id, force=False)

    def closed_too_early(self, event: CallEvent) -> bool:
        """Whether somebody closed a call that can become a lead."""
        return (
            event.closure is not None
            and event.erased_at is None
            and event.status is Status.EXCLUDED
            and not self._is_refused_for_good(event.event_id)
        )

    def _is_refused_for_good(self, event_id: str) -> bool:
        """Whether the record says so: it cannot become a lead here."""
        return event_id in self._parts.events.refused | self._parts.analyses.refused

    def _waits(self, event: CallEvent) -> bool:
        if event.erasure is not None:
            return not event.erasure.complete
        stalled = event.event_id in self._parts.store.stalled
        return event.status in LEFT_TO_PEOPLE or stalled or self.closed_too_early(event)

    def _invoke(self, act: Callable[[], object]) -> None:
        def invocation() -> None:
            try:
                act()
            except Conflict as refused:
                self._event_reader.told_no(refused)
            except (Crash, Unavailable):
                pass
            except PostcallError as error:
                self._parts.event_log.tell("", f"an operator is told: {error}")
            self._parts.alarms.flush()

        self._parts.kernel.start(invocation, seconds=REQUEST_SECONDS)
