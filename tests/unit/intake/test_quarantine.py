"""Quarantining a refused webhook: kept within limits, and a flood costs next to nothing."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest

from functions.intake.usecases import Gate, QuarantineResult, quarantine
from functions.intake.usecases.log_sample import LINES_PER_MINUTE, LogSample
from postcall.domain.errors import Unavailable
from postcall.domain.quarantine import FORGEABLE, Kind, limits
from tests.support.fakes.clock import START, HandClock
from tests.support.fakes.quarantine import MemoryQuarantine

BOUNDS = limits(entries_per_minute=10, entries_per_day=50, bytes_per_day=1_000_000)


ERASED = b"a call whose personal data was erased"


class QuarantineHarness:
    """The use case in one process."""

    def __init__(self, quarantine: MemoryQuarantine | None = None, clock: HandClock | None = None) -> None:
        self.quarantine = quarantine or MemoryQuarantine()
        self.clock = clock or HandClock()
        self.gate = Gate()
        self.number = 0
        self.indexed: dict[str, bytes] = {}
        self.erased = {ERASED}

    def refuse(
        self, kind: Kind = Kind.VENDOR, body: bytes | None = None, signature: str | None = "t=1,v0=0"
    ) -> QuarantineResult:
        self.number += 1
        return quarantine(
            kind,
            "The signature does not match the body.",
            b"call %d" % self.number if body is None else body,
            signature=signature,
            quarantine=self.quarantine,
            limits=BOUNDS,
            gate=self.gate,
            is_erased=self.erased.__contains__,
            index=self.index,
            clock=self.clock,
        )

    def index(self, quarantine_id: str, body: bytes) -> None:
        self.indexed[quarantine_id] = body


def test_what_is_refused_is_kept_with_all_that_a_later_judgement_needs() -> None:
    harness = QuarantineHarness()
    assert harness.refuse(body=b"a call", signature="t=5,v0=abc") is QuarantineResult.KEPT
    (entry,) = harness.quarantine.entries.values()
    assert (entry.kind, entry.reason) == (Kind.VENDOR, "The signature does not match the body.")
    assert (entry.signature, entry.received_at, entry.bytes) == ("t=5,v0=abc", START, 6)
    assert harness.quarantine.body(entry.quarantine_id) == b"a call"


def test_the_same_bytes_under_the_same_signature_are_one_entry() -> None:
    harness = QuarantineHarness()
    assert harness.refuse(body=b"a call") is QuarantineResult.KEPT
    assert harness.refuse(body=b"a call") is QuarantineResult.KNOWN
    assert harness.refuse(body=b"a call", signature="t=2,v0=0") is QuarantineResult.KEPT


def test_what_another_process_has_kept_is_known() -> None:
    quarantine, clock = MemoryQuarantine(), HandClock()
    doors = [QuarantineHarness(quarantine, clock) for _ in range(2)]
    assert [door.refuse(body=b"a call") for door in doors] == [QuarantineResult.KEPT, QuarantineResult.KNOWN]


class ErasedMeanwhile(QuarantineHarness):
    """An operator erases the call after intake has looked and before its bytes are kept."""

    def index(self, quarantine_id: str, body: bytes) -> None:
        super().index(quarantine_id, body)
        self.erased.add(body)


def test_the_bytes_of_a_call_that_is_erased_while_they_are_quarantined_are_not_kept() -> None:
    harness = ErasedMeanwhile()
    assert harness.refuse(body=b"a call") is QuarantineResult.ERASED
    assert harness.quarantine.bodies == {}
    assert [entry.released_at for entry in harness.quarantine.entries.values()] == [START]


def test_a_minute_and_a_day_hold_so_many() -> None:
    harness = QuarantineHarness()
    assert [harness.refuse() for _ in range(12)].count(QuarantineResult.KEPT) == 10
    harness.clock.advance(seconds=60)
    assert harness.refuse() is QuarantineResult.KEPT
    for _ in range(20):
        harness.clock.advance(minutes=1)
        for _ in range(10):
            harness.refuse()
    assert len(harness.quarantine.entries) == 50
    harness.clock.advance(days=1)
    assert harness.refuse() is QuarantineResult.KEPT


def test_of_what_is_not_signed_little_is_kept_and_nothing_large() -> None:
    harness = QuarantineHarness()
    assert harness.refuse(Kind.UNSIGNED, signature=None) is QuarantineResult.KEPT
    assert harness.refuse(Kind.UNSIGNED, signature=None) is QuarantineResult.OVER_LIMIT
    harness.clock.advance(days=1)
    assert harness.refuse(Kind.UNSIGNED, body=b"x" * 65_537, signature=None) is QuarantineResult.OVER_LIMIT
    assert harness.refuse(Kind.UNSIGNED, body=b"x" * 65_536, signature=None) is QuarantineResult.KEPT


def test_the_bytes_of_a_day_are_bounded_too() -> None:
    harness = QuarantineHarness()
    assert harness.refuse(body=b"x" * 900_000) is QuarantineResult.KEPT
    assert harness.refuse(body=b"y" * 200_000) is QuarantineResult.OVER_LIMIT


def test_one_kind_does_not_crowd_out_another() -> None:
    harness = QuarantineHarness()
    for _ in range(30):
        harness.refuse(Kind.SIGNATURE)
    assert harness.refuse(Kind.TIME) is QuarantineResult.KEPT
    assert harness.refuse(Kind.CONTENT) is QuarantineResult.KEPT


def test_nothing_is_kept_of_an_empty_body() -> None:
    harness = QuarantineHarness()
    assert harness.refuse(body=b"") is QuarantineResult.OVER_LIMIT
    assert harness.quarantine.asked == 0


def test_a_flood_costs_a_bounded_number_of_writes_a_minute_however_many_processes_it_meets() -> None:
    quarantine, clock = MemoryQuarantine(), HandClock()
    doors = [QuarantineHarness(quarantine, clock) for _ in range(20)]
    for number in range(20_000):
        doors[number % 20].refuse(Kind.SIGNATURE, body=b"rubbish %d" % number)
        doors[number % 20].refuse(Kind.UNSIGNED, body=b"rubbish %d" % number, signature=None)
    assert len(quarantine.entries) == 1
    assert quarantine.asked <= 2 + len(doors)


def test_of_what_is_forged_an_entry_a_minute_is_kept_and_a_twentieth_of_a_day() -> None:
    bounds = limits(entries_per_minute=60, entries_per_day=5_000, bytes_per_day=500_000_000)
    assert {
        kind: (bounds[kind].entries_per_minute, bounds[kind].entries_per_day) for kind in FORGEABLE
    } == dict.fromkeys(FORGEABLE, (1, 250))
    assert {bounds[kind].entries_per_minute for kind in Kind if kind not in FORGEABLE} == {60}


def test_a_closed_gate_opens_with_the_next_minute() -> None:
    gate = Gate()
    gate.close(Kind.TIME, START + timedelta(seconds=42))
    assert not gate.is_open(Kind.TIME, START + timedelta(seconds=59))
    assert gate.is_open(Kind.TIME, START + timedelta(seconds=60))
    assert gate.is_open(Kind.CONTENT, START + timedelta(seconds=42))


def test_what_cannot_be_kept_is_the_senders_to_repeat() -> None:
    harness = QuarantineHarness()
    harness.quarantine.broken = True
    with pytest.raises(Unavailable):
        harness.refuse()


def test_what_is_kept_is_indexed_and_a_repeat_is_not() -> None:
    harness = QuarantineHarness()
    for _ in range(2):
        harness.refuse(body=b"the same")
    assert harness.indexed == dict.fromkeys(harness.quarantine.entries, b"the same")


def test_nothing_of_an_erased_call_comes_back() -> None:
    harness = QuarantineHarness()
    assert harness.refuse(body=ERASED) is QuarantineResult.ERASED
    assert harness.quarantine.entries == {}
    assert harness.indexed == {}


def test_the_same_rubbish_is_counted_once_and_costs_nothing_more() -> None:
    harness = QuarantineHarness()
    harness.refuse(body=b"the same")
    asked = harness.quarantine.asked
    assert {harness.refuse(body=b"the same") for _ in range(100)} == {QuarantineResult.KNOWN}
    assert harness.quarantine.asked == asked


def test_what_could_not_be_kept_is_not_taken_for_known() -> None:
    harness = QuarantineHarness()
    harness.quarantine.broken = True
    with pytest.raises(Unavailable):
        harness.refuse(body=b"a call")
    harness.quarantine.broken = False
    assert harness.refuse(body=b"a call") is QuarantineResult.KEPT


def test_of_a_flood_the_first_refusals_of_a_minute_are_logged() -> None:
    clock = HandClock()
    sample = LogSample(clock)
    assert sum(sample.admits_one_more() for _ in range(1_000)) == LINES_PER_MINUTE
    clock.advance(minutes=1)
    assert sample.admits_one_more()


def test_strangers_share_one_budget_and_take_nothing_of_the_vendors_share() -> None:
    harness = QuarantineHarness()
    kept = [harness.refuse(kind) for kind in (Kind.SIGNATURE, Kind.UNSIGNED) for _ in range(20)]
    assert kept.count(QuarantineResult.KEPT) == 1
    harness.clock.advance(minutes=1)
    assert harness.refuse(Kind.UNSIGNED) is QuarantineResult.KEPT
    assert harness.refuse(Kind.SIGNATURE) is QuarantineResult.OVER_LIMIT
    assert [harness.refuse(Kind.VENDOR) for _ in range(12)].count(QuarantineResult.KEPT) == 10


def test_a_gate_opens_with_the_minute() -> None:
    gate, clock = Gate(), HandClock(START.replace(second=59, microsecond=999_000))
    gate.close(Kind.TIME, clock.now())
    assert not gate.is_open(Kind.TIME, clock.now())
    clock.advance(microseconds=1_000)
    assert gate.is_open(Kind.TIME, clock.now())


def test_a_process_remembers_the_last_few_thousand_that_it_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("functions.intake.usecases.quarantine"), "REMEMBERED", 2)
    gate = Gate()
    for name in "abc":
        gate.remember(name)
    assert [gate.knows(name) for name in "abc"] == [False, True, True]
