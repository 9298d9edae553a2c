"""The auditor: sees every change of the store, every request and every lead, and raises at the first broken promise."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import NoReturn

from greenlet import getcurrent

from functions.dispatch.usecases.dispatch import NOT_KEPT
from functions.operations.possible import Refusal, possible
from postcall.aws.party_index import PartyIndex
from postcall.domain.event import CallEvent
from postcall.domain.event_id import INITIATION_FAILURE
from postcall.domain.outcome import Attempt, AttemptStatus, Outcome
from postcall.domain.status import EDGES, Status
from tests.support.fakes.revisions import content
from tests.support.fakes.store import MemoryStore
from tools.verify.simulation.crm import SimulatedCrm, read_body
from tools.verify.simulation.event_log import EventLog
from tools.verify.simulation.persons import SimulatedItems
from tools.verify.simulation.promises import Broken, Promise

UNDER_WAY = frozenset({Status.RECEIVED, Status.ANALYZED, Status.SENDING, Status.RETRYING})
PROMISED = frozenset({Outcome.DELIVERED, Outcome.DELIVERED_WITH_WARNING, Outcome.PARTIAL})
SURELY_NOT = frozenset(
    {
        Outcome.UNAVAILABLE,
        Outcome.REJECTED_CONTRACT,
        Outcome.REJECTED_CONFIGURATION,
        Outcome.REJECTED_DATA,
        Outcome.DRY_RUN,
        Outcome.DISABLED,
    },
)
POISONED_AFTER = 5  # receives of one message
LEFT_OPEN = frozenset({Outcome.UNAVAILABLE, Outcome.UNKNOWN})  # outcomes after which an order may go on


class Auditor:
    """Told of everything as it happens. `excused` counts, for each event, the leads that a person answers for."""

    store: MemoryStore
    crm: SimulatedCrm
    parties: PartyIndex
    items: SimulatedItems

    def __init__(self, event_log: EventLog, *, max_sweeps: int) -> None:
        self.forged: set[str] = set()
        self.excused: Counter[str] = Counter()
        self._noted: Counter[str] = Counter()  # the sweep's notes since an event moved last
        self._analysed: set[tuple[str, str | None]] = set()
        self._reads: dict[tuple[object, str], bytes] = {}  # by worker and event: the body it has read
        self.analysed_content: dict[str, str] = {}  # by event: what its latest analysis read
        self._unsent: Counter[str] = Counter()  # its notes whose message has not left
        self._event_log = event_log
        self._max_sweeps = max_sweeps

    def moved(self, before: CallEvent | None, after: CallEvent) -> None:
        """An event was stored or changed."""
        if before is None:
            self._event_log.tell(after.event_id, f"stored as {after.status}")
            if after.event_id in self.forged:
                _broken(Promise.FORGED_IS_REFUSED, after.event_id, "a forged call is stored")
        elif before.status is not after.status:
            self._event_log.tell(after.event_id, f"{before.status} → {after.status}")
            if before.erased_at is not None:
                _broken(
                    Promise.ERASED_STAYS_ERASED, after.event_id, f"{before.status} → {after.status}, and it is erased"
                )
            if after.erased_at is None and after.status not in EDGES[before.status]:
                _broken(Promise.ALONG_THE_EDGES, after.event_id, f"{before.status} → {after.status} is no drawn edge")
        stands = before is not None and (before.status, before.attempts) == (after.status, after.attempts)
        if before is None or not stands or _is_ordered_anew(before, after):
            self._noted[after.event_id] = 0

    def analysed(self, event_id: str, order_id: str | None) -> None:
        """An analysis is stored: a call's first, or that of an order."""
        if (event_id, order_id) in self._analysed:
            _broken(Promise.ANALYSED_ONCE, event_id, f"analysed twice ({order_id or 'its first analysis'})")
        self._analysed.add((event_id, order_id))
        body = self._reads[getcurrent(), event_id]
        self.analysed_content[event_id] = content(body)
        if missing := set(self.parties.items_of(event_id, [body])) - set(self.items.items):
            _broken(
                Promise.PERSON_IS_FOUND, event_id, f"it is analysed, and {len(missing)} of those in it are not found"
            )

    def read(self, event_id: str, body: bytes) -> None:
        """A worker of the analysis has read an event's content."""
        self._reads[getcurrent(), event_id] = body

    def written(self, event_id: str) -> None:
        """A write is done, and with it everything that belongs to it."""
        event = self.store.events.get(event_id)
        if event is None or event.pending_since is not None:
            return
        if event.status in UNDER_WAY or event.open_order:
            _broken(Promise.FINDABLE, event_id, f"{event.status}, and not in the index")

    def misread(self, event_id: str, write: str) -> None:
        """A write of our own is taken for somebody else's."""
        _broken(Promise.OWN_WRITES, event_id, f"{write} is done, and its own repeat is called a conflict")

    def served(self, before: CallEvent | None, event_id: str, *, sent: bool) -> None:
        """A message was served without an error, and nothing else happened to the event meanwhile."""
        rejected = before is not None and before.status is Status.REJECTED and before.erased_at is None
        if rejected and not sent and self.store.events.get(event_id) == before:
            _broken(Promise.WAY_OUT, event_id, "a message of a rejected event, as from a redrive, sends nothing")

    def outlasted(self, event_id: str, receives: int) -> None:
        """A message is left to its queue although its call has taken all the time that a worker has."""
        if receives > POISONED_AFTER:
            _broken(Promise.NO_WORKER_IS_HELD, event_id, f"it holds a worker for the {receives}th time")

    def held(self, event_id: str, seconds: float) -> None:
        """A worker has waited for a call's question longer than the question's own time."""
        _broken(Promise.NO_NEIGHBOUR_IS_HELD, event_id, f"its question is waited for {seconds:.0f} s past its deadline")

    def refused(self, event: CallEvent, found: Refusal, now: datetime) -> None:
        """A person is told why not, by an event as it was read."""
        moves = event.status in UNDER_WAY and event.pending_since is not None and not event.stalled
        if found.by_itself and not moves:
            _broken(Promise.NO_UNTRUE_REFUSAL, event.event_id, f"it is to move by itself, and it does not: {found}")
        if not set(found.offers) <= set(possible(event, now=now)):
            _broken(Promise.NO_UNTRUE_REFUSAL, event.event_id, f"what it offers is refused as well: {found}")

    def noted(self, event_id: str) -> None:
        """The sweep has noted that it sends an event again: an order that comes before the message begins anew."""
        self._unsent[event_id] += 1
        self._noted[event_id] += 1
        if self._noted[event_id] > self._max_sweeps:
            how = f"the sweep takes it up {self._noted[event_id]} times without its moving"
            _broken(Promise.SWEEPS_ARE_CAPPED, event_id, how)

    def swept(self, event_id: str) -> None:
        """The sweep sends an event again."""
        self._unsent[event_id] -= 1
        if self._unsent[event_id] < 0:
            _broken(Promise.SWEEPS_ARE_CAPPED, event_id, "the sweep sends it again and has not noted so")

    def asked(self, event_id: str, attempt: int, payload: str) -> None:
        """A request is about to leave."""
        rows = self.store.attempts(event_id)
        if len(rows) < attempt or rows[attempt - 1].payload != payload:
            _broken(Promise.ON_THE_RECORD, event_id, f"attempt {attempt} leaves and is not on the record")
        event = self.store.events.get(event_id)
        if event is not None and event.erased_at is not None:
            _broken(Promise.ERASED_STAYS_ERASED, event_id, f"attempt {attempt} leaves after its erasure")
        if event is not None and event.attempts != len(rows):
            _broken(Promise.ON_THE_RECORD, event_id, f"{len(rows)} attempts, and the event counts {event.attempts}")
        self._check_terms(event_id, rows[attempt - 1], rows)

    def _check_terms(self, event_id: str, row: Attempt, rows: list[Attempt]) -> None:
        """Of what may be in the CRM already, this request must be known there for a repeat."""
        key = read_body(row.payload).key
        for earlier in rows[: row.attempt - 1]:
            if not _may_have_made_a_lead(earlier, rows):
                continue
            if row.forced and earlier.order_id != row.order_id:
                continue  # the one more lead that the order's person answers for
            before = read_body(earlier.payload).key
            how = (
                f"attempt {row.attempt} leaves by {key}, and attempt {earlier.attempt} is {earlier.status} by {before}"
            )
            if key is None and before is None:
                _broken(Promise.ONE_POSSIBLE_SEND, event_id, how)
            if key != before:
                _broken(Promise.SAME_TERMS, event_id, how)

    def saved(self, event_id: str, attempt: int) -> None:
        """The CRM has a new lead."""
        if self.store.events[event_id].type == INITIATION_FAILURE:
            _broken(Promise.EXCLUDED_IS_NOT_SENT, event_id, "a call that was not set up is a lead")
        forced = sum(1 for row in self.store.attempts(event_id) if row.forced)
        leads, allowed = self.crm.leads[event_id], 1 + forced + self.excused[event_id]
        if leads > allowed:
            how = f"attempt {attempt} makes lead {leads}, and {allowed} may be there"
            _broken(Promise.NOT_DOUBLED, event_id, how)

    def finished(self, row: Attempt) -> None:
        """An attempt's row says what it came to."""
        if row.order_id is not None and _is_sent_under_no_guarantee(row):
            self._check_order(row.event_id, row.order_id)
        made = any(
            request.saves
            for request in self.crm.requests
            if (request.event_id, request.attempt) == (row.event_id, row.attempt)
        )
        if row.outcome in PROMISED and not made:
            _broken(Promise.RECORDED_TRULY, row.event_id, f"{row.outcome} is recorded, and nothing was saved")
        if row.outcome in SURELY_NOT and made:
            _broken(Promise.RECORDED_TRULY, row.event_id, f"{row.outcome} is recorded, and a lead was saved")
        if row.outcome is Outcome.ALREADY_THERE and not self.crm.has(row.event_id):
            _broken(Promise.RECORDED_TRULY, row.event_id, "already there is recorded, and nothing is there")

    def excuse(self, event_id: str) -> None:
        """A person's word that the lead is not there is stored: another one is that person's to answer for."""
        self.excused[event_id] += 1

    def _check_order(self, event_id: str, order_id: str) -> None:
        final = sum(
            1
            for row in self.store.attempts(event_id)
            if row.order_id == order_id and row.outcome is not None and row.outcome not in LEFT_OPEN
        )
        if final > 1:
            _broken(Promise.ORDER_ONCE, event_id, f"order {order_id} has {final} outcomes")


def _is_sent_under_no_guarantee(row: Attempt) -> bool:
    return row.payload != NOT_KEPT and read_body(row.payload).key is None


def _is_ordered_anew(before: CallEvent, after: CallEvent) -> bool:
    """Whether a person has just brought it on: by an order, or by continuing it."""
    return after.sweeps < before.sweeps or (after.order is not None and after.order != before.order)


def _may_have_made_a_lead(row: Attempt, rows: list[Attempt]) -> bool:
    """Whether nobody knows for certain that this attempt made none."""
    if row.outcome in SURELY_NOT or row.status in {AttemptStatus.DRY_RUN, AttemptStatus.SKIPPED}:
        return False
    found = (later.resolution for later in rows[row.attempt - 1 :])
    return not any(resolution is not None and not resolution.delivered for resolution in found)


def _broken(promise: Promise, event_id: str, how: str) -> NoReturn:
    raise Broken(promise, event_id, how)
