"""One schedule: a faulty time, a healthy one without people, people who follow the runbooks; then the reckoning."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from postcall.domain.status import NEEDS_ATTENTION, Status
from tests.support.fakes.clock import START
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
    story: str = ""
    kinds: tuple[str, ...] = field(default=())


def run(chosen: Chosen) -> Result:
    """Run one schedule from its seed."""
    return finish(Simulation(chosen))


def finish(world: Simulation) -> Result:
    """Let a world run to its end and judge it."""
    broken: Broken | None = None
    ends: Counter[str] = Counter()
    try:
        world.kernel.run(world.span)
        world.weather.raging = False
        _come_to_rest(world)
        _check_that_nobody_is_forgotten(world, ends)
        _let_people_work(world)
        _check_that_nothing_is_lost(world, ends)
    except Broken as error:
        broken = error
    return Result(
        seed=world.chosen.seed,
        digest=world.story.digest,
        steps=world.kernel.steps,
        points=len(world.line.points),
        days=world.kernel.now / DAY,
        calls=len(world.sender.calls),
        faults=Counter({fault.value: number for fault, number in world.weather.struck.items()}),
        ends=ends,
        broken=broken.promise.value if broken else None,
        how=": ".join(filter(None, (broken.event_id, broken.how))) if broken else "",
        story=world.story.readable(broken.event_id or None) if broken else "",
        kinds=tuple(fault.value for fault in world.weather.kinds),
    )


def _come_to_rest(world: Simulation) -> None:
    world.kernel.run(world.kernel.now + LONGEST_REST, stop=lambda: world.at_rest)
    if not world.at_rest:
        raise Broken(Promise.COMES_TO_REST, "", "something is still under way after twenty healthy days")


def _check_that_nobody_is_forgotten(world: Simulation, ends: Counter[str]) -> None:
    """Nobody has done anything yet: whatever is not at its end must have told somebody."""
    world.kernel.run(world.kernel.now + HOUR)  # what was given up is told by the next sweep
    _check_the_ledgers(world)
    parts = world.parts
    ends.update(f"{AT_REST}{_where(world, call)}" for call in world.sender.calls)
    letters = [
        message.body
        for queue in (parts.analysis_dead_letters, parts.dispatch_dead_letters)
        for message in queue.sqs.messages
    ]
    for event_id, event in parts.store.events.items():
        told = parts.alarms.rang_for(event_id) or any(f'"{event_id}"' in letter for letter in letters)
        if (event.status in UNDER_WAY or event.open_order) and not told:
            raise Broken(Promise.NOT_STUCK, event_id, f"it stands at {event.status} and no alarm tells of it")
        if event.status in NEEDS_ATTENTION and not told:
            raise Broken(Promise.PERSON_IS_TOLD, event_id, f"it is {event.status} and nobody is told")


def _account(world: Simulation) -> None:
    """The nights that follow: a ledger for each day with calls."""
    begin = START + timedelta(milliseconds=world.kernel.now)
    for _ in range(NIGHTS):
        made = [world.books.ledgers[day].made_at for day in world.books.days if day in world.books.ledgers]
        if not world.books.has_key or (len(made) == len(world.books.days) and min(made, default=begin) >= begin):
            return
        world.scheduler.account(world.books.days)
        world.kernel.run(world.kernel.now + HOUR)


def _let_people_work(world: Simulation) -> None:
    for _ in range(ROUNDS):
        busy = world.people.follow_the_runbooks()
        _come_to_rest(world)
        if not busy:
            return


def _check_that_nothing_is_lost(world: Simulation, ends: Counter[str]) -> None:
    store, crm = world.parts.store, world.parts.crm
    for call in world.sender.calls:
        event = store.events.get(call.event_id)
        ends[f"{END}{_where(world, call)}"] += 1
        if event is None:
            _check_a_missed(world, call)
            continue
        if event.status in UNDER_WAY or event.open_order or event.status in LEFT_TO_PEOPLE:
            stands = event.event_id in store.stalled or event.open_order is not None
            promise = Promise.WAY_OUT if stands else Promise.NOT_LOST
            raise Broken(promise, call.event_id, f"it stays {event.status}, whatever people do")
        if world.people.closed_too_early(event):
            raise Broken(Promise.WAY_OUT, call.event_id, "it stays closed, though a person wants its lead after all")
        if event.status in {Status.DELIVERED, Status.PARTIAL} and not crm.has(call.event_id):
            raise Broken(Promise.NOT_LOST, call.event_id, f"it is {event.status} and the CRM has no lead of it")
    _check_the_books(world)


def _where(world: Simulation, call: VoiceCall) -> str:
    """Where a call is now: its event's status, or why there is no event of it."""
    event, refused = world.parts.store.events.get(call.event_id), world.parts.refused
    if event is not None:
        return str(event.status)
    if call.body in refused.bodies.values():
        return "refused at the door, in the quarantine"
    if not call.is_conversation:
        return "missed, its set-up failed (no lead)"
    return "missed, to be found by the search" if world.books.has_key else "missed, no API key to find it with"


def _check_a_missed(world: Simulation, call: VoiceCall) -> None:
    if call.acknowledged:
        raise Broken(Promise.NOT_LOST, call.event_id, "it was acknowledged and is not there")
    if not call.missed:
        raise Broken(Promise.NOT_LOST, call.event_id, "nobody knows what became of it")
    if call.is_conversation and world.books.has_key:
        raise Broken(Promise.NOT_LOST, call.event_id, "it was missed at the door, and reconciliation does not find it")


def _check_the_books(world: Simulation) -> None:
    store = world.parts.store
    for event_id in world.parts.crm.leads:
        if not store.attempts(event_id):
            raise Broken(Promise.BOOKS_BALANCE, event_id, "the CRM has a lead of nothing that was sent")
    for event in store.events.values():
        rows = store.attempts(event.event_id)
        if [row.attempt for row in rows] != list(range(1, event.attempts + 1)):
            how = f"{len(rows)} attempts are on the record, and the event counts {event.attempts}"
            raise Broken(Promise.BOOKS_BALANCE, event.event_id, how)
    _check_the_ledgers(world)


def _check_the_ledgers(world: Simulation) -> None:
    """Every day adds up, also while some calls wait for a person and are no leads yet."""
    _account(world)
    store = world.parts.store
    for ledger in world.books.ledgers.values():
        if ledger.differences or ledger.accounted != ledger.conversations:
            raise Broken(Promise.BOOKS_BALANCE, "", f"the ledger of {ledger.day} does not add up: {dict(ledger.ids)}")
    listed = [call.event_id for call in world.sender.calls if call.is_conversation]
    delivered = sum(1 for event_id in listed if event_id in store.events and store.events[event_id].delivered_at)
    told = sum(ledger.delivered for ledger in world.books.ledgers.values())
    if world.books.has_key and told != delivered:
        raise Broken(Promise.BOOKS_BALANCE, "", f"{delivered} calls are delivered, and the ledgers say {told}")
