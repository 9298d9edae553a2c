"""Seeded bugs in what is believed of yesterday and in the ways out of every state."""

from __future__ import annotations

from datetime import datetime

from functions.dispatch.classify import Exchange
from postcall.domain.deduplication import Deduplication
from postcall.domain.event import CallEvent, Closure
from postcall.domain.outcome import Attempt
from postcall.domain.status import Status
from tools.verify.simulation.crm import Request, SimulatedCrm
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.promises import Promise
from tools.verify.simulation.seeding import Edit, SeededBug
from tools.verify.simulation.store import AuditedStore

DISPATCH = "functions.dispatch.usecases.dispatch"
DECISION = "functions.dispatch.decision"
TERMS = "postcall.domain.terms"
OUTCOME = "postcall.domain.outcome"
POSSIBLE = "functions.operations.possible"
UNVOUCHED = frozenset({Promise.SAME_TERMS, Promise.ONE_POSSIBLE_SEND})


class TakesItsOwnWriteForAnothers(AuditedStore):
    """A write leaves no token behind."""

    recognises_own_writes = False


class LeasesAreOver(AuditedStore):
    """No bug but bad luck: whoever claims has a clock so far behind that for all others its lease is over."""

    def claim(self, event: CallEvent, attempt: Attempt, *, lease_until: datetime) -> bool:
        return super().claim(event, attempt, lease_until=min(attempt.started_at, lease_until))


class ContinuedAsItSaves(SimulatedCrm):
    """The same: while the first request of a call is with the CRM, an operator takes its worker for dead."""

    def _exchange(self, request: Request) -> Exchange:
        if request.attempt == 1:
            self._kernel.later(0, lambda: self._network.tempted(Fault.OPERATOR_CONTINUES, request.event_id))
        return super()._exchange(request)


class WithdrawsFromTheIndex(AuditedStore):
    """A withdrawn order takes its event out of the index, also where that is under way."""

    def withdraw(self, event: CallEvent, *, now: datetime) -> bool:
        done = super().withdraw(event, now=now)
        if done:
            self._change(event.event_id, pending_since=None)
        return done


class ContinuesOutOfTheIndex(AuditedStore):
    """Who continues an event takes it out of the index."""

    def renew(self, event: CallEvent, *, now: datetime) -> bool:
        done = super().renew(event, now=now)
        if done:
            self._change(event.event_id, pending_since=None)
        return done


class ReopensWhatWasClosed(AuditedStore):
    """A closed call is only marked, and stays where it stood."""

    def close(self, event: CallEvent, closure: Closure) -> bool:
        done = super().close(event, closure)
        if done:
            self._change(event.event_id, status=Status.ANALYZED)
        return done


IN_THE_TERMS = (
    SeededBug(
        "today_vouches_for_yesterday",
        "what is set today decides whether an attempt of yesterday is repeated",
        UNVOUCHED,
        (
            Edit(
                DISPATCH,
                "    return repeats_are_safe(leads, mode.terms(event))",
                "    return mode.terms(event).guarantee_a_repeat",
            ),
        ),
        former=True,
    ),
    SeededBug(
        "yesterday_vouches_for_today",
        "an attempt's own guarantee is enough, whatever is set today",
        frozenset({Promise.SAME_TERMS}),
        (Edit(TERMS, "attempt.terms.vouch_for(today)", "attempt.terms.guarantee_a_repeat"),),
    ),
    SeededBug(
        "only_the_newest_doubt_counts",
        "of several attempts in doubt only the newest is judged",
        UNVOUCHED,
        (Edit(OUTCOME, "if attempt.attempt > settled and", "if attempt.attempt == len(attempts) and"),),
    ),
    SeededBug(
        "a_dead_worker_leaves_no_doubt",
        "an attempt that nobody has ended is not in doubt",
        UNVOUCHED,
        (
            Edit(
                OUTCOME,
                "words = {AttemptStatus.UNKNOWN, AttemptStatus.SENDING, AttemptStatus.SUCCESS}",
                "words = {AttemptStatus.UNKNOWN, AttemptStatus.SUCCESS}",
            ),
        ),
    ),
    SeededBug(
        "what_was_saved_leaves_no_doubt",
        "the lead of a worker that was overtaken is not asked about when its call is sent again",
        UNVOUCHED,
        (
            Edit(
                OUTCOME,
                "(attempt.status in words or attempt.outcome is Outcome.PARTIAL)",
                "attempt.status in words - {AttemptStatus.SUCCESS}",
            ),
        ),
        chosen={
            "deduplication": Deduplication.LEAD_ID,
            "script": (Fault.CRM_WARNING, *(Fault.CRM_DOWN,) * 20),
            "store": LeasesAreOver,
            "crm": ContinuedAsItSaves,
        },
    ),
    SeededBug(
        "unrecorded_is_sent",
        "a lead whose attempt the store refuses is sent all the same",
        frozenset({Promise.ON_THE_RECORD}),
        (
            Edit(
                DISPATCH,
                "        unrecorded = replace(attempt, payload=NOT_KEPT)",
                "        claimed = bool(str(error))\n    if claimed is None:\n"
                "        unrecorded = replace(attempt, payload=NOT_KEPT)",
            ),
        ),
    ),
)

IN_THE_WAYS_OUT = (
    SeededBug(
        "own_write_is_a_strangers",
        "a write that meets its own effect is called a conflict",
        frozenset({Promise.OWN_WRITES}),
        chosen={"store": TakesItsOwnWriteForAnothers},
        former=True,
    ),
    SeededBug(
        "redrive_of_a_served_order_is_idle",
        "the dead letter of a served order sends nothing",
        frozenset({Promise.WAY_OUT}),
        (
            Edit(
                DECISION,
                "    if event.status in SURELY_NOT_CREATED:",
                "    if order_id is not None:\n"
                "        waits = event.status in {Status.REJECTED, Status.PARTIAL, Status.UNKNOWN}\n"
                "        waits = waits and event.pending_since is None\n"
                "        return Decision(Step.DEAD_LETTER if waits else Step.NOTHING, HELD)\n"
                "    if event.status in SURELY_NOT_CREATED:",
            ),
        ),
        former=True,
    ),
    SeededBug(
        "stalled_is_said_to_move",
        "a refusal says of a stalled call that it goes by itself",
        frozenset({Promise.NO_UNTRUE_REFUSAL}),
        (Edit(POSSIBLE, "    if event.stalled:", "    if False:"),),
        former=True,
    ),
    SeededBug(
        "offers_what_is_refused",
        "a refusal offers what the next refusal forbids",
        frozenset({Promise.NO_UNTRUE_REFUSAL}),
        (
            Edit(
                POSSIBLE,
                "    return _RULES[command](event, now)",
                "    found = _RULES[command](event, now)\n"
                "    return found and Refusal(found.reason, tuple(Command), found.by_itself)",
            ),
        ),
    ),
    SeededBug(
        "a_stalled_call_cannot_be_continued",
        "only an open order can be continued",
        frozenset({Promise.WAY_OUT, Promise.NO_UNTRUE_REFUSAL}),
        (
            Edit(
                POSSIBLE,
                "    return _RULES[command](event, now)",
                "    if command is Command.CONTINUE and event.open_order is None:\n"
                '        return Refusal("It rests.")\n    return _RULES[command](event, now)',
            ),
        ),
        former=True,
    ),
    SeededBug(
        "whatever_rests_is_closed",
        "a lead that may be in the CRM is closed as if there were none",
        frozenset({Promise.ALONG_THE_EDGES}),
        (
            Edit(
                POSSIBLE,
                "    return _RULES[command](event, now)",
                "    if command is Command.CLOSE and event.status is not Status.SENDING:\n"
                "        return None\n    return _RULES[command](event, now)",
            ),
        ),
    ),
    SeededBug(
        "poison_holds_its_workers",
        "a call that outlasts its workers comes back to them as often as the queue allows",
        frozenset({Promise.NO_WORKER_IS_HELD}),
        (Edit("postcall.aws.batch", "    return receives >= POISONED_AFTER", "    return False"),),
        former=True,
    ),
    SeededBug(
        "what_a_batch_leaves_out_is_forgotten",
        "what a busy table has left out of a batch is taken for written",
        frozenset({Promise.PERSON_IS_FOUND}),
        (
            Edit(
                "postcall.aws.unprocessed",
                "        request = answer.get(left_out)",
                "        request = None",
            ),
        ),
    ),
    SeededBug(
        "one_question_holds_its_neighbours",
        "a question that hangs is waited for until the function's time is up, and the nine calls beside it with it",
        frozenset({Promise.NO_NEIGHBOUR_IS_HELD}),
        (
            Edit(
                "functions.analysis.side_by_side",
                "    return now + question.seconds + SECONDS_LATE",
                '    return now + float("inf")',
            ),
        ),
        chosen={"together": True},
    ),
    SeededBug(
        "what_is_closed_stays_closed",
        "a call that was closed by mistake cannot be taken up again",
        frozenset({Promise.WAY_OUT, Promise.NO_UNTRUE_REFUSAL}),
        (
            Edit(
                POSSIBLE,
                "    return _RULES[command](event, now)",
                "    if command is Command.CONTINUE and event.closure is not None:\n"
                '        return Refusal("It rests.")\n    return _RULES[command](event, now)',
            ),
        ),
    ),
    SeededBug(
        "withdrawal_leaves_the_index",
        "an event under way is out of the index once its order is withdrawn",
        frozenset({Promise.FINDABLE}),
        chosen={"store": WithdrawsFromTheIndex},
    ),
    SeededBug(
        "continued_out_of_the_index",
        "who continues an event takes it out of the index",
        frozenset({Promise.FINDABLE}),
        chosen={"store": ContinuesOutOfTheIndex},
    ),
    SeededBug(
        "closed_is_only_a_note",
        "a closed call goes on as if nobody had closed it",
        frozenset({Promise.ALONG_THE_EDGES, Promise.FINDABLE}),
        chosen={"store": ReopensWhatWasClosed},
    ),
)
