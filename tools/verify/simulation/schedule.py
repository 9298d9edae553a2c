"""One schedule: a faulty time, a healthy one without people, people who follow the runbooks; then the reckoning."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from functions.dispatch.usecases.dispatch import NOT_KEPT
from postcall.domain.event import CallEvent
from postcall.domain.outcome import Attempt
from postcall.domain.status import NEEDS_ATTENTION, Status
from tests.support.fakes.clock import START
from tests.support.fakes.revisions import content
from tools.verify.simulation.audit import UNDER_WAY
from tools.verify.simulation.elevenlabs import VoiceCall
from tools.verify.simulation.kernel import DAY, HOUR
from tools.verify.simulation.operators import LEFT_TO_PEOPLE
from tools.verify.simulation.promises import Broken, Promise
from tools.verify.simulation.simulation import Chosen, Simulation

LONGEST_REST = 20 * DAY  # longer than any message lives
ROUNDS = 8
AT_REST, END = "at rest: ", "end: "  # in front of where a call is, before people work and after it
NIGHTS = 4  # one may fail: the next makes the ledger of the day before too


@dataclass
class Result:
    """What became of a schedule. `broken` is the first broken promise, `digest` tells two runs apart."""

    seed: str
    digest: str
    steps: int
    points: int
    days: float
    calls: int
    faults: Counter[str]
    ends: Counter[str]
    broken: str | None = None
    how: str = ""
    event_log: str = ""
    kinds: tuple[str, ...] = field(default=())


def run(chosen: Chosen) -> Result:
    """Run one schedule from its seed."""
    return finish(Simulation(chosen))


def finish(simulation: Simulation) -> Result:
    """Let a world run to its end and judge it."""
    broken: Broken | None = None
    ends: Counter[str] = Counter()
    try:
        simulation.kernel.run(simulation.span)
        simulation.injector.raging = False
        _come_to_rest(simulation)
        _check_that_nobody_is_forgotten(simulation, ends)
        _let_people_work(simulation)
        _check_that_nothing_is_lost(simulation, ends)
    except Broken as error:
        broken = error
    return Result(
        seed=simulation.chosen.seed,
        digest=simulation.event_log.digest,
        steps=simulation.kernel.steps,
        points=len(simulation.network.points),
        days=simulation.kernel.now / DAY,
        calls=len(simulation.sender.calls),
        faults=Counter({fault.value: number for fault, number in simulation.injector.struck.items()}),
        ends=ends,
        broken=broken.promise.value if broken else None,
        how=": ".join(filter(None, (broken.event_id, broken.how))) if broken else "",
        event_log=simulation.event_log.readable(broken.event_id or None) if broken else "",
        kinds=tuple(fault.value for fault in simulation.injector.kinds),
    )


def _come_to_rest(simulation: Simulation) -> None:
    simulation.kernel.run(simulation.kernel.now + LONGEST_REST, stop=lambda: simulation.at_rest)
    if not simulation.at_rest:
        raise Broken(Promise.COMES_TO_REST, "", "something is still under way after twenty healthy days")


def _check_that_nobody_is_forgotten(simulation: Simulation, ends: Counter[str]) -> None:
    """Nobody has done anything yet: whatever is not at its end must have told somebody."""
    simulation.kernel.run(simulation.kernel.now + HOUR)  # what was given up is told by the next sweep
    _check_that_what_counts_is_analysed(simulation)
    _check_the_ledgers(simulation)
    parts = simulation.parts
    ends.update(f"{AT_REST}{_where(simulation, call)}" for call in simulation.sender.calls)
    letters = [
        message.body
        for queue in (parts.analysis_dead_letters, parts.dispatch_dead_letters)
        for message in queue.sqs.messages
    ]
    for event_id, event in parts.store.events.items():
        sentence = parts.alarms.rang_for(event_id) or any(f'"{event_id}"' in letter for letter in letters)
        if (event.status in UNDER_WAY or event.open_order) and not sentence:
            raise Broken(Promise.NOT_STUCK, event_id, f"it stands at {event.status} and no alarm tells of it")
        if event.status in NEEDS_ATTENTION and not sentence:
            raise Broken(Promise.PERSON_IS_TOLD, event_id, f"it is {event.status} and nobody is told")


def _check_that_what_counts_is_analysed(simulation: Simulation) -> None:
    store, analysed = simulation.parts.store, simulation.auditor.analysed_content
    for event_id, event in store.events.items():
        is_ordered = event.reanalysis is not None and event.reanalysis.is_open
        if event_id not in analysed or event.erasure is not None or is_ordered:
            continue
        if content(store.bodies[event_id][0]) != analysed[event_id]:
            raise Broken(Promise.CONTENT_IS_ANALYSED, event_id, "its content is one that no analysis has read")


def _account(simulation: Simulation) -> None:
    """The nights that follow: a ledger for each day with calls."""
    begin = START + timedelta(milliseconds=simulation.kernel.now)
    for _ in range(NIGHTS):
        made = [
            simulation.reconciliation.ledgers[day].made_at
            for day in simulation.reconciliation.days
            if day in simulation.reconciliation.ledgers
        ]
        if not simulation.reconciliation.has_key or (
            len(made) == len(simulation.reconciliation.days) and min(made, default=begin) >= begin
        ):
            return
        simulation.scheduler.account(simulation.reconciliation.days)
        simulation.kernel.run(simulation.kernel.now + HOUR)


def _let_people_work(simulation: Simulation) -> None:
    for _ in range(ROUNDS):
        busy = simulation.operators.follow_the_runbooks()
        _come_to_rest(simulation)
        if not busy:
            return


def _check_that_nothing_is_lost(simulation: Simulation, ends: Counter[str]) -> None:
    store, crm = simulation.parts.store, simulation.parts.crm
    for call in simulation.sender.calls:
        event = store.events.get(call.event_id)
        ends[f"{END}{_where(simulation, call)}"] += 1
        if event is None:
            _check_a_missed(simulation, call)
            continue
        if event.status in UNDER_WAY or event.open_order or event.status in LEFT_TO_PEOPLE:
            stands = event.event_id in store.stalled or event.open_order is not None
            promise = Promise.WAY_OUT if stands else Promise.NOT_LOST
            raise Broken(promise, call.event_id, f"it stays {event.status}, whatever people do")
        if event.erasure is not None:
            _check_an_erased(simulation, event)
        if simulation.operators.closed_too_early(event):
            raise Broken(Promise.WAY_OUT, call.event_id, "it stays closed, though a person wants its lead after all")
        if event.status in {Status.DELIVERED, Status.PARTIAL} and not crm.has(call.event_id):
            raise Broken(Promise.NOT_LOST, call.event_id, f"it is {event.status} and the CRM has no lead of it")
    _check_the_books(simulation)


def _check_an_erased(simulation: Simulation, event: CallEvent) -> None:
    store = simulation.parts.store
    exchanged = any(_tells_of_a_person(row) for row in store.attempts(event.event_id))
    if exchanged or store.bodies[event.event_id] or store.recorded.get(event.event_id):
        raise Broken(Promise.ERASED_STAYS_ERASED, event.event_id, "something of it is kept")


def _tells_of_a_person(row: Attempt) -> bool:
    """Whether an attempt holds what was sent, what came back, or what a person wrote."""
    return row.payload != NOT_KEPT or any((row.answer, row.detail, row.warnings, row.resolution))


def _where(simulation: Simulation, call: VoiceCall) -> str:
    """Where a call is now: its event's status, or why there is no event of it."""
    event, refused = simulation.parts.store.events.get(call.event_id), simulation.parts.refused
    if event is not None:
        return str(event.status)
    if call.body in refused.bodies.values():
        return "refused at the door, in the quarantine"
    if not call.is_conversation:
        return "missed, its set-up failed (no lead)"
    return (
        "missed, to be found by the search"
        if simulation.reconciliation.has_key
        else "missed, no API key to find it with"
    )


def _check_a_missed(simulation: Simulation, call: VoiceCall) -> None:
    if call.acknowledged:
        raise Broken(Promise.NOT_LOST, call.event_id, "it was acknowledged and is not there")
    if not call.missed:
        raise Broken(Promise.NOT_LOST, call.event_id, "nobody knows what became of it")
    if call.is_conversation and simulation.reconciliation.has_key:
        raise Broken(Promise.NOT_LOST, call.event_id, "it was missed at the door, and reconciliation does not find it")


def _check_the_books(simulation: Simulation) -> None:
    store = simulation.parts.store
    for event_id in simulation.parts.crm.leads:
        if not store.attempts(event_id):
            raise Broken(Promise.BOOKS_BALANCE, event_id, "the CRM has a lead of nothing that was sent")
    for event in store.events.values():
        rows = store.attempts(event.event_id)
        if [row.attempt for row in rows] != list(range(1, event.attempts + 1)):
            how = f"{len(rows)} attempts are on the record, and the event counts {event.attempts}"
            raise Broken(Promise.BOOKS_BALANCE, event.event_id, how)
    _check_the_ledgers(simulation)


def _check_the_ledgers(simulation: Simulation) -> None:
    """Every day adds up, also while some calls wait for a person and are no leads yet."""
    _account(simulation)
    store = simulation.parts.store
    for ledger in simulation.reconciliation.ledgers.values():
        if ledger.differences or ledger.accounted != ledger.conversations:
            raise Broken(Promise.BOOKS_BALANCE, "", f"the ledger of {ledger.day} does not add up: {dict(ledger.ids)}")
    listed = [call.event_id for call in simulation.sender.calls if call.is_conversation]
    delivered = sum(1 for event_id in listed if event_id in store.events and store.events[event_id].delivered_at)
    sentence = sum(ledger.delivered for ledger in simulation.reconciliation.ledgers.values())
    if simulation.reconciliation.has_key and sentence != delivered:
        raise Broken(Promise.BOOKS_BALANCE, "", f"{delivered} calls are delivered, and the ledgers say {sentence}")
