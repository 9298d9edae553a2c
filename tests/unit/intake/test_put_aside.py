"""Putting a refused webhook aside: kept within limits, and a flood costs next to nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from functions.intake.usecase import Aside, Gate, put_aside
from postcall.domain.errors import Unavailable
from postcall.domain.quarantine import Kind, limits
from tests.fakes.clock import START, HandClock
from tests.fakes.quarantine import MemoryQuarantine

BOUNDS = limits(entries_per_minute=10, entries_per_day=50, bytes_per_day=1_000_000)


ERASED = b"a call whose personal data was erased"


class Door:
    """The use case in one process."""

    def __init__(self, quarantine: MemoryQuarantine | None = None, clock: HandClock | None = None) -> None:
        self.quarantine = quarantine or MemoryQuarantine()
        self.clock = clock or HandClock()
        self.gate = Gate()
        self.number = 0
        self.indexed: dict[str, bytes] = {}

    def refuse(
        self, kind: Kind = Kind.SIGNATURE, body: bytes | None = None, signature: str | None = "t=1,v0=0"
    ) -> Aside:
        self.number += 1
        return put_aside(
            kind,
            "The signature does not match the body.",
            b"call %d" % self.number if body is None else body,
            signature=signature,
            quarantine=self.quarantine,
            limits=BOUNDS,
            gate=self.gate,
            is_erased=lambda body: body == ERASED,
            index=self.indexed.__setitem__,
            clock=self.clock,
        )


def test_what_is_refused_is_kept_with_all_that_a_later_judgement_needs() -> None:
    door = Door()
    assert door.refuse(body=b"a call", signature="t=5,v0=abc") is Aside.KEPT
    (entry,) = door.quarantine.entries.values()
    assert (entry.kind, entry.reason) == (Kind.SIGNATURE, "The signature does not match the body.")
    assert (entry.signature, entry.received_at, entry.bytes) == ("t=5,v0=abc", START, 6)
    assert door.quarantine.body(entry.quarantine_id) == b"a call"


def test_the_same_bytes_under_the_same_signature_are_one_entry() -> None:
    door = Door()
    assert door.refuse(body=b"a call") is Aside.KEPT
    assert door.refuse(body=b"a call") is Aside.KNOWN
    assert door.refuse(body=b"a call", signature="t=2,v0=0") is Aside.KEPT


def test_a_minute_and_a_day_hold_so_many() -> None:
    door = Door()
    assert [door.refuse() for _ in range(12)].count(Aside.KEPT) == 10
    door.clock.advance(seconds=60)
    assert door.refuse() is Aside.KEPT
    for _ in range(20):
        door.clock.advance(minutes=1)
        for _ in range(10):
            door.refuse()
    assert len(door.quarantine.entries) == 50
    door.clock.advance(days=1)
    assert door.refuse() is Aside.KEPT


def test_of_what_is_not_signed_a_tenth_is_kept_and_nothing_large() -> None:
    door = Door()
    assert door.refuse(Kind.UNSIGNED, signature=None) is Aside.KEPT
    assert door.refuse(Kind.UNSIGNED, signature=None) is Aside.OVER_LIMIT
    door.clock.advance(minutes=1)
    assert door.refuse(Kind.UNSIGNED, body=b"x" * 65_537, signature=None) is Aside.OVER_LIMIT
    assert door.refuse(Kind.UNSIGNED, body=b"x" * 65_536, signature=None) is Aside.KEPT


def test_the_bytes_of_a_day_are_bounded_too() -> None:
    door = Door()
    assert door.refuse(body=b"x" * 900_000) is Aside.KEPT
    assert door.refuse(body=b"y" * 200_000) is Aside.OVER_LIMIT


def test_one_kind_does_not_crowd_out_another() -> None:
    door = Door()
    for _ in range(30):
        door.refuse(Kind.SIGNATURE)
    assert door.refuse(Kind.TIME) is Aside.KEPT
    assert door.refuse(Kind.CONTENT) is Aside.KEPT


def test_nothing_is_kept_of_an_empty_body() -> None:
    door = Door()
    assert door.refuse(body=b"") is Aside.OVER_LIMIT
    assert door.quarantine.asked == 0


def test_a_flood_costs_a_bounded_number_of_writes_a_minute_however_many_processes_it_meets() -> None:
    quarantine, clock = MemoryQuarantine(), HandClock()
    doors = [Door(quarantine, clock) for _ in range(20)]
    for number in range(20_000):
        doors[number % 20].refuse(Kind.SIGNATURE, body=b"rubbish %d" % number)
        doors[number % 20].refuse(Kind.UNSIGNED, body=b"rubbish %d" % number, signature=None)
    admitted = 10 + 1
    assert len(quarantine.entries) == admitted
    assert quarantine.asked <= 2 * admitted + 2 * len(doors)


def test_a_closed_gate_opens_with_the_next_minute() -> None:
    gate = Gate()
    gate.close(Kind.TIME, START + timedelta(seconds=42))
    assert not gate.is_open(Kind.TIME, START + timedelta(seconds=59))
    assert gate.is_open(Kind.TIME, START + timedelta(seconds=60))
    assert gate.is_open(Kind.CONTENT, START + timedelta(seconds=42))


def test_what_cannot_be_kept_is_the_senders_to_repeat() -> None:
    door = Door()
    door.quarantine.broken = True
    with pytest.raises(Unavailable):
        door.refuse()


def test_what_is_kept_is_indexed_and_a_repeat_is_not() -> None:
    door = Door()
    for _ in range(2):
        door.refuse(body=b"the same")
    assert list(door.indexed.values()) == [b"the same"]


def test_nothing_of_an_erased_call_comes_back() -> None:
    door = Door()
    assert door.refuse(body=ERASED) is Aside.ERASED
    assert door.quarantine.entries == {}
    assert door.indexed == {}
