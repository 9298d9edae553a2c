"""The recorded erasures run again: what came back goes once more, and what came later of its own will stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from functions.operations.usecases import Conflict
from functions.operations.usecases.erase_again import ErasedAgain, erase_again, erase_rest
from postcall.domain.erasure_record import ErasureRecord
from postcall.domain.event import CallEvent, Erasure
from postcall.domain.parties import Role
from tests.support.builders import CONVERSATION, any_event
from tests.support.fakes.clock import START
from tests.support.fakes.personal import MemoryEraser
from tests.support.fakes.store import MemoryStore

FIRST, SECOND = ErasureRecord("event", "e1", START), ErasureRecord("event", "e2", START)
OF_PERSON = ErasureRecord("phone", "hash", START)


@dataclass(frozen=True)
class Lead:
    """What the index leads to."""

    id: str
    role: Role
    item: str | None = None


@dataclass
class Run:
    """What is left of whom, who is being sent, and what a run did about it."""

    left: set[str] = field(default_factory=set)
    being_sent: set[str] = field(default_factory=set)
    found: list[Lead] = field(default_factory=list)
    asked: list[tuple[str, list[str], datetime | None]] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    discarded: list[str] = field(default_factory=list)

    def again(self, *records: ErasureRecord, at_once: int = 10) -> ErasedAgain:
        return erase_again(records, at_once=at_once, parties=self, erase_rest=self.erase_rest, discard=self.discard)

    def find_keys(self, kind: str, keys: Iterable[str], *, until: datetime | None = None) -> Iterable[Lead]:
        self.asked.append((kind, list(keys), until))
        return self.found

    def remove(self, items: Iterable[str]) -> None:
        self.removed += items

    def erase_rest(self, event_id: str) -> bool:
        if event_id in self.being_sent:
            raise Conflict("It is being sent.")
        return event_id in self.left

    def discard(self, quarantine_id: str) -> bool:
        self.discarded.append(quarantine_id)
        return quarantine_id in self.left


def test_only_what_is_there_again_is_erased() -> None:
    assert Run(left={"e2"}).again(FIRST, SECOND) == ErasedAgain(records=2, erased=["e2"])


def test_a_run_ends_after_so_many_records_and_tells_which_was_the_last() -> None:
    run = Run(left={"e1", "e2"})
    assert run.again(FIRST, SECOND, at_once=1) == ErasedAgain(records=1, erased=["e1"], last=FIRST.key)
    assert run.again(FIRST, SECOND, at_once=2).last is None


def test_what_is_being_sent_is_named_and_keeps_nobody_else() -> None:
    done = Run(left={"e1", "e2"}, being_sent={"e1"}).again(FIRST, SECOND)
    assert done == ErasedAgain(records=2, erased=["e2"], refused={"e1": "It is being sent."})


def test_of_a_person_all_goes_that_came_until_then_and_what_mentions_them_stays() -> None:
    run = Run(left={"own", "q1"}, being_sent={"sent"})
    run.found = [
        Lead("own", Role.OWN, "key/own"),
        Lead("sent", Role.OWN, "key/sent"),
        Lead("theirs", Role.MENTIONED, "key/theirs"),
        Lead("q1", Role.REFUSED, "key/q1"),
        Lead("q2", Role.REFUSED, "key/q2"),
        Lead("bare", Role.REFUSED),
    ]
    done = run.again(OF_PERSON)
    assert done == ErasedAgain(records=1, erased=["own"], discarded=1, refused={"sent": "It is being sent."})
    assert run.asked == [("phone", ["hash"], START)]
    assert run.discarded == ["q1", "q2", "bare"]
    assert run.removed == ["key/own", "key/q1", "key/q2"]
    assert run.again(OF_PERSON, OF_PERSON).discarded == 2


ERASURE = Erasure("anna", START, "The caller asked for it.", "delivered", ("payload",), complete=True)


@dataclass
class Rest:
    """An event and what remains of it."""

    event: CallEvent | None
    remains: tuple[str, ...] = ()
    quarantined: int = 0
    store: MemoryStore = field(default_factory=MemoryStore)
    erased: list[str] = field(default_factory=list)
    cleared: list[str] = field(default_factory=list)

    def erase(self) -> bool:
        if self.event is not None:
            self.store.events[CONVERSATION] = self.event
            self.store.bodies[CONVERSATION] = [b"Ivan"]
        rest = self

        class Eraser(MemoryEraser):
            def clear(self, event_id: str) -> tuple[str, ...]:
                rest.cleared.append(event_id)
                return super().clear(event_id)

        return erase_rest(
            CONVERSATION,
            events=self.store,
            eraser=Eraser(self.store),
            remains=lambda event_id: self.remains if event_id == CONVERSATION else (),
            erase_one=self.erased.append,
            discard_of=lambda event: self.quarantined if event == self.event else 0,
        )


def test_an_event_that_is_there_as_it_was_is_erased_like_any_other() -> None:
    rest = Rest(any_event(), remains=("event",))
    assert rest.erase()
    assert (rest.erased, rest.cleared) == ([CONVERSATION], [])


def test_of_an_erased_event_what_came_back_goes_under_the_erasure_of_then() -> None:
    rest = Rest(any_event(erasure=ERASURE, contact={"full_name": "Иван"}), remains=("event", "bodies"))
    assert rest.erase()
    event = rest.store.events[CONVERSATION]
    assert (event.contact, event.erasure) == ({}, ERASURE)
    assert (rest.erased, rest.cleared) == ([CONVERSATION], [])


def test_what_lies_beside_an_event_goes_whether_the_event_is_there_or_not() -> None:
    for event in (None, any_event(erasure=ERASURE, contact={"kept": "by nobody"})):
        rest = Rest(event, remains=("analyses",))
        assert rest.erase()
        assert [*rest.cleared, *rest.erased] == [CONVERSATION]
        assert event is None or rest.store.events[CONVERSATION] == event


def test_an_erasure_that_stopped_before_its_end_is_finished_though_nothing_is_left() -> None:
    rest = Rest(any_event(erasure=replace(ERASURE, complete=False)))
    assert rest.erase()
    assert (rest.erased, rest.cleared) == ([CONVERSATION], [])


def test_where_nothing_is_left_nothing_is_done_but_in_the_quarantine() -> None:
    erased = any_event(erasure=ERASURE)
    for rest, was_any in ((Rest(None, quarantined=1), False), (Rest(erased), False), (Rest(erased, (), 1), True)):
        assert rest.erase() is was_any
        assert (rest.erased, rest.cleared) == ([], [])


def test_an_erased_event_that_moves_meanwhile_is_looked_at_again() -> None:
    seen = any_event(erasure=ERASURE)
    rest = Rest(seen, remains=("event",))

    class Moving(MemoryStore):
        def get(self, event_id: str) -> CallEvent | None:
            self.events[event_id] = replace(seen, attempts=seen.attempts + 1)
            return seen

    rest.store = Moving()
    with pytest.raises(Conflict, match="just changed"):
        rest.erase()
    assert rest.cleared == []
