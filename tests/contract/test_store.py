"""One contract for the tables: the in-memory fake and the DynamoDB adapters answer the same to the same calls."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from postcall.domain.analysis import RecordedAnalysis
from postcall.domain.errors import Unavailable
from postcall.domain.event_id import body_id
from postcall.domain.outcome import AttemptStatus, Outcome, Resolution, Verdict
from postcall.domain.status import Status
from tests.contract.stored import DOWN, LATER, SAVED, Store, any_attempt, items, order
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


def test_a_claim_takes_the_event_once(store: Store) -> None:
    event = store.analyzed()
    assert store.dispatches.claim(event, any_attempt(), lease_until=LATER)
    assert not store.dispatches.claim(event, any_attempt(), lease_until=LATER)
    claimed = store.now()
    assert (claimed.status, claimed.attempts, claimed.lease_expires_at) == (Status.SENDING, 1, LATER)
    assert store.dispatches.attempts(CONVERSATION) == [any_attempt()]


def test_an_outcome_is_recorded_with_the_event(store: Store) -> None:
    event = store.analyzed()
    store.dispatches.claim(event, any_attempt(), lease_until=LATER)
    assert store.dispatches.record(event, any_attempt(), SAVED, status=Status.DELIVERED, retry=False, now=LATER)
    rested = store.now()
    assert (rested.status, rested.delivered_at, rested.pending_since) == (Status.DELIVERED, LATER, None)
    (row,) = store.dispatches.attempts(CONVERSATION)
    assert (row.status, row.outcome, row.http_status, row.answer, row.duration_ms, row.finished_at) == (
        AttemptStatus.SUCCESS,
        Outcome.DELIVERED,
        200,
        "{}",
        12,
        LATER,
    )


def test_an_unavailable_crm_leaves_the_event_pending(store: Store) -> None:
    event = store.analyzed()
    store.dispatches.claim(event, any_attempt(), lease_until=LATER)
    store.dispatches.record(event, any_attempt(), DOWN, status=Status.RETRYING, retry=True, now=LATER)
    waiting = store.now()
    assert (waiting.status, waiting.pending_since, waiting.lease_expires_at) == (Status.RETRYING, LATER, None)
    assert store.dispatches.claim(waiting, any_attempt(2), lease_until=LATER)


def test_a_late_outcome_after_the_lease_still_counts(store: Store) -> None:
    event = store.analyzed()
    store.dispatches.claim(event, any_attempt(), lease_until=LATER)
    assert store.dispatches.hold(store.now(), status=Status.UNKNOWN, reason="held", now=LATER)
    assert store.now().status is Status.UNKNOWN
    assert store.dispatches.attempts(CONVERSATION)[0].status is AttemptStatus.UNKNOWN
    assert store.dispatches.record(event, any_attempt(), SAVED, status=Status.DELIVERED, retry=False, now=LATER)
    assert store.now().status is Status.DELIVERED


def test_an_outcome_after_a_newer_claim_stands_on_its_own_row_only(store: Store) -> None:
    event = store.analyzed()
    store.dispatches.claim(event, any_attempt(), lease_until=LATER)
    store.dispatches.hold(store.now(), status=Status.UNKNOWN, reason="held", now=LATER)
    store.dispatches.claim(store.now(), any_attempt(2), lease_until=LATER)
    assert not store.dispatches.record(event, any_attempt(), SAVED, status=Status.DELIVERED, retry=False, now=LATER)
    assert store.now().status is Status.SENDING
    assert [row.status for row in store.dispatches.attempts(CONVERSATION)] == [
        AttemptStatus.SUCCESS,
        AttemptStatus.SENDING,
    ]


def test_a_hold_on_what_has_moved_fails(store: Store) -> None:
    event = store.analyzed()
    store.dispatches.claim(event, any_attempt(), lease_until=LATER)
    claimed = store.now()
    store.dispatches.record(event, any_attempt(), SAVED, status=Status.DELIVERED, retry=False, now=LATER)
    assert not store.dispatches.hold(claimed, status=Status.UNKNOWN, reason="held", now=LATER)
    assert store.now().status is Status.DELIVERED


def test_an_attempt_that_sends_nothing_is_one_write(store: Store) -> None:
    event = store.analyzed()
    attempt = any_attempt(status=AttemptStatus.DRY_RUN, warnings=("UsrIntent: cut from 300 to 250 characters",))
    verdict = Verdict(Outcome.DRY_RUN, "Dry run.")
    assert store.dispatches.settle(event, attempt, verdict, status=Status.DRY_RUN)
    assert not store.dispatches.settle(event, attempt, verdict, status=Status.DRY_RUN)
    rested = store.now()
    assert (rested.status, rested.status_reason, rested.attempts) == (Status.DRY_RUN, "Dry run.", 1)
    (row,) = store.dispatches.attempts(CONVERSATION)
    assert (row.status, row.outcome, row.warnings) == (AttemptStatus.DRY_RUN, Outcome.DRY_RUN, attempt.warnings)


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


@pytest.mark.parametrize(("delivered", "status"), [(True, Status.DELIVERED), (False, Status.REJECTED)])
def test_a_person_resolves_an_unknown_outcome_once(store: Store, status: Status, *, delivered: bool) -> None:
    event = store.analyzed()
    store.dispatches.claim(event, any_attempt(), lease_until=LATER)
    store.dispatches.hold(store.now(), status=Status.UNKNOWN, reason="held", now=LATER)
    found = Resolution(delivered, resolved_by="anna", reason="Looked in the CRM.")
    seen = store.now()
    assert store.dispatches.resolve(seen, found, now=LATER)
    assert not store.dispatches.resolve(seen, found, now=LATER)
    assert (store.now().status, store.now().status_reason) == (status, "Looked in the CRM.")
    assert store.now().delivered_at == (LATER if delivered else None)
    assert store.dispatches.attempts(CONVERSATION)[0].resolution == found


def test_a_resolution_closes_an_open_order(store: Store) -> None:
    event = store.analyzed()
    store.dispatches.claim(event, any_attempt(), lease_until=LATER)
    store.dispatches.hold(store.now(), status=Status.UNKNOWN, reason="held", now=LATER)
    store.events.order_resend(store.now(), order(), now=LATER)
    assert store.dispatches.resolve(store.now(), Resolution(delivered=True, resolved_by="anna", reason="-"), now=LATER)
    assert store.now().open_order is None
    assert store.now().pending_since is None


def test_only_an_unknown_outcome_can_be_resolved(store: Store) -> None:
    event = store.analyzed()
    store.dispatches.claim(event, any_attempt(), lease_until=LATER)
    found = Resolution(delivered=True, resolved_by="anna", reason="-")
    assert not store.dispatches.resolve(store.now(), found, now=LATER)
    assert store.now().status is Status.SENDING


@pytest.mark.parametrize(
    ("outcome", "status"),
    [(Outcome.PARTIAL, Status.PARTIAL), (Outcome.REJECTED_DATA, Status.REJECTED)],
)
def test_what_a_person_did_by_hand_closes_an_event(store: Store, outcome: Outcome, status: Status) -> None:
    event = store.analyzed()
    store.dispatches.claim(event, any_attempt(), lease_until=LATER)
    verdict = Verdict(outcome, "refused")
    store.dispatches.record(event, any_attempt(), verdict, status=status, retry=False, now=LATER)
    missing = Resolution(delivered=False, resolved_by="anna", reason="-")
    assert not store.dispatches.resolve(store.now(), missing, now=LATER)
    by_hand = Resolution(delivered=True, resolved_by="anna", reason="Entered by hand.")
    assert store.dispatches.resolve(store.now(), by_hand, now=LATER)
    assert store.now().status is Status.DELIVERED


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


def test_all_attempts_of_a_long_story_are_read(store: Store) -> None:
    event = store.analyzed()
    for number in range(1, 31):
        attempt = any_attempt(number, payload='"' + "x" * 58_000 + '"')
        store.dispatches.claim(event, attempt, lease_until=LATER)
        store.dispatches.record(event, attempt, DOWN, status=Status.RETRYING, retry=True, now=LATER)
        event = store.now()
    assert [row.attempt for row in store.dispatches.attempts(CONVERSATION)] == list(range(1, 31))
