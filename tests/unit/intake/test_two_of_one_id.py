"""Two events of one id: what ElevenLabs signed is the lead, whoever comes first; what our own system brought yields."""

from __future__ import annotations

from datetime import datetime

import pytest

from functions.intake.usecases import IngestResult, Receipt
from postcall.domain.errors import Unavailable
from postcall.domain.event import CallEvent, Source
from postcall.domain.event_id import api_event_id
from postcall.domain.messages import CallReceived
from postcall.domain.status import Status
from tests.support.builders import CONVERSATION, any_event, any_incoming
from tests.support.fakes.store import MemoryStore
from tests.unit.intake.test_ingest import IntakeHarness

OWN_ID = api_event_id(CONVERSATION)
SIGNED, OWN = any_incoming(), any_incoming(OWN_ID, source=Source.API)
YIELDED = Receipt(OWN_ID, IngestResult.DUPLICATE, superseded=OWN_ID, superseded_by=CONVERSATION)


@pytest.fixture
def harness() -> IntakeHarness:
    return IntakeHarness()


def test_what_our_own_system_brought_steps_back_when_the_signed_call_comes(harness: IntakeHarness) -> None:
    assert harness.ingest(OWN) == Receipt(OWN_ID, IngestResult.RECEIVED)
    harness.clock.advance(minutes=5)
    assert harness.ingest(SIGNED) == Receipt(
        CONVERSATION, IngestResult.RECEIVED, superseded=OWN_ID, superseded_by=CONVERSATION
    )
    own, signed = harness.store.events[OWN_ID], harness.store.events[CONVERSATION]
    assert (own.status, own.superseded_by, own.updated_at) == (Status.EXCLUDED, CONVERSATION, harness.clock.now())
    assert (signed.status, signed.received_at) == (Status.RECEIVED, harness.clock.now())
    assert harness.queue.sent == [CallReceived(OWN_ID), CallReceived(CONVERSATION)]


def test_what_our_own_system_brings_after_the_signed_call_is_kept_and_not_sent(harness: IntakeHarness) -> None:
    assert harness.ingest(SIGNED) == Receipt(CONVERSATION, IngestResult.RECEIVED)
    harness.clock.advance(minutes=5)
    assert harness.ingest(OWN) == YIELDED
    own = harness.store.events[OWN_ID]
    assert (own.received_at, own.updated_at) == (harness.clock.now(), harness.clock.now())
    assert (own.status, own.superseded_by) == (Status.EXCLUDED, CONVERSATION)
    assert harness.queue.sent == [CallReceived(CONVERSATION)]


def test_once_one_has_stepped_back_repeats_of_either_change_nothing(harness: IntakeHarness) -> None:
    harness.ingest(SIGNED)
    harness.ingest(OWN)
    assert harness.ingest(OWN) == Receipt(OWN_ID, IngestResult.DUPLICATE, superseded_by=CONVERSATION)
    assert harness.ingest(SIGNED) == Receipt(CONVERSATION, IngestResult.DUPLICATE)
    assert harness.store.events[OWN_ID].superseded_by == CONVERSATION


def test_an_event_that_vouches_for_nothing_does_not_supersede(harness: IntakeHarness) -> None:
    harness.store.events[CONVERSATION] = any_event(source=Source.API)
    assert harness.ingest(OWN) == Receipt(OWN_ID, IngestResult.RECEIVED)
    assert harness.store.events[OWN_ID].superseded_by is None
    assert harness.queue.sent == [CallReceived(OWN_ID)]


def test_a_call_that_is_no_lead_leaves_the_other_as_it_is(harness: IntakeHarness) -> None:
    harness.ingest(OWN)
    harness.clock.advance(minutes=5)
    assert harness.ingest(any_incoming(excluded_because="busy")) == Receipt(CONVERSATION, IngestResult.RECEIVED)
    assert harness.store.events[CONVERSATION].received_at == harness.clock.now()
    assert harness.store.events[OWN_ID].superseded_by is None


def test_an_erased_event_is_left_alone_and_its_repeat_is_said_to_be_erased(harness: IntakeHarness) -> None:
    harness.store.events[OWN_ID] = any_event(OWN_ID, source=Source.API, erased_at=harness.clock.now())
    assert harness.ingest(SIGNED) == Receipt(CONVERSATION, IngestResult.RECEIVED)
    harness.store._change(CONVERSATION, erased_at=harness.clock.now())
    assert harness.ingest(SIGNED) == Receipt(CONVERSATION, IngestResult.DUPLICATE, erased=True)


class Moving(MemoryStore):
    """Somebody else is faster, so many times."""

    times = 0

    def supersede(self, event: CallEvent, *, by: str, now: datetime) -> bool:
        self.times -= 1
        return self.times < 0 and super().supersede(event, by=by, now=now)


def test_an_event_that_moves_is_looked_at_again_and_given_up_for_now_after_three_times(
    harness: IntakeHarness,
) -> None:
    harness.store = Moving()
    harness.ingest(SIGNED)
    harness.store.times = 3
    with pytest.raises(Unavailable, match="is being worked on"):
        harness.ingest(OWN)
    harness.store.times = 2
    assert harness.ingest(OWN) == YIELDED


class Asked(MemoryStore):
    """Notes what is looked for."""

    def __init__(self) -> None:
        super().__init__()
        self.looked_for: list[str] = []

    def get(self, event_id: str) -> CallEvent | None:
        self.looked_for.append(event_id)
        return super().get(event_id)


def test_of_a_call_that_is_alone_no_other_is_looked_for(harness: IntakeHarness) -> None:
    harness.store = asked = Asked()
    harness.ingest(SIGNED)
    assert asked.looked_for == []
    harness.ingest(OWN)
    assert asked.looked_for == [CONVERSATION, OWN_ID]
