"""The schedules: the sweep, the search for missed calls, the nightly ledger; and what is said when one fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from postcall.domain.errors import Unavailable
from postcall.domain.zone import operators_zone
from tests.support.fakes.crm import Crash
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.kernel import DAY, HOUR, MINUTE, SimulationClock
from tools.verify.simulation.parts import Parts
from tools.verify.simulation.reconciliation_driver import ReconciliationDriver
from tools.verify.simulation.steps import Steps


class Scheduler:
    """Runs what repeats for ever. A run that could find nothing is left out, since it would do nothing."""

    def __init__(self, parts: Parts, steps: Steps, reconciliation: ReconciliationDriver) -> None:
        self._parts, self._steps, self._reconciliation = parts, steps, reconciliation
        self._clock = SimulationClock(parts.kernel)
        settings = parts.environment.schedules
        self._every(settings.sweep_every_minutes * MINUTE, self._sweeps)
        self._every(settings.reconcile_every_minutes * MINUTE, self._searches)
        begin = (settings.ledger_hour * HOUR - self._clock.now().hour * HOUR) % DAY
        parts.kernel.later(begin, lambda: self._every(DAY, self.ledgers), for_ever=True)

    def ledgers(self) -> None:
        """Account for yesterday and the day before."""
        if self._reconciliation.has_key:
            today = self._clock.now().astimezone(operators_zone()).date()
            self.account([today - timedelta(days=1), today - timedelta(days=2)])

    def account(self, days: list[date]) -> None:
        """Account for some days, in one run."""
        self._invoke("the ledger", lambda: [self._reconciliation.account(day) for day in days])

    def _every(self, milliseconds: int, act: Callable[[], None]) -> None:
        def again() -> None:
            self._parts.kernel.later(milliseconds, again, for_ever=True)
            act()

        self._parts.kernel.later(milliseconds, again, for_ever=True)

    def _sweeps(self) -> None:
        store = self._parts.store
        if not store.awaits_escalation and all(event.pending_since is None for event in store.events.values()):
            return
        if self._parts.injector.lasts(Fault.SWEEP_LATE):
            return
        for _ in range(2 if self._parts.injector.strikes(Fault.SWEEP_TWICE) else 1):
            self._invoke("the sweep", self._steps.sweep)

    def _searches(self) -> None:
        if self._reconciliation.unknown and not self._parts.injector.lasts(Fault.SWEEP_LATE):
            self._invoke("the search", self._search)

    def _search(self) -> None:
        done = self._reconciliation.reconcile()
        for event_id in done.taken_in:
            self._parts.event_log.tell(event_id, "reconciliation finds that it was never delivered")
        for event_id, reason in done.failed.items():
            self._parts.event_log.tell(event_id, f"reconciliation cannot fetch it: {reason}")

    def _invoke(self, what: str, act: Callable[[], object]) -> None:
        def invocation() -> None:
            try:
                act()
            except Crash:
                return
            except Unavailable as error:
                self._parts.alarms.ring("reconciliation-errors", "")
                self._parts.event_log.tell("", f"{what} fails: {error}")
            self._parts.alarms.flush()

        seconds = self._parts.environment.functions["reconciliation"].timeout_seconds
        self._parts.kernel.start(invocation, seconds=seconds)
