"""Taking a call in: stored once, handed on, whatever fails in between."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from functions.intake.usecases import IngestResult, Receipt, ingest
from postcall.domain.errors import Unavailable
from postcall.domain.event import CallEvent, IncomingCall, Source
from postcall.domain.event_id import api_event_id
from postcall.domain.messages import CallReceived
from postcall.domain.status import Status
from tests.support.builders import CONVERSATION, any_event, any_incoming, any_recorded, any_webhook, encoded
from tests.support.fakes.clock import START, HandClock
from tests.support.fakes.persons import MemoryPersons
from tests.support.fakes.queue import MemoryQueue
from tests.support.fakes.store import MemoryStore


class IntakeHarness:
    """The use case with its needs."""

    def __init__(self) -> None:
        self.store, self.queue, self.clock = MemoryStore(), MemoryQueue(), HandClock()
        self.persons = MemoryPersons()

    def ingest(self, call: IncomingCall) -> Receipt:
        return ingest(call, events=self.store, persons=self.persons, queue=self.queue, clock=self.clock)


@pytest.fixture
def harness() -> IntakeHarness:
    return IntakeHarness()


def test_a_new_call_is_stored_and_handed_on(harness: IntakeHarness) -> None:
    assert harness.ingest(any_incoming()) == Receipt(CONVERSATION, IngestResult.RECEIVED)
    assert harness.store.events[CONVERSATION].status is Status.RECEIVED
    assert harness.queue.sent == [CallReceived(CONVERSATION)]


def test_a_call_that_is_no_lead_is_stored_only(harness: IntakeHarness) -> None:
    harness.ingest(any_incoming(excluded_because="busy"))
    assert harness.store.events[CONVERSATION].status is Status.EXCLUDED
    assert harness.queue.sent == []


def test_a_failed_send_is_the_senders_to_repeat_and_the_repeat_is_sent(harness: IntakeHarness) -> None:
    harness.queue.broken = True
    with pytest.raises(Unavailable):
        harness.ingest(any_incoming())
    harness.queue.broken = False
    assert harness.ingest(any_incoming()).status is IngestResult.DUPLICATE
    assert harness.queue.sent == [CallReceived(CONVERSATION)]


def test_a_repeat_of_an_analysed_call_is_not_sent_again(harness: IntakeHarness) -> None:
    harness.ingest(any_incoming())
    harness.store.record_analysis(any_recorded())
    assert harness.ingest(any_incoming()) == Receipt(CONVERSATION, IngestResult.DUPLICATE)
    assert len(harness.queue.sent) == 1


def test_another_body_under_a_known_id_is_a_revision_and_no_second_call(harness: IntakeHarness) -> None:
    harness.ingest(any_incoming())
    assert harness.ingest(any_incoming(body=b"another")) == Receipt(CONVERSATION, IngestResult.DUPLICATE, revised=True)
    assert harness.store.bodies[CONVERSATION] == [any_incoming().body, b"another"]
    assert list(harness.store.events) == [CONVERSATION]


def test_a_call_is_stored_with_the_moment_at_which_it_came() -> None:
    store = MemoryStore()
    ingest(any_incoming(), events=store, persons=MemoryPersons(), queue=MemoryQueue(), clock=HandClock())
    assert (store.events[CONVERSATION].received_at, store.events[CONVERSATION].pending_since) == (START, START)


class Repeats(MemoryStore):
    """Keeps the moments at which a call came once more, and what it was seen as."""

    def __init__(self) -> None:
        super().__init__()
        self.came_at: list[datetime] = []
        self.seen: list[CallEvent | None] = []

    def record_duplicate(self, call: IncomingCall, *, seen: CallEvent | None = None, now: datetime) -> CallEvent:
        self.came_at.append(now)
        self.seen.append(seen)
        return super().record_duplicate(call, seen=seen, now=now)


def test_a_repeat_is_noted_with_the_moment_at_which_it_came_and_what_was_seen() -> None:
    store, clock = Repeats(), HandClock()
    for _ in range(2):
        ingest(any_incoming(), events=store, persons=MemoryPersons(), queue=MemoryQueue(), clock=clock)
        clock.advance(minutes=5)
    assert [moment - START for moment in store.came_at] == [timedelta(minutes=5)]
    assert [seen and (seen.event_id, seen.duplicate_count) for seen in store.seen] == [(CONVERSATION, 0)]


OTHER_BODY = encoded(any_webhook(metadata={"phone_call": {"type": "twilio", "external_number": "+375331234567"}}))


@pytest.mark.parametrize(
    "call", [any_incoming(excluded_because="busy"), any_incoming(api_event_id(CONVERSATION), source=Source.API)]
)
def test_whoever_is_in_a_call_that_no_analysis_may_read_is_found_by_their_number(
    harness: IntakeHarness, call: IncomingCall
) -> None:
    harness.ingest(call)
    assert noted(harness) == of(harness, call)


def test_whoever_is_in_a_call_is_noted_by_its_analysis_and_not_at_the_door(harness: IntakeHarness) -> None:
    for _ in range(2):
        harness.ingest(any_incoming())
    assert noted(harness) == set()


def test_whoever_is_in_a_revision_is_found_by_their_number(harness: IntakeHarness) -> None:
    harness.ingest(any_incoming())
    harness.ingest(any_incoming(body=OTHER_BODY))
    assert noted(harness) == of(harness, any_incoming(body=OTHER_BODY))


def test_a_repeat_of_an_erased_call_leaves_nobody_in_the_index(harness: IntakeHarness) -> None:
    call = any_incoming(excluded_because="busy")
    harness.store.events[CONVERSATION] = any_event(status=Status.EXCLUDED, erased_at=START)
    assert harness.ingest(call).erased
    assert noted(harness) == set()


class ErasedMeanwhile(MemoryStore):
    """An operator erases the call after intake has seen it and before its repeat is noted."""

    def record_duplicate(self, call: IncomingCall, *, seen: CallEvent | None = None, now: datetime) -> CallEvent:
        self._change(call.event_id, erased_at=now)
        return super().record_duplicate(call, seen=seen, now=now)


def test_a_revision_of_a_call_that_is_erased_meanwhile_leaves_nobody_in_the_index(harness: IntakeHarness) -> None:
    harness.store = ErasedMeanwhile()
    harness.ingest(any_incoming())
    assert harness.ingest(any_incoming(body=OTHER_BODY)) == Receipt(CONVERSATION, IngestResult.DUPLICATE, erased=True)
    assert noted(harness) == set()


def noted(harness: IntakeHarness) -> set[str]:
    """The index's keys."""
    return set(harness.persons.items)


def of(harness: IntakeHarness, call: IncomingCall) -> set[str]:
    """The index's keys of a call, of which there are some."""
    keys = set(harness.persons.items_of(call.event_id, [call.body]))
    assert keys
    return keys
