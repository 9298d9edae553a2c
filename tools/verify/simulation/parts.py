"""Everything a schedule consists of, and the small parts among them: alarms, the circuit to the CRM, the model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from greenlet import getcurrent

from functions.analysis.fallback_analyst import ModelUnavailable
from functions.analysis.openai_analyst import SECONDS_TO_RECORD, SHARE
from functions.analysis.question import Asking, Question
from functions.dispatch.usecases.dispatch import Dispatched
from functions.operations.possible import Refusal
from infra.environments import Environment
from postcall.aws.party_index import PartyIndex
from postcall.domain.analysis import Analysis
from postcall.domain.call import Call
from postcall.domain.errors import Unavailable
from postcall.domain.event import CallEvent
from postcall.domain.outcome import Outcome
from tests.support.builders import any_analysis
from tests.support.fakes.quarantine import MemoryQuarantine
from tools.verify.simulation.crm import SimulatedCrm
from tools.verify.simulation.deployed import Settings
from tools.verify.simulation.event_log import EventLog
from tools.verify.simulation.fault_injector import FaultInjector
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.kernel import HOUR, SECOND, Kernel, WorkerClock
from tools.verify.simulation.network import Network
from tools.verify.simulation.queues import SimulatedQueue
from tools.verify.simulation.store import AuditedStore


class Alarms:
    """Which alarm has rung for which event. What a worker has counted is told when he ends, and lost when he dies."""

    def __init__(self, event_log: EventLog) -> None:
        self.rung: set[tuple[str, str]] = set()
        self._event_log = event_log
        self._heard: dict[object, list[tuple[str, str]]] = {}

    def hear(self, word: str, event_id: str) -> None:
        """The running worker counts."""
        self._heard.setdefault(getcurrent(), []).append((word, event_id))

    def flush(self) -> None:
        """The running worker ends."""
        for word, event_id in self._heard.pop(getcurrent(), []):
            self.ring(word, event_id)

    def ring(self, word: str, event_id: str) -> None:
        """CloudWatch counts."""
        if (word, event_id) not in self.rung:
            self.rung.add((word, event_id))
            self._event_log.tell(event_id, f"alarm: {word}")

    def rang_for(self, event_id: str) -> bool:
        """Whether any alarm has named the event."""
        return any(about == event_id for _, about in self.rung)


PLAINLY_DOWN = frozenset({Outcome.UNAVAILABLE, Outcome.REJECTED_CONFIGURATION, Outcome.UNKNOWN})
NOT_ASKED = frozenset({None, Outcome.DRY_RUN, Outcome.DISABLED, Outcome.REJECTED_DATA})


class Circuit:
    """The breaker around dispatch, as `functions.dispatch.breaker` sets it up: all workers share it."""

    def __init__(self, kernel: Kernel, *, failures: int, recovery_seconds: int) -> None:
        self._kernel = kernel
        self._threshold, self._recovery = failures, recovery_seconds
        self._failures = 0
        self._opened_at: int | None = None
        self._probing = False

    def guard(self, serve: Callable[[], Dispatched]) -> Dispatched:
        """Serve, or raise `Unavailable` while the circuit is open; one probe at a time when the wait is over.

        Raises:
            Unavailable: An injected fault keeps it from answering.
        """
        if self._opened_at is not None:
            waits = self._kernel.now < self._opened_at + self._recovery * SECOND
            if waits or self._probing:
                raise Unavailable("The circuit to the CRM is open.", retry_after=self._recovery)
            self._probing = True
        try:
            done = serve()
        finally:
            self._probing = False
        self._judge(done.verdict.outcome if done.verdict else None)
        return done

    def _judge(self, outcome: Outcome | None) -> None:
        if outcome in NOT_ASKED:
            return
        if outcome not in PLAINLY_DOWN:
            self._failures, self._opened_at = 0, None
            return
        self._failures += 1
        if self._failures >= self._threshold or self._opened_at is not None:
            self._opened_at = self._kernel.now


class SimulatedAnalyst:
    """The model behind `functions.analysis.fallback_analyst`: after a while the lead goes out without it."""

    def __init__(
        self,
        kernel: Kernel,
        network: Network,
        injector: FaultInjector,
        clock: WorkerClock,
        *,
        deadline_seconds: int,
        max_wait_seconds: int,
    ) -> None:
        self._kernel, self._network, self._injector, self._clock = kernel, network, injector, clock
        self._deadline = min(float(deadline_seconds), SHARE * max_wait_seconds)
        self._max_wait = timedelta(seconds=max_wait_seconds)

    def asking(self, call: Call, *, received_at: datetime) -> Asking[Analysis]:
        """The port of the analysis."""
        ask = partial(self._network.call, "model", lambda: self._judge(received_at), about=call.event_id)
        try:
            analysis: Analysis = yield Question(ask, self._seconds)
        except TimeoutError:
            return self._without_model(received_at)
        return analysis

    @property
    def _seconds(self) -> float:
        return min(self._deadline, self._kernel.left / SECOND - SECONDS_TO_RECORD)

    def _judge(self, received_at: datetime) -> Analysis:
        if self._injector.strikes(Fault.MODEL_SLOW):
            self._kernel.pause(HOUR)
        if not self._injector.lasts(Fault.MODEL_OUTAGE):
            return any_analysis()
        return self._without_model(received_at)

    def _without_model(self, received_at: datetime) -> Analysis:
        left = (self._max_wait - (self._clock.now() - received_at)).total_seconds()
        if left > 0:
            raise ModelUnavailable("The model is away.", latest=left)
        return any_analysis().flagged("model_unavailable")


@dataclass
class Parts:
    """The whole system and its surroundings. `Any` where a port that can fail stands before the real thing."""

    environment: Environment
    kernel: Kernel
    injector: FaultInjector
    event_log: EventLog
    network: Network
    alarms: Alarms
    clock: WorkerClock
    random: Random
    settings: Settings
    store: AuditedStore
    crm: SimulatedCrm
    analyst: SimulatedAnalyst
    circuit: Circuit
    analysis_queue: SimulatedQueue
    dispatch_queue: SimulatedQueue
    analysis_dead_letters: SimulatedQueue
    dispatch_dead_letters: SimulatedQueue
    events: Any
    analyses: Any
    dispatches: Any
    standings: Any
    pending: Any
    eraser: Any
    reanalyses: Any
    revisions: Any
    quarantine: Any
    parties: PartyIndex
    refused: MemoryQuarantine
    swept: Callable[[str], None]
    served: Callable[..., None]
    outlasted: Callable[[str, int], None]
    held: Callable[[str, float], None]
    told_no: Callable[[CallEvent, Refusal, datetime], None]
    read: Callable[[str, bytes], None]
    secret: str = "wsec_ours"

    def secrets(self) -> tuple[str, ...]:
        """The webhook's secrets as intake knows them now."""
        return ("wsec_wrong",) if self.injector.lasts(Fault.WRONG_SECRET) else (self.secret,)

    @property
    def secret_is_right(self) -> bool:
        """Whether intake would get the right one now: the auditor's look, which is no fault's occasion."""
        return not self.injector.is_in_force(Fault.WRONG_SECRET)
