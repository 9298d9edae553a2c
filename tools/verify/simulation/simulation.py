"""A world for one schedule: every part made from the seed and put together."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from random import Random

from functions.dispatch.settings import WireFormat
from infra.environments import Environment, load
from infra.environments.retry import Retry
from postcall.aws.party_index import PartyIndex
from postcall.domain.deduplication import Deduplication
from tests.support.fakes.personal import MemoryEraser
from tests.support.fakes.quarantine import MemoryQuarantine
from tests.support.fakes.reanalyses import MemoryReanalyses
from tests.support.fakes.revisions import MemoryRevisions
from tests.support.fakes.sqs import MemorySqs
from tests.support.fakes.standings import MemoryStandings
from tests.support.fakes.store import MemoryAnalyses
from tools.verify.simulation.audit import Auditor
from tools.verify.simulation.crm import SimulatedCrm
from tools.verify.simulation.deployed import Deployed, Settings
from tools.verify.simulation.elevenlabs import ElevenLabs
from tools.verify.simulation.event_log import EventLog
from tools.verify.simulation.fault_injector import FaultInjector
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.kernel import DAY, HOUR, MINUTE, SECOND, Kernel, WorkerClock
from tools.verify.simulation.network import Network
from tools.verify.simulation.operators import Operators
from tools.verify.simulation.parts import Alarms, Circuit, Parts, SimulatedAnalyst
from tools.verify.simulation.persons import KEY, TABLE, SimulatedItems
from tools.verify.simulation.queues import SimulatedQueue, simulated_sqs
from tools.verify.simulation.reconciliation_driver import ReconciliationDriver
from tools.verify.simulation.scheduler import Scheduler
from tools.verify.simulation.steps import Steps
from tools.verify.simulation.store import AuditedStore, Port
from tools.verify.simulation.workers import EventSource, one_by_one

environment = cache(load)


@cache
def max_receives(base: int, cap: int, hours: float | None, receives: int | None) -> int:
    """The queue's maxReceiveCount; it takes a while to work out."""
    return Retry(base_seconds=base, cap_seconds=cap, outage_hours=hours, receives=receives).max_receives


TOGETHER = 0.04  # of the schedules: a batch's calls take as long as many others
STEP_NAMES = ("intake", "analysis", "dispatch", "reconciliation")


@dataclass(frozen=True)
class Chosen:
    """What a schedule is made of, where it is not the seed that decides.

    `calm` leaves out all faults; then `script` gives the CRM's first replies, and `acts` what operators do to the first
    call so many minutes after the beginning. `together` lets as many calls as a batch holds end at one moment, before
    anybody looks into the queue. The rest takes planted bugs.
    """

    seed: str
    environment: str | None = None
    deduplication: Deduplication | None = None
    calls: int | None = None
    together: bool | None = None
    has_key: bool | None = None
    without: Collection[Fault] = ()
    crash_at: Collection[int] = ()
    calm: bool = False
    script: tuple[Fault, ...] = ()
    acts: tuple[tuple[int, Fault], ...] = ()
    ttl_hours: int | None = None
    alter: Callable[[Environment], Environment] = lambda environment: environment
    steps: type[Steps] = Steps
    store: type[AuditedStore] = AuditedStore
    crm: type[SimulatedCrm] = SimulatedCrm
    queue: type[MemorySqs] = MemorySqs
    revisions: type[MemoryRevisions] = MemoryRevisions


class Simulation:
    """Everything there is, at its beginning."""

    def __init__(self, chosen: Chosen) -> None:
        self.chosen = chosen
        dice = Random(f"{chosen.seed}/world")  # noqa: S311 — reproducible on purpose
        name = dice.choice(("prod", "prod", "uat", "local"))
        env = chosen.alter(environment(chosen.environment or name))
        guarantee = dice.choice((Deduplication.NONE, Deduplication.NONE, Deduplication.LEAD_ID, Deduplication.EVENT_ID))
        self.span = dice.choice((1, 3, 12, 30)) * HOUR
        self.number_of_calls = dice.choice((1, 1, 2, 3))
        drawn_together = Random(f"{chosen.seed}/together").random() < TOGETHER  # noqa: S311 — reproducible on purpose
        self.together = drawn_together if chosen.together is None else chosen.together
        if self.together:
            self.number_of_calls = env.queues.analysis_batch
        if chosen.calls is not None:
            self.number_of_calls = chosen.calls
        self.kernel = Kernel(Random(f"{chosen.seed}/kernel"))  # noqa: S311 — reproducible on purpose
        without = list(Fault) if chosen.calm else chosen.without
        self.injector = FaultInjector(chosen.seed, self.kernel, span=self.span, without=without)
        self.event_log = EventLog(self.kernel)
        self.network = Network(self.kernel, self.injector, self.event_log, seed=chosen.seed, crash_at=chosen.crash_at)
        self.deduplication = chosen.deduplication or guarantee
        self.auditor = Auditor(
            self.event_log,
            max_sweeps=env.reconciliation.reconciliation_max_sweeps,
        )
        self.parts = self._parts(env, dice)
        self.auditor.store, self.auditor.crm, self.auditor.parties = (
            self.parts.store,
            self.parts.crm,
            self.parts.parties,
        )
        self.parts.crm.script = list(chosen.script)
        self.steps = chosen.steps(self.parts)
        self.operators = Operators(self.parts, self.steps)
        self.network.tempted = self.operators.tempted
        self.sender = ElevenLabs(self.parts, self.steps, seed=chosen.seed, forged=self.auditor.forged.add)
        drawn = dice.random() < 0.9
        has_key = drawn if chosen.has_key is None else chosen.has_key
        self.reconciliation = ReconciliationDriver(self.parts, self.steps, self.sender, has_key=has_key)
        self.sources = self._sources(env, dice)
        ends = [dice.randrange(self.span // 2) for _ in range(self.number_of_calls)]
        for end in ends:
            self.kernel.later(ends[0] if self.together else end, self.sender.call_ends)
        self.scheduler = Scheduler(self.parts, self.steps, self.reconciliation)
        self._purge(dice)
        for minutes, fault in chosen.acts:
            self.kernel.later(minutes * MINUTE, lambda fault=fault: self.operators.tempted(fault, "conv_1"))  # type: ignore[misc]  # its own

    @property
    def at_rest(self) -> bool:
        """Whether nothing is under way and nothing will be sent again."""
        store = self.parts.store
        pending = (event for event in store.events.values() if event.pending_since is not None)
        idle = self.kernel.quiet and not self.reconciliation.unknown and all(source.idle for source in self.sources)
        return idle and all(event.event_id in store.stalled for event in pending)

    def _parts(self, env: Environment, dice: Random) -> Parts:
        kernel, injector, network, event_log, seed = (
            self.kernel,
            self.injector,
            self.network,
            self.event_log,
            self.chosen.seed,
        )
        clock, refused, items = WorkerClock(kernel), MemoryQuarantine(), SimulatedItems(network, injector)
        self.auditor.items = items
        ttl = env.intake.event_ttl_days * DAY if self.chosen.ttl_hours is None else self.chosen.ttl_hours * HOUR
        store = self.chosen.store(self.auditor)
        store.stored = lambda event_id: kernel.later(ttl, lambda: store.expire(event_id), for_ever=True)
        wire_format = WireFormat.LETTER if dice.random() < 0.7 else WireFormat.WEB_FORM
        queues = self._queues(env)
        events = Port(
            store, network, injector, written=self.auditor.written, misread=self.auditor.misread, refusable="claim"
        )
        return Parts(
            environment=env,
            kernel=kernel,
            injector=injector,
            event_log=event_log,
            network=network,
            alarms=Alarms(event_log),
            clock=clock,
            random=Random(f"{seed}/waits"),  # noqa: S311 — reproducible on purpose
            settings=Settings(Deployed(wire_format, self.deduplication), injector, seed=seed),
            store=store,
            crm=self.chosen.crm(
                kernel,
                network,
                injector,
                event_log,
                self.auditor,
                seed=seed,
                timeout_seconds=env.dispatch.crm_timeout_seconds,
            ),
            analyst=SimulatedAnalyst(
                kernel,
                network,
                injector,
                clock,
                deadline_seconds=env.analysis.openai_deadline_seconds,
                max_wait_seconds=env.analysis.analysis_max_wait_seconds,
            ),
            circuit=Circuit(
                kernel,
                failures=env.dispatch.crm_breaker_failures,
                recovery_seconds=env.dispatch.crm_breaker_recovery_seconds,
            ),
            analysis_queue=queues["analysis"],
            dispatch_queue=queues["dispatch"],
            analysis_dead_letters=queues["analysis-dead-letters"],
            dispatch_dead_letters=queues["dispatch-dead-letters"],
            events=events,
            analyses=Port(MemoryAnalyses(store), network, injector, written=self.auditor.written, refusable="record"),
            dispatches=events,
            standings=Port(MemoryStandings(store), network, injector),
            pending=events,
            eraser=Port(MemoryEraser(store), network, injector, written=self.auditor.written),
            reanalyses=Port(MemoryReanalyses(store), network, injector),
            revisions=Port(self.chosen.revisions(store), network, injector),
            quarantine=Port(refused, network, injector),
            refused=refused,
            parties=PartyIndex(items, TABLE, key=lambda: KEY, ttl_days=env.intake.event_ttl_days),  # type: ignore[arg-type]  # as much of a client as is asked
            swept=self.auditor.swept,
            served=self.auditor.served,
            outlasted=self.auditor.outlasted,
            held=self.auditor.held,
            told_no=self.auditor.refused,
            read=self.auditor.read,
        )

    def _queues(self, env: Environment) -> dict[str, SimulatedQueue]:
        made: dict[str, SimulatedQueue] = {}
        for word, waits in (("analysis", env.analysis_retry), ("dispatch", env.dispatch_retry)):
            name, seed = f"{word}-dead-letters", f"{self.chosen.seed}/{word}"
            dead = simulated_sqs(self.kernel, self.injector, seed=seed, retention_days=env.queues.dead_letter_days)
            sqs = simulated_sqs(
                self.kernel,
                self.injector,
                seed=seed,
                retention_days=env.queues.retention_days,
                visibility_seconds=env.visibility_seconds("analysis" if word == "analysis" else "dispatch"),
                max_receives=max_receives(waits.base_seconds, waits.cap_seconds, waits.outage_hours, waits.receives),
                dead_letters=dead,
                kind=self.chosen.queue,
            )
            made[name] = SimulatedQueue(name, dead, self.network, self.injector)
            made[word] = SimulatedQueue(word, sqs, self.network, self.injector)
        return made

    def _sources(self, env: Environment, dice: Random) -> list[EventSource]:
        broken_step = dice.choice(STEP_NAMES)

        def broken(step: str) -> Callable[[], bool]:
            return lambda: step == broken_step and self.injector.lasts(Fault.STEP_BROKEN)

        parts = self.parts
        return [
            EventSource(
                parts.analysis_queue,
                self.steps.analyse,
                parts=parts,
                batch=env.queues.analysis_batch,
                gathers=2 * SECOND if self.together else 0,
                workers=env.queues.analysis_concurrency,
                timeout_seconds=env.functions["analysis"].timeout_seconds,
                visibility_seconds=env.visibility_seconds("analysis"),
                broken=broken("analysis"),
            ),
            EventSource(
                parts.dispatch_queue,
                one_by_one(self.steps.dispatch),
                parts=parts,
                batch=1,
                workers=env.dispatch.dispatch_concurrency,
                timeout_seconds=env.functions["dispatch"].timeout_seconds,
                visibility_seconds=env.visibility_seconds("dispatch"),
                broken=broken("dispatch"),
            ),
        ]

    def _purge(self, dice: Random) -> None:
        """Once in a while somebody empties a queue."""
        for queue in (self.parts.analysis_queue, self.parts.dispatch_queue):
            at = dice.randrange(self.span)
            self.kernel.later(at, lambda queue=queue: self._maybe_purge(queue))  # type: ignore[misc]  # its own

    def _maybe_purge(self, queue: SimulatedQueue) -> None:
        if self.injector.strikes(Fault.QUEUE_PURGED):
            self.event_log.tell("", f"somebody purges {queue.name}: {queue.purge()} messages are gone")
