"""The three tables of the simulation: the in-memory store whose every change is audited, behind ports that can fail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol

from postcall.domain.analysis import RecordedAnalysis
from postcall.domain.errors import StoreRefused, Unavailable
from postcall.domain.event import CallEvent, IncomingCall
from postcall.domain.outcome import Attempt, Resolution, Verdict
from postcall.domain.status import Status
from tests.support.fakes.store import MemoryStore
from tools.verify.simulation.fault_injector import FaultInjector
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.network import READ, WRITE, Network

READS = frozenset(
    {
        "get",
        "get_with_body",
        "standing",
        "payload",
        "bodies_of",
        "latest",
        "attempts",
        "pending_since",
        "abandoned",
        "unescalated",
        "states",
        "body",
        "knows",
    }
)
BATCHES = frozenset({"get_with_body", "standing"})  # reads of several items, which are not of one moment
# Writes of one item: when the AWS client repeats one of them after a lost answer, its condition does not hold any more.
# A transaction carries a token and is not done twice.
ONE_ITEM = frozenset({"add", "order_resend", "close_order", "record_sweep", "mark_escalated"})


class Watcher(Protocol):
    """Who is told of every change."""

    def moved(self, before: CallEvent | None, after: CallEvent) -> None:
        """An event was stored or changed."""

    def analysed(self, event_id: str, order_id: str | None) -> None:
        """An analysis is stored: a call's first, or that of an order."""

    def finished(self, row: Attempt) -> None:
        """An attempt's row says what it came to."""

    def excuse(self, event_id: str) -> None:
        """A person's word that the lead is not there is stored."""

    def noted(self, event_id: str) -> None:
        """It is stored that the sweep sends an event again."""


class AuditedStore(MemoryStore):
    """Tells a watcher of every change of an event."""

    def __init__(self, watcher: Watcher) -> None:
        super().__init__()
        self._watcher = watcher
        self.stored: Callable[[str], None] = lambda _event_id: None

    def add(self, call: IncomingCall, *, now: datetime) -> bool:
        is_new = super().add(call, now=now)
        if is_new:
            self.stored(call.event_id)
            self._watcher.moved(None, self.events[call.event_id])
        return is_new

    def _change(self, event_id: str, **members: object) -> None:
        before = self.events[event_id]
        super()._change(event_id, **members)
        self._watcher.moved(before, self.events[event_id])

    def _keep(self, recorded: RecordedAnalysis, *, order_id: str | None = None) -> None:
        super()._keep(recorded, order_id=order_id)
        self._watcher.analysed(recorded.event_id, order_id)

    def _finish(self, attempt: Attempt, verdict: Verdict, now: datetime) -> None:
        super()._finish(attempt, verdict, now)
        self._watcher.finished(self.rows[attempt.event_id][attempt.attempt - 1])

    def settle(self, event: CallEvent, attempt: Attempt, verdict: Verdict, *, status: Status) -> bool:
        done = super().settle(event, attempt, verdict, status=status)
        if done:
            self._watcher.finished(self.rows[attempt.event_id][attempt.attempt - 1])
        return done

    def resolve(self, event: CallEvent, resolution: Resolution, *, now: datetime) -> bool:
        done = super().resolve(event, resolution, now=now)
        if done and not resolution.delivered:
            self._watcher.excuse(event.event_id)
        return done

    def record_sweep(self, event: CallEvent, *, now: datetime, stalled: bool) -> bool:
        done = super().record_sweep(event, now=now, stalled=stalled)
        if done and not stalled:
            self._watcher.noted(event.event_id)
        return done

    def expire(self, event_id: str) -> None:
        """What the table's TTL does."""
        self.events.pop(event_id, None)


class Port:
    """A port of the store: each of its methods is an external call of the running worker."""

    def __init__(
        self,
        target: Any,
        network: Network,
        injector: FaultInjector,
        *,
        written: Callable[[str], None] = lambda _event_id: None,
        misread: Callable[[str, str], None] = lambda _event_id, _write: None,
        refusable: str = "",
    ) -> None:
        """`written` is told of every write that had its effect, by the event's id; `misread` of one that was done and
        then taken for another's. `refusable` is the write whose record may be refused for good.
        """
        self._misread = misread
        self._refusable = refusable
        self.refused: set[str] = set()  # the events whose record is refused for good
        self._target, self._network, self._injector, self._written = target, network, injector, written
        self._seen_in_the_index: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._target, name)
        call = self._read if name in READS else self._write

        def through(*arguments: Any, **named: Any) -> Any:
            if name in BATCHES:
                named["between"] = self._apart
            first = arguments[0] if arguments else ""
            about = first if isinstance(first, str) else getattr(first, "event_id", None) or ""
            return call(name, about, lambda: method(*arguments, **named))

        self.__dict__[name] = through
        return through

    def _read(self, name: str, about: str, effect: Callable[[], Any]) -> Any:
        self._stop_in_an_outage(name)
        found = self._network.call(name, effect, about=about, refusals=READ)
        return self._from_the_index(found) if name == "pending_since" else found

    def _apart(self) -> None:
        if self._injector.strikes(Fault.BATCH_APART):
            self._network.wait()

    def _write(self, name: str, about: str, effect: Callable[[], Any]) -> Any:
        self._stop_in_an_outage(name)

        def written() -> Any:
            self._refuse(name, about)
            done = effect()
            self._written(about)
            return done

        done = self._network.call(name, written, about=about, refusals=WRITE, losses=(Fault.WRITE_ANSWER_LOST,))
        if name in ONE_ITEM and done and self._injector.strikes(Fault.WRITE_REPEATED):
            if not self._target.recognises_own_writes:
                self._misread(about, name)
            self._network.tell(about, f"{name} meets what it has written itself")
        return done

    def _refuse(self, name: str, about: str) -> None:
        """Raises `StoreRefused` for a record that the store does not take, now and ever after."""
        if name != self._refusable:
            return
        if about not in self.refused and self._injector.strikes(Fault.RECORD_REFUSED):
            self.refused.add(about)
        if about in self.refused:
            self._network.tell(about, f"{name}: {Fault.RECORD_REFUSED.meaning}")
            raise StoreRefused(f"{name} is refused for good.")

    def _stop_in_an_outage(self, name: str) -> None:
        if self._injector.lasts(Fault.STORE_OUTAGE):
            raise Unavailable(f"{name} failed ({Fault.STORE_OUTAGE}).")

    def _from_the_index(self, found: list[str]) -> list[str]:
        earlier, self._seen_in_the_index = self._seen_in_the_index, found
        return earlier if self._injector.strikes(Fault.STALE_INDEX) else found
