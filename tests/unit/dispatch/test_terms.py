"""What was sent under yesterday's settings is repeated only under yesterday's guarantee, if today's still honour it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from functions.dispatch.field_map import field_map
from functions.dispatch.settings import WireFormat
from functions.dispatch.wire import Wire, terms
from postcall.domain.deduplication import Deduplication
from postcall.domain.outcome import AttemptStatus, Resolution
from postcall.domain.status import Status
from postcall.domain.terms import SendingTerms, repeats_are_safe
from tests.support.builders import CONVERSATION, any_event, any_terms
from tests.support.fakes.crm import DELIVERED, Crash
from tests.unit.dispatch.test_dispatch import DOWN, LIVE, UNKNOWN, DispatchHarness

NONE, BY_ID, BY_EVENT = (any_terms(each) for each in Deduplication)
CHANGED = {
    "no guarantee any more": NONE,
    "another guarantee": BY_EVENT,
    "another landing": replace(BY_ID, landing_id="landing-2"),
    "another address": replace(BY_ID, address="https://another.example/save"),
    "another wire format": replace(BY_ID, wire_format="letter"),
    "another namespace of our ids": replace(BY_ID, key="lead_id=another"),
}


def deploy(harness: DispatchHarness, sent: SendingTerms) -> None:
    harness.mode = replace(LIVE, terms=lambda _event: sent)


@pytest.mark.parametrize("today", CHANGED.values(), ids=CHANGED.keys())
def test_a_redrive_under_other_settings_sends_nothing(today: SendingTerms) -> None:
    harness = DispatchHarness([UNKNOWN])
    deploy(harness, BY_ID)
    assert harness.dispatch().retry
    deploy(harness, today)
    assert harness.dispatch().dead_letter is not None
    assert len(harness.crm.bodies) == 1
    deploy(harness, BY_ID)
    assert harness.dispatch().verdict == DELIVERED


@pytest.mark.parametrize("today", [BY_ID, BY_EVENT])
def test_what_was_sent_under_no_guarantee_is_not_repeated_under_a_later_one(today: SendingTerms) -> None:
    harness = DispatchHarness([UNKNOWN])
    harness.dispatch()
    deploy(harness, today)
    assert harness.dispatch().dead_letter is not None
    assert len(harness.crm.bodies) == 1


@pytest.mark.parametrize("today", CHANGED.values(), ids=CHANGED.keys())
def test_the_lead_of_a_worker_that_died_is_held_under_other_settings(today: SendingTerms) -> None:
    harness = DispatchHarness([Crash()])
    deploy(harness, BY_ID)
    with pytest.raises(Crash):
        harness.dispatch()
    harness.clock.advance(seconds=120)
    deploy(harness, today)
    assert harness.dispatch().dead_letter is not None
    assert (harness.event.status, harness.words) == (Status.UNKNOWN, [AttemptStatus.UNKNOWN])


@pytest.mark.parametrize("today", CHANGED.values(), ids=CHANGED.keys())
def test_a_lead_whose_worker_was_overtaken_is_not_repeated_under_other_settings(today: SendingTerms) -> None:
    harness = DispatchHarness([Crash(), DOWN])
    deploy(harness, BY_ID)
    with pytest.raises(Crash):
        harness.dispatch()
    claimed, (first,) = harness.event, harness.store.attempts(CONVERSATION)
    harness.clock.advance(seconds=120)
    harness.dispatch()
    now = harness.clock.now()
    assert not harness.store.record(claimed, first, DELIVERED, status=Status.DELIVERED, retry=False, now=now)
    assert (harness.event.status, harness.words) == (Status.UNKNOWN, [AttemptStatus.SUCCESS, AttemptStatus.ERROR])
    deploy(harness, today)
    assert harness.dispatch().dead_letter is not None
    assert len(harness.crm.bodies) == 2
    deploy(harness, BY_ID)
    assert harness.dispatch().verdict == DELIVERED


def test_another_field_map_that_leaves_the_key_alone_changes_nothing() -> None:
    harness = DispatchHarness([UNKNOWN])
    deploy(harness, BY_ID)
    harness.dispatch()
    deploy(harness, replace(BY_ID, field_map="stock@2"))
    assert harness.dispatch().verdict == DELIVERED


def test_a_forced_order_sends_one_more_and_then_keeps_to_its_own_terms() -> None:
    harness = DispatchHarness([UNKNOWN, UNKNOWN])
    harness.dispatch()
    deploy(harness, BY_ID)
    harness.order(forced=True)
    assert harness.dispatch("o1").retry
    deploy(harness, NONE)
    assert harness.dispatch("o1").dead_letter is not None
    assert harness.event.open_order is None
    assert len(harness.crm.bodies) == 2


def test_a_forced_order_goes_on_where_its_own_terms_hold_whatever_came_before_it() -> None:
    harness = DispatchHarness([UNKNOWN, UNKNOWN])
    harness.dispatch()
    deploy(harness, BY_ID)
    harness.order(forced=True)
    harness.dispatch("o1")
    assert harness.dispatch("o1").verdict == DELIVERED


def test_what_surely_made_no_lead_is_sent_under_any_settings() -> None:
    harness = DispatchHarness([DOWN])
    harness.dispatch()
    deploy(harness, BY_EVENT)
    assert harness.dispatch().verdict == DELIVERED


def test_a_persons_word_ends_the_doubt_of_every_attempt_before_it() -> None:
    harness = DispatchHarness([UNKNOWN, UNKNOWN])
    harness.dispatch()
    found = Resolution(delivered=False, resolved_by="anna", reason="Not there.")
    assert harness.store.resolve(harness.event, found, now=harness.clock.now())
    deploy(harness, BY_ID)
    assert harness.dispatch().retry
    assert harness.dispatch().verdict == DELIVERED


def test_an_attempt_older_than_the_terms_on_the_record_is_not_repeated() -> None:
    harness = DispatchHarness([UNKNOWN])
    deploy(harness, BY_ID)
    harness.dispatch()
    [row] = harness.store.attempts(harness.event.event_id)
    harness.store.rows[harness.event.event_id] = [replace(row, terms=None)]
    assert harness.dispatch().dead_letter is not None
    harness.store.rows[harness.event.event_id] = []
    assert harness.dispatch().dead_letter is not None


def test_every_attempt_has_the_terms_of_its_lead_on_the_record() -> None:
    harness = DispatchHarness()
    deploy(harness, BY_EVENT)
    harness.dispatch()
    assert [row.terms for row in harness.store.attempts(harness.event.event_id)] == [BY_EVENT]


def test_nothing_in_doubt_needs_no_guarantee() -> None:
    assert repeats_are_safe([], NONE)


WIRE = Wire(
    "landing",
    field_map("stock"),
    WireFormat.WEB_FORM,
    Deduplication.LEAD_ID,
    address="https://crm.example",
    field_map="stock",
)


def test_the_key_of_the_terms_is_what_the_crm_knows_the_lead_by() -> None:
    event = any_event()
    by_id = terms(event, wire=WIRE)
    assert by_id.key is not None
    assert by_id.key.startswith("Id=")
    assert (by_id.landing_id, by_id.address, by_id.field_map.partition("@")[0]) == (
        "landing",
        "https://crm.example",
        "stock",
    )
    by_event = terms(event, wire=replace(WIRE, deduplication=Deduplication.EVENT_ID))
    assert by_event.key is not None
    assert by_event.key.endswith(f"UsrEventId={event.event_id}")
    without = replace(WIRE, deduplication=Deduplication.EVENT_ID, rows=())
    assert not terms(event, wire=without).guarantee_a_repeat
    assert terms(event, wire=replace(WIRE, deduplication=Deduplication.NONE)).key is None


def test_another_map_of_the_same_name_has_another_fingerprint() -> None:
    event = any_event()
    assert terms(event, wire=WIRE).field_map != terms(event, wire=replace(WIRE, rows=WIRE.rows[1:])).field_map


def test_a_lead_is_sent_and_repeated_under_the_terms_of_its_own_event() -> None:
    harness = DispatchHarness([UNKNOWN])
    harness.mode = replace(LIVE, terms=lambda event: replace(BY_ID, key=f"lead_id={event.event_id}"))
    assert harness.dispatch().retry
    assert harness.dispatch().verdict == DELIVERED
    rows = harness.store.attempts(harness.event.event_id)
    assert [row.terms and row.terms.key for row in rows] == [f"lead_id={harness.event.event_id}"] * 2
