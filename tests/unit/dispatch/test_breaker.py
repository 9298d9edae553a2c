"""While the CRM is down or refuses everything, nobody knocks: counted over all workers, tried by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from functions.dispatch.breaker import PLAINLY_DOWN, Breaker
from functions.dispatch.usecases.dispatch import Dispatched
from postcall.domain.circuit import Circuit
from postcall.domain.errors import Unavailable
from postcall.domain.messages import CallAnalyzed
from postcall.domain.outcome import Outcome, Verdict
from tests.support.fakes.circuits import MemoryCircuits
from tests.support.fakes.clock import HandClock
from tests.support.fakes.crm import ScriptedCrm

MESSAGE = CallAnalyzed("e1")
FAILURES, RECOVERY = 5, 60


class Workers:
    """Processes that share a circuit and a CRM, and nothing else."""

    def __init__(self, count: int = 2) -> None:
        self.clock, self.circuits, self.noticed = HandClock(), MemoryCircuits(), list[str]()
        self.answers: list[Outcome] = []
        self.breakers = [
            Breaker(
                self.circuits,
                failures=FAILURES,
                recovery=timedelta(seconds=RECOVERY),
                lease=timedelta(seconds=120),
                clock=self.clock,
                notice=self.noticed.append,
            )
            for _ in range(count)
        ]

    def send(self, outcome: Outcome, *, worker: int = 0) -> Verdict:
        """One lead, which the CRM answers like this."""
        breaker = self.breakers[worker]
        crm = breaker.listen(ScriptedCrm([Verdict(outcome, "so")]))
        serve = breaker.guard(lambda message: Dispatched(message.event_id, "", verdict=crm.send("{}")))
        done = serve(MESSAGE, self.circuit)
        assert done.verdict is not None
        return done.verdict

    def without_asking(self, serve: Callable[[CallAnalyzed], Dispatched], *, worker: int = 0) -> Dispatched:
        """One message that never comes to the CRM."""
        return self.breakers[worker].guard(serve)(MESSAGE, self.circuit)

    @property
    def circuit(self) -> Circuit | None:
        """As it is read beside a message's event."""
        try:
            return self.circuits.get()
        except Unavailable:
            return None

    def open(self) -> None:
        """Until nothing is sent any more."""
        for number in range(FAILURES):
            self.send(Outcome.REJECTED_CONFIGURATION, worker=number % len(self.breakers))

    def is_open(self, *, worker: int = 0) -> bool:
        try:
            self.without_asking(lambda message: Dispatched(message.event_id, ""), worker=worker)
        except Unavailable:
            return True
        return False


@pytest.mark.parametrize("outcome", sorted(PLAINLY_DOWN))
def test_the_workers_count_together(outcome: Outcome) -> None:
    workers = Workers()
    for number in range(FAILURES):
        assert not workers.is_open()
        workers.send(outcome, worker=number % 2)
    assert workers.is_open(worker=0)
    assert workers.is_open(worker=1)
    assert workers.noticed == ["CrmBreakerOpened"]


def test_a_lead_an_hour_opens_it_as_well_and_each_by_a_process_of_its_own() -> None:
    workers = Workers(FAILURES)
    for worker in range(FAILURES):
        workers.send(Outcome.UNAVAILABLE, worker=worker)
        workers.clock.advance(hours=1)
    assert workers.circuits.get().state == "open"


def test_only_failures_in_a_row_count() -> None:
    workers = Workers()
    for _ in range(3):
        for _ in range(FAILURES - 1):
            workers.send(Outcome.UNKNOWN)
        workers.send(Outcome.DELIVERED, worker=1)
    assert not workers.is_open()


@pytest.mark.parametrize("outcome", [Outcome.REJECTED_DATA, Outcome.PARTIAL, Outcome.REJECTED_CONTRACT])
def test_a_lead_that_is_wrong_itself_opens_nothing(outcome: Outcome) -> None:
    workers = Workers()
    for _ in range(2 * FAILURES):
        workers.send(outcome)
    assert not workers.is_open()


def test_the_wait_that_is_left_is_told() -> None:
    workers = Workers()
    workers.open()
    workers.clock.advance(seconds=20)
    with pytest.raises(Unavailable) as held:
        workers.send(Outcome.DELIVERED)
    assert held.value.retry_after == RECOVERY - 20


def test_one_tries_the_crm_and_its_success_lets_all_send() -> None:
    workers = Workers()
    workers.open()
    workers.clock.advance(seconds=RECOVERY)
    assert workers.send(Outcome.DELIVERED, worker=1).outcome is Outcome.DELIVERED
    assert not workers.is_open(worker=0)
    assert workers.noticed == ["CrmBreakerOpened", "CrmBreakerProbed", "CrmBreakerClosed"]


def test_while_one_tries_the_others_wait() -> None:
    workers = Workers()
    workers.open()
    workers.clock.advance(seconds=RECOVERY)

    def meanwhile(message: CallAnalyzed) -> Dispatched:
        assert workers.is_open(worker=1)
        return Dispatched(message.event_id, "")

    workers.without_asking(meanwhile)


def test_a_probe_that_fails_keeps_it_open_for_another_while() -> None:
    workers = Workers()
    workers.open()
    workers.clock.advance(seconds=RECOVERY)
    workers.send(Outcome.UNKNOWN)
    assert workers.is_open()
    workers.clock.advance(seconds=RECOVERY - 1)
    assert workers.is_open()


def test_no_lead_is_spent_on_finding_the_landing_still_off() -> None:
    workers = Workers()
    workers.open()
    workers.clock.advance(seconds=RECOVERY)
    verdict = workers.send(Outcome.REJECTED_CONFIGURATION)
    assert verdict.outcome is Outcome.UNAVAILABLE
    assert verdict.detail == "The CRM still refuses every lead, so this one waits with the others. so"
    assert workers.is_open()


@pytest.mark.parametrize("fails", [False, True])
def test_a_probe_that_never_asked_gives_the_circuit_back_at_once(*, fails: bool) -> None:
    workers = Workers()
    workers.open()
    workers.clock.advance(seconds=RECOVERY)

    def serve(message: CallAnalyzed) -> Dispatched:
        if fails:
            raise Unavailable("Our own store does not answer.")
        return Dispatched(message.event_id, "It is done.")

    for _ in range(3):
        if fails:
            with pytest.raises(Unavailable, match="Our own store"):
                workers.without_asking(serve)
        else:
            workers.without_asking(serve)
    assert workers.circuits.get().state == "open"
    assert workers.send(Outcome.DELIVERED, worker=1).outcome is Outcome.DELIVERED


def test_what_was_still_on_its_way_when_it_opened_does_not_close_it() -> None:
    workers = Workers()
    workers.send(Outcome.UNKNOWN)

    def slow(message: CallAnalyzed) -> Dispatched:
        for _ in range(FAILURES - 1):
            workers.send(Outcome.UNKNOWN, worker=1)
        crm = workers.breakers[0].listen(ScriptedCrm())
        return Dispatched(message.event_id, "", verdict=crm.send("{}"))

    workers.without_asking(slow)
    assert workers.is_open()
    assert workers.noticed == ["CrmBreakerOpened"]


def test_without_its_table_leads_are_sent_and_it_is_noticed() -> None:
    workers = Workers()
    workers.open()
    workers.circuits.is_away = True
    assert workers.send(Outcome.DELIVERED).outcome is Outcome.DELIVERED
    assert workers.noticed[-1] == "CrmBreakerUnreadable"
