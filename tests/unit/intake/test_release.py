"""Releasing from the quarantine: judged as at its own time, with today's secrets, and taken in once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pytest

from functions.intake.elevenlabs import read_envelope
from functions.intake.signature import SignatureFault, verify_signature
from functions.intake.usecases import Receipt, Release, Released, ingest, release
from postcall.domain.errors import Unavailable
from postcall.domain.event import IncomingCall
from postcall.domain.quarantine import Kind, Quarantined, quarantined
from postcall.domain.said import said
from postcall.domain.status import Status
from tests.support.builders import CONVERSATION, SECRET, any_webhook, encoded, signature
from tests.support.fakes.clock import START, HandClock
from tests.support.fakes.persons import MemoryPersons
from tests.support.fakes.quarantine import MemoryQuarantine
from tests.support.fakes.queue import MemoryQueue
from tests.support.fakes.store import MemoryStore

BODY = encoded(any_webhook())


@dataclass
class Ward:
    """A quarantine, and intake behind it."""

    secrets: tuple[str, ...] = (SECRET,)
    tolerance: int = 3600
    quarantine: MemoryQuarantine = field(default_factory=MemoryQuarantine)
    store: MemoryStore = field(default_factory=MemoryStore)
    queue: MemoryQueue = field(default_factory=MemoryQueue)
    clock: HandClock = field(default_factory=HandClock)

    def put(self, body: bytes = BODY, header: str | None = None, kind: Kind = Kind.SIGNATURE) -> Quarantined:
        entry = quarantined(kind, "a reason", body, signature=header or signature(body), now=self.clock.now())
        self.quarantine.keep(entry, body)
        return entry

    def release(self, quarantine_id: str) -> Release:
        return release(
            quarantine_id,
            released_by="anna",
            quarantine=self.quarantine,
            verify=self._verify,
            read=read_envelope,
            ingest=self._ingest,
            clock=self.clock,
        )

    def _verify(self, header: str | None, body: bytes, received_at: datetime) -> None:
        now = received_at.timestamp()
        verify_signature(header, body, secrets=lambda: self.secrets, now=now, tolerance_seconds=self.tolerance)

    def _ingest(self, call: IncomingCall) -> Receipt:
        return ingest(call, events=self.store, persons=MemoryPersons(), queue=self.queue, clock=self.clock)


def test_once_the_secret_is_right_a_refused_call_is_taken_in_days_later() -> None:
    ward = Ward(secrets=("wsec_wrong",))
    entry = ward.put()
    assert ward.release(entry.quarantine_id) == Release(Released.REFUSED, reason=said(SignatureFault.MISMATCH))
    assert ward.store.events == {}
    ward.clock.advance(days=5)
    ward.secrets = (SECRET,)
    assert ward.release(entry.quarantine_id) == Release(Released.RELEASED, CONVERSATION)
    assert ward.quarantine.entries[entry.quarantine_id].released_by == "anna"
    assert ward.store.events[CONVERSATION].status is Status.RECEIVED
    assert len(ward.queue.sent) == 1


def test_a_released_entry_keeps_no_bytes_and_is_not_released_twice() -> None:
    ward = Ward()
    entry = ward.put()
    ward.release(entry.quarantine_id)
    assert ward.quarantine.bodies == {}
    assert ward.release(entry.quarantine_id) == Release(Released.ALREADY_RELEASED, CONVERSATION)
    assert len(ward.queue.sent) == 1


def test_a_call_that_came_another_way_meanwhile_is_no_second_call() -> None:
    ward = Ward()
    entry = ward.put()
    ward._ingest(read_the_call())
    assert ward.release(entry.quarantine_id) == Release(Released.RELEASED, CONVERSATION)
    assert len(ward.store.events) == 1


def test_a_forgery_stays_a_forgery() -> None:
    ward = Ward()
    entry = ward.put(header=signature(BODY, secret="somebody's"))
    ward.clock.advance(days=1)
    assert ward.release(entry.quarantine_id).status is Released.REFUSED
    assert ward.release(entry.quarantine_id).reason == "The signature does not match the body."


def test_what_came_too_late_is_released_when_more_lateness_is_tolerated() -> None:
    ward = Ward()
    entry = ward.put(header=signature(BODY, at=START.timestamp() - 4_000), kind=Kind.TIME)
    assert ward.release(entry.quarantine_id).reason == said(SignatureFault.STALE)
    ward.tolerance = 7_200
    assert ward.release(entry.quarantine_id).status is Released.RELEASED


def test_what_cannot_be_read_is_refused_with_its_reason_and_stays() -> None:
    ward = Ward()
    entry = ward.put(b"{}", kind=Kind.CONTENT)
    assert ward.release(entry.quarantine_id) == Release(Released.REFUSED, reason="type is missing.")
    assert ward.quarantine.body(entry.quarantine_id) == b"{}"


def test_an_event_that_is_none_of_ours_is_ignored() -> None:
    ward = Ward()
    entry = ward.put(encoded({"type": "voice_removed", "data": {}}))
    assert ward.release(entry.quarantine_id) == Release(Released.IGNORED)


def test_an_unknown_entry_is_not_found() -> None:
    assert Ward().release("nobody") == Release(Released.NOT_FOUND)


def test_a_release_that_dies_after_taking_in_can_be_repeated() -> None:
    ward = Ward()
    entry = ward.put()
    ward.queue.broken = True
    with pytest.raises(Unavailable):
        ward.release(entry.quarantine_id)
    ward.queue.broken = False
    assert ward.release(entry.quarantine_id) == Release(Released.RELEASED, CONVERSATION)
    assert len(ward.queue.sent) == 1


def read_the_call() -> IncomingCall:
    call = read_envelope(BODY)
    assert isinstance(call, IncomingCall)
    return call
