"""Taking a call in: stored once, handed on, whatever fails in between."""

from __future__ import annotations

import pytest

from functions.intake.usecase import Receipt, Taken, take_in
from postcall.domain.errors import Unavailable
from postcall.domain.event import IncomingCall
from postcall.domain.messages import CallReceived
from postcall.domain.status import Status
from tests.builders import CONVERSATION, any_incoming, any_recorded
from tests.fakes.clock import HandClock
from tests.fakes.queue import MemoryQueue
from tests.fakes.store import MemoryStore


class Door:
    """The use case with its needs."""

    def __init__(self) -> None:
        self.store, self.queue, self.clock = MemoryStore(), MemoryQueue(), HandClock()

    def take_in(self, call: IncomingCall) -> Receipt:
        return take_in(call, events=self.store, queue=self.queue, clock=self.clock)


@pytest.fixture
def door() -> Door:
    return Door()


def test_a_new_call_is_stored_and_handed_on(door: Door) -> None:
    assert door.take_in(any_incoming()) == Receipt(CONVERSATION, Taken.RECEIVED)
    assert door.store.events[CONVERSATION].status is Status.RECEIVED
    assert door.queue.sent == [CallReceived(CONVERSATION)]


def test_a_call_that_is_no_lead_is_stored_only(door: Door) -> None:
    door.take_in(any_incoming(excluded_because="busy"))
    assert door.store.events[CONVERSATION].status is Status.EXCLUDED
    assert door.queue.sent == []


def test_a_failed_send_is_the_senders_to_repeat_and_the_repeat_is_sent(door: Door) -> None:
    door.queue.broken = True
    with pytest.raises(Unavailable):
        door.take_in(any_incoming())
    door.queue.broken = False
    assert door.take_in(any_incoming()).status is Taken.DUPLICATE
    assert door.queue.sent == [CallReceived(CONVERSATION)]


def test_a_repeat_of_an_analysed_call_is_not_sent_again(door: Door) -> None:
    door.take_in(any_incoming())
    door.store.record_analysis(any_recorded())
    assert door.take_in(any_incoming()) == Receipt(CONVERSATION, Taken.DUPLICATE)
    assert len(door.queue.sent) == 1


def test_another_body_under_a_known_id_is_a_revision_and_no_second_call(door: Door) -> None:
    door.take_in(any_incoming())
    assert door.take_in(any_incoming(body=b"another")) == Receipt(CONVERSATION, Taken.DUPLICATE, revised=True)
    assert door.store.bodies[CONVERSATION] == [any_incoming().body, b"another"]
    assert list(door.store.events) == [CONVERSATION]
