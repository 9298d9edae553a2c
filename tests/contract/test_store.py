"""One contract for the tables: the in-memory fake and the DynamoDB adapters answer the same to the same calls."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from postcall.domain.analysis import RecordedAnalysis
from postcall.domain.errors import Unavailable
from postcall.domain.event_id import body_id
from postcall.domain.status import Status
from tests.contract.stored import LATER, SAVED, Store, any_attempt, items, order
from tests.support.aws import EVENTS, LocalAws
from tests.support.builders import CONVERSATION, any_incoming, any_recorded
from tests.support.fakes.clock import START


def test_a_new_event_is_stored_with_its_bytes_and_waits(store: Store) -> None:
    assert store.events.add(any_incoming(), now=START)
    event = store.now()
    assert (event.status, event.received_at, event.pending_since) == (Status.RECEIVED, START, START)
    assert event.body_sha256 == any_incoming().body_sha256
    assert store.events.payload(CONVERSATION) == any_incoming().body
    assert store.events.get("nobody") is None


def test_a_body_is_written_once_beside_its_event_and_is_no_event_itself(aws: LocalAws) -> None:
    aws.events.add(any_incoming(), now=START)
    written = items(EVENTS)
    aws.events.record_duplicate(any_incoming(), now=LATER)
    aws.analyses.record(any_recorded())
    after = items(EVENTS)
    assert set(after) == {CONVERSATION, body_id(CONVERSATION)}
    assert after[body_id(CONVERSATION)] == written[body_id(CONVERSATION)]
    assert not {"payload", "payload_key"} & after[CONVERSATION].keys()
    assert after[body_id(CONVERSATION)]["expires_at"] == after[CONVERSATION]["expires_at"]
    assert aws.events.get(body_id(CONVERSATION)) is None


def test_a_large_body_comes_back_whole(store: Store) -> None:
    noise = bytes((index * index * 2654435761 >> 7) & 0xFF for index in range(300_000))
    store.events.add(any_incoming(body=noise), now=START)
    assert store.events.payload(CONVERSATION) == noise


@pytest.mark.parametrize("body", [any_incoming().body, bytes(range(256)) * 1_000, os.urandom(300_000)])
def test_an_event_is_read_with_its_bytes_as_they_stand(store: Store, body: bytes) -> None:
    assert store.events.get_with_body(CONVERSATION) is None
    store.events.add(any_incoming(body=body), now=START)
    store.analyses.record(any_recorded())
    event, its_body = store.events.get_with_body(CONVERSATION)
    assert event == store.now()
    assert event.status is Status.ANALYZED
    assert its_body() == body


@pytest.mark.parametrize("given", ["", "\ud800", "x" * 3_000, body_id(CONVERSATION)])
def test_nothing_is_read_under_a_name_that_no_event_has(store: Store, given: str) -> None:
    store.events.add(any_incoming(), now=START)
    assert store.events.get_with_body(given) is None


def test_an_excluded_event_is_stored_and_waits_for_nothing(store: Store) -> None:
    store.events.add(any_incoming(excluded_because="The call was not set up (busy)."), now=START)
    event = store.now()
    assert (event.status, event.status_reason, event.pending_since) == (
        Status.EXCLUDED,
        "The call was not set up (busy).",
        None,
    )


def test_a_known_id_is_not_stored_again(store: Store) -> None:
    store.events.add(any_incoming(), now=START)
    assert not store.events.add(any_incoming(body=b"another"), now=LATER)
    assert store.events.payload(CONVERSATION) == any_incoming().body


def test_a_repeat_is_counted_and_another_body_is_a_revision(store: Store) -> None:
    store.events.add(any_incoming(), now=START)
    store.events.record_duplicate(any_incoming(), now=LATER)
    before = store.events.record_duplicate(any_incoming(body=b"another"), now=LATER)
    assert (before.duplicate_count, before.revision_count) == (1, 0)
    assert (store.now().duplicate_count, store.now().revision_count) == (2, 1)


def test_a_repeat_of_an_event_that_is_gone_is_an_error_and_not_a_receipt(store: Store) -> None:
    with pytest.raises(Unavailable):
        store.events.record_duplicate(any_incoming(), now=START)


def test_an_analysis_moves_its_event_once(store: Store) -> None:
    store.events.add(any_incoming(), now=START)
    recorded = any_recorded(at=LATER)
    assert store.analyses.record(recorded)
    assert not store.analyses.record(recorded)
    event = store.now()
    assert (event.status, event.pending_since, event.stands_since) == (Status.ANALYZED, START, LATER)
    assert event.contact == {"full_name": "Иван Иванов", "phone": "+375291234567", "email": "user@example.com"}
    assert store.analyses.latest(CONVERSATION) == recorded


def test_an_analysis_of_an_event_that_has_moved_is_not_recorded(store: Store) -> None:
    store.events.add(any_incoming(excluded_because="not a lead"), now=START)
    assert not store.analyses.record(any_recorded())
    assert store.analyses.latest(CONVERSATION) is None


def test_an_order_is_written_once_until_it_is_closed(store: Store) -> None:
    event = store.analyzed()
    assert store.events.order_resend(event, order(), now=LATER)
    assert not store.events.order_resend(event, order("o2"), now=LATER)
    assert store.now().order == order()
    assert store.events.close_order(store.now(), waits=False, now=LATER)
    assert store.now().order == replace(order(), is_open=False)
    assert store.events.order_resend(store.now(), order("o2"), now=LATER)


def test_an_outcome_closes_its_order(store: Store) -> None:
    event = store.analyzed()
    store.events.order_resend(event, order(), now=LATER)
    store.dispatches.claim(store.now(), any_attempt(forced=True, requested_by="anna", order_id="o1"), lease_until=LATER)
    store.dispatches.record(
        store.now(),
        any_attempt(forced=True, requested_by="anna", order_id="o1"),
        SAVED,
        status=Status.DELIVERED,
        retry=False,
        now=LATER,
    )
    closed = store.now().order
    assert closed is not None
    assert not closed.is_open
    (row,) = store.dispatches.attempts(CONVERSATION)
    assert (row.forced, row.requested_by) == (True, "anna")


def test_a_claim_that_did_not_see_the_order_fails(store: Store) -> None:
    seen = store.analyzed()
    store.events.order_resend(seen, order(), now=LATER)
    assert not store.dispatches.claim(seen, any_attempt(), lease_until=LATER)
    assert store.dispatches.claim(store.now(), any_attempt(), lease_until=LATER)


def test_an_order_on_what_has_moved_is_refused(store: Store) -> None:
    seen = store.analyzed()
    store.dispatches.claim(seen, any_attempt(), lease_until=LATER)
    assert not store.events.order_resend(seen, order(), now=LATER)


def test_the_sweep_finds_what_stands_still_and_counts(store: Store) -> None:
    store.analyzed()
    assert store.pending.pending_since(START, limit=10) == []
    assert store.pending.pending_since(LATER, limit=10) == [CONVERSATION]
    seen = store.now()
    assert store.pending.record_sweep(seen, now=LATER, stalled=False)
    assert not store.pending.record_sweep(seen, now=LATER, stalled=False)
    assert store.pending.pending_since(LATER, limit=10) == []
    assert (store.now().sweeps, store.now().pending_since) == (1, LATER)


def test_what_is_given_up_is_not_swept_again_until_it_moves(store: Store) -> None:
    store.analyzed()
    store.pending.record_sweep(store.now(), now=LATER, stalled=True)
    far = LATER + timedelta(days=1)
    assert store.pending.pending_since(far, limit=10) == []
    store.dispatches.claim(store.now(), any_attempt(), lease_until=LATER)
    assert store.pending.pending_since(far, limit=10) == [CONVERSATION]


def test_the_newest_analysis_is_read_back_as_it_was_written(store: Store) -> None:
    store.events.add(any_incoming(), now=START)
    recorded = any_recorded(signals={"need_stated": True}, flags=("instruction_attempt",), needs_review=True)
    store.analyses.record(recorded)
    read = store.analyses.latest(CONVERSATION)
    assert isinstance(read, RecordedAnalysis)
    assert read == recorded


def test_what_can_be_no_key_is_not_there(store: Store) -> None:
    assert store.events.get("x" * 3_000) is None
    assert store.events.get("") is None


def test_a_close_of_another_order_closes_nothing(store: Store) -> None:
    event = store.analyzed()
    store.events.order_resend(event, order("o1"), now=LATER)
    first = store.now()
    store.events.close_order(first, waits=False, now=LATER)
    store.events.order_resend(store.now(), order("o2"), now=LATER)
    assert not store.events.close_order(first, waits=False, now=LATER)
    assert store.now().open_order == order("o2")


def test_a_repeat_does_not_bring_back_what_the_sweep_has_given_up(store: Store) -> None:
    store.events.add(any_incoming(), now=START)
    store.pending.record_sweep(store.now(), now=LATER, stalled=True)
    store.events.record_duplicate(any_incoming(), now=LATER)
    assert store.pending.pending_since(LATER + timedelta(days=1), limit=10) == []


def test_an_order_with_nothing_to_do_leaves_an_event_that_waits_for_a_person_untold(store: Store) -> None:
    store.dispatches.claim(store.analyzed(), any_attempt(), lease_until=LATER)
    store.dispatches.hold(store.now(), status=Status.UNKNOWN, reason="It stopped.", now=LATER)
    store.events.order_resend(store.now(), order(), now=LATER)
    assert store.pending.unescalated(limit=5) == []
    assert store.events.close_order(store.now(), waits=True, now=LATER)
    assert (store.now().open_order, store.now().pending_since) == (None, None)
    assert store.pending.unescalated(limit=5) == [CONVERSATION]


def test_an_event_under_way_stays_in_the_index_when_its_order_has_nothing_to_do(store: Store) -> None:
    store.events.order_resend(store.analyzed(), order(), now=LATER)
    assert store.events.close_order(store.now(), waits=False, now=LATER)
    assert (store.now().open_order, store.now().pending_since) == (None, LATER)
