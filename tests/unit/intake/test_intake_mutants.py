"""The edges of intake: each of these once caught a mutant that all other tests missed."""

from __future__ import annotations

from datetime import datetime, timedelta

from functions.intake.signature import SignatureFault
from functions.intake.usecases import Gate, ingest
from postcall.domain.event import CallEvent, IncomingCall
from postcall.domain.quarantine import Kind
from tests.support.builders import CONVERSATION, any_incoming
from tests.support.fakes.clock import START, HandClock
from tests.support.fakes.queue import MemoryQueue
from tests.support.fakes.store import MemoryStore
from tests.unit.intake.test_signature import GOOD, NOW, fault


def test_a_call_is_stored_with_the_moment_at_which_it_came() -> None:
    store = MemoryStore()
    ingest(any_incoming(), events=store, queue=MemoryQueue(), clock=HandClock())
    assert (store.events[CONVERSATION].received_at, store.events[CONVERSATION].pending_since) == (START, START)


def test_a_header_of_sixteen_parts_is_read_and_one_of_seventeen_is_not() -> None:
    sixteen = ",".join([f"t={NOW}", f"v0={GOOD}", *(["v1=x"] * 14)])
    assert fault(sixteen) is None
    assert fault(f"{sixteen},v1=x") is SignatureFault.MALFORMED


def test_a_part_is_a_name_and_all_that_follows() -> None:
    assert fault(f"t={NOW},v0={GOOD}=") is SignatureFault.MISMATCH


def test_a_signature_that_no_encoding_takes_does_not_match() -> None:
    assert fault(f"t={NOW},v0=\ud800") is SignatureFault.MISMATCH


def test_a_gate_opens_with_the_minute() -> None:
    gate, clock = Gate(), HandClock(START.replace(second=59, microsecond=999_000))
    gate.close(Kind.TIME, clock.now())
    assert not gate.is_open(Kind.TIME, clock.now())
    clock.advance(microseconds=1_000)
    assert gate.is_open(Kind.TIME, clock.now())


class Repeats(MemoryStore):
    """Keeps the moments at which a call came once more."""

    def __init__(self) -> None:
        super().__init__()
        self.came_at: list[datetime] = []

    def record_duplicate(self, call: IncomingCall, *, now: datetime) -> CallEvent:
        self.came_at.append(now)
        return super().record_duplicate(call, now=now)


def test_a_repeat_is_noted_with_the_moment_at_which_it_came() -> None:
    store, clock = Repeats(), HandClock()
    for _ in range(2):
        ingest(any_incoming(), events=store, queue=MemoryQueue(), clock=clock)
        clock.advance(minutes=5)
    assert [moment - START for moment in store.came_at] == [timedelta(minutes=5)]
