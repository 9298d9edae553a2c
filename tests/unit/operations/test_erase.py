"""Erasure: complete, repeatable, refused only while the lead is on the wire, on the record without personal data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from functions.operations.forced import Guarantee
from functions.operations.possible import Command
from functions.operations.usecases import Conflict, UnknownEvent, resend
from functions.operations.usecases.erase import Person, erase, erase_all, person_of
from postcall.domain.deduplication import Deduplication
from postcall.domain.errors import Unavailable
from postcall.domain.event import CallEvent, Erasure
from postcall.domain.outcome import Attempt, AttemptStatus
from postcall.domain.parties import Role
from postcall.domain.status import Status
from tests.support.builders import CONVERSATION, any_event, any_recorded
from tests.support.fakes.clock import HandClock
from tests.support.fakes.personal import MemoryEraser
from tests.support.fakes.queue import MemoryQueue
from tests.support.fakes.store import MemoryStore

CONTACT = {"full_name": "Иван", "phone": "+375291234567"}


class EraseHarness:
    def __init__(self, status: Status = Status.DELIVERED, contact: dict[str, str] | None = None) -> None:
        self.store, self.clock, self.quarantined = MemoryStore(), HandClock(), 0
        self.removed: list[str] = []
        self.noted: list[tuple[str, str, datetime]] = []
        self.eraser: MemoryEraser = MemoryEraser(self.store)
        self.store.events[CONVERSATION] = any_event(status=status, contact=CONTACT if contact is None else contact)
        self.store.bodies[CONVERSATION] = [b"Ivan", b"Ivan, revised"]
        self.store.recorded[CONVERSATION] = [any_recorded()]
        self.store.rows[CONVERSATION] = [
            Attempt(CONVERSATION, 1, AttemptStatus.SUCCESS, payload='{"name": "Иван"}', started_at=self.clock.now())
        ]

    def erase(self, event_id: str = CONVERSATION) -> tuple[str, ...]:
        return erase(
            event_id,
            reason="The caller asked for it.",
            erased_by="anna",
            events=self.store,
            eraser=self.eraser,
            parties=self,
            register=self,
            discard_of=lambda event: self.quarantined if event.event_id == CONVERSATION else 0,
            clock=self.clock,
        )

    def items_of(self, id_: str, bodies: Iterable[bytes]) -> tuple[str, ...]:
        return tuple(f"key/{id_}/{body!r}" for body in bodies)

    def add(self, kind: str, names: Iterable[str], *, now: datetime) -> None:
        self.noted += [(kind, name, now) for name in names]

    def remove(self, items: Iterable[str]) -> None:
        self.removed += items

    @property
    def event(self) -> CallEvent:
        return self.store.events[CONVERSATION]


def test_everything_goes_and_the_record_names_the_kinds_only() -> None:
    harness = EraseHarness()
    harness.quarantined = 1
    kinds = harness.erase()
    assert kinds == ("payload", "contact", "search_keys", "bodies", "analyses", "attempts", "quarantine")
    assert harness.event.erasure == Erasure(
        "anna", harness.clock.now(), "The caller asked for it.", "delivered", kinds, complete=True
    )
    assert harness.noted == [("event", CONVERSATION, harness.clock.now())]
    assert harness.removed == [f"key/{CONVERSATION}/{body!r}" for body in (b"Ivan", b"Ivan, revised")]
    assert harness.event.contact == {}
    assert "Иван" not in str(harness.store.__dict__)


def test_an_erased_event_cannot_be_sent_again_by_any_force() -> None:
    harness = EraseHarness()
    harness.erase()
    with pytest.raises(Conflict, match="erased"):
        resend(
            CONVERSATION,
            force=True,
            requested_by="anna",
            today=Guarantee(Deduplication.NONE, landing_id="landing-1", address="https://crm.example/save"),
            events=harness.store,
            dispatches=harness.store,
            queue=MemoryQueue(),
            clock=harness.clock,
            new_id=lambda: "o1",
        )


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.SENDING])
def test_every_event_that_stands_still_can_be_erased(status: Status) -> None:
    harness = EraseHarness(status)
    harness.erase()
    assert harness.event.status is (Status.DELIVERED if status is Status.DELIVERED else Status.EXCLUDED)
    assert harness.event.erasure is not None
    assert harness.event.erasure.status_before == status


def test_while_the_lead_is_on_the_wire_an_erasure_has_to_wait() -> None:
    harness = EraseHarness(Status.SENDING)
    lease = harness.clock.now() + timedelta(minutes=1)
    harness.store.events[CONVERSATION] = replace(harness.event, lease_expires_at=lease)
    with pytest.raises(Conflict, match="being sent"):
        harness.erase()
    assert harness.event.contact == CONTACT


def test_a_lead_whose_worker_stopped_is_not_said_to_be_on_the_wire() -> None:
    harness = EraseHarness(Status.SENDING)
    lease = harness.clock.now() - timedelta(minutes=1)
    harness.store.events[CONVERSATION] = replace(harness.event, lease_expires_at=lease)
    with pytest.raises(Conflict, match="has stopped: continue it") as refused:
        harness.erase()
    assert refused.value.refusal is not None
    assert refused.value.refusal.offers == (Command.CONTINUE,)


def test_an_event_that_moved_meanwhile_is_looked_at_again() -> None:
    harness = EraseHarness(Status.RETRYING)
    seen = harness.event

    class Stale(MemoryStore):
        def get(self, event_id: str) -> CallEvent | None:
            harness.store.events[CONVERSATION] = replace(seen, status=Status.SENDING, attempts=1)
            return seen

    with pytest.raises(Conflict, match="just changed"):
        erase(
            CONVERSATION,
            reason="-",
            erased_by="anna",
            events=Stale(),
            eraser=harness.eraser,
            parties=harness,
            register=harness,
            discard_of=lambda _event: 0,
            clock=harness.clock,
        )


class Failing(MemoryEraser):
    """A store that fails half-way, once."""

    failed = False

    def clear(self, event_id: str) -> tuple[str, ...]:
        if not self.failed:
            self.failed = True
            raise Unavailable("Not everything could be erased: ask for it again.")
        return super().clear(event_id)


def test_an_erasure_that_failed_half_way_is_finished_by_the_next_one() -> None:
    harness = EraseHarness()
    harness.eraser = Failing(harness.store)
    with pytest.raises(Unavailable):
        harness.erase()
    begun = harness.event.erasure
    harness.clock.advance(minutes=5)
    kinds = ("payload", "contact", "search_keys", "bodies", "analyses", "attempts")
    assert harness.erase() == kinds
    assert begun is not None
    assert (begun.complete, harness.event.erasure) == (False, replace(begun, kinds=kinds, complete=True))


def test_an_event_without_a_contact_has_no_contact_to_erase() -> None:
    assert EraseHarness(contact={}).erase() == ("payload", "bodies", "analyses", "attempts")


def test_by_an_address_alone_a_person_is_found_and_that_goes_too() -> None:
    assert EraseHarness(contact={"email": "a@example.com"}).erase()[:3] == ("payload", "contact", "search_keys")
    assert EraseHarness(contact={"full_name": "Иван"}).erase()[:3] == ("payload", "contact", "bodies")


@dataclass(frozen=True)
class Lead:
    """What the index leads to."""

    id: str
    role: Role
    item: str | None = None


def test_what_was_found_of_a_person_is_sorted_each_once_by_the_strongest_role() -> None:
    found = [
        Lead("own", Role.MENTIONED, "key/mentioned"),
        Lead("own", Role.OWN, "key/own"),
        Lead("own", Role.OWN),
        Lead("theirs", Role.MENTIONED, "key/theirs"),
        Lead("theirs", Role.MENTIONED),
        Lead("q1", Role.REFUSED),
        Lead("q1", Role.REFUSED),
    ]
    assert person_of(found) == Person(
        ("own",), ("theirs",), ("q1",), {"own": ["key/mentioned", "key/own"], "theirs": ["key/theirs"]}
    )


def test_nobody_cannot_be_erased() -> None:
    with pytest.raises(UnknownEvent, match="no event with this id"):
        EraseHarness().erase("nobody")


def test_a_person_is_erased_in_portions_and_what_is_refused_is_named() -> None:
    def erase_one(event_id: str) -> None:
        if event_id == "e1":
            raise Conflict("The lead is being sent right now: look again in a few minutes.")

    done = erase_all(["e0", "e1", "e2"], at_once=2, erase_one=erase_one)
    assert (done.erased, done.more) == (["e0"], True)
    assert done.refused == {"e1": "The lead is being sent right now: look again in a few minutes."}
    assert not erase_all(["e0", "e1"], at_once=2, erase_one=erase_one).more


def test_what_only_the_index_still_knows_keeps_nobody_else_from_being_erased() -> None:
    def erase_one(event_id: str) -> None:
        if event_id == "gone":
            raise UnknownEvent

    done = erase_all(["gone", "e1"], at_once=2, erase_one=erase_one)
    assert (done.erased, done.refused) == (["e1"], {})
