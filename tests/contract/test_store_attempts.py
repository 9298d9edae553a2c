"""The same contract: attempts, and what workers that end, die or come late, and persons, leave on the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from postcall.aws import clients
from postcall.domain.deduplication import Deduplication
from postcall.domain.outcome import AttemptStatus, Outcome, Resolution, Verdict
from postcall.domain.said import Said, in_language, said
from postcall.domain.status import Status
from tests.contract.stored import DOWN, LATER, SAVED, Store, any_attempt, order
from tests.support.aws import DISPATCHES, LocalAws
from tests.support.builders import CONVERSATION, any_incoming, any_recorded, any_terms
from tests.support.fakes.clock import START


def test_a_claim_on_a_dead_workers_event_ends_that_workers_attempt(store: Store) -> None:
    store.dispatches.claim(store.analyzed(), any_attempt(), lease_until=START)
    assert store.dispatches.claim(store.now(), any_attempt(2), lease_until=LATER)
    first, second = store.dispatches.attempts(CONVERSATION)
    assert (first.status, first.outcome) == (AttemptStatus.UNKNOWN, Outcome.UNKNOWN)
    assert second.status is AttemptStatus.SENDING


def test_the_record_keeps_code_and_parameters_of_what_is_said(store: Store) -> None:
    refused = said("dispatch.dry_run_refused", refused=said("dispatch.column_empty", column="MobilePhone"))
    cut = said("dispatch.cut", column="Commentary", cut_from=900, length=500)
    store.dispatches.settle(
        store.analyzed(), any_attempt(warnings=(cut,)), Verdict(Outcome.DRY_RUN, refused), status=Status.DRY_RUN
    )
    (row,) = store.dispatches.attempts(CONVERSATION)
    for kept, report in ((store.now().status_reason, refused), (row.detail, refused), (row.warnings[0], cut)):
        assert isinstance(kept, Said)
        assert (kept.code, in_language(kept, "ru")) == (report.code, in_language(report, "ru"))


def test_a_person_resolves_an_unknown_event_whose_newest_attempt_is_known(store: Store) -> None:
    store.dispatches.claim(store.analyzed(), any_attempt(), lease_until=LATER)
    store.dispatches.record(
        store.now(), any_attempt(), DOWN, status=Status.UNKNOWN, retry=False, now=LATER
    )  # an earlier attempt may have made a lead
    found = Resolution(delivered=True, resolved_by="anna", reason="Looked in the CRM.")
    assert store.dispatches.resolve(store.now(), found, now=LATER)
    assert store.now().status is Status.DELIVERED
    assert store.dispatches.attempts(CONVERSATION)[0].resolution == found


def test_a_late_outcome_of_a_resolved_attempt_keeps_the_resolution(store: Store) -> None:
    event = store.analyzed()
    store.dispatches.claim(event, any_attempt(), lease_until=LATER)
    store.dispatches.hold(store.now(), status=Status.UNKNOWN, reason="held", now=LATER)
    found = Resolution(delivered=False, resolved_by="anna", reason="-")
    store.dispatches.resolve(store.now(), found, now=LATER)
    assert not store.dispatches.record(event, any_attempt(), SAVED, status=Status.DELIVERED, retry=False, now=LATER)
    (row,) = store.dispatches.attempts(CONVERSATION)
    assert (row.status, row.resolution) == (AttemptStatus.SUCCESS, found)


def test_a_late_outcome_leaves_an_order_that_came_meanwhile_where_the_sweep_finds_it(store: Store) -> None:
    event = store.analyzed()
    store.dispatches.claim(event, any_attempt(), lease_until=LATER)
    store.dispatches.hold(store.now(), status=Status.UNKNOWN, reason="held", now=LATER)
    store.events.order_resend(store.now(), order(), now=LATER)
    assert store.dispatches.record(event, any_attempt(), SAVED, status=Status.DELIVERED, retry=False, now=LATER)
    late = store.now()
    assert (late.status, late.delivered_at) == (Status.DELIVERED, LATER)
    assert late.open_order == order()
    assert store.pending.pending_since(LATER + timedelta(minutes=1), limit=10) == [CONVERSATION]


def test_a_late_outcome_of_one_order_leaves_the_next_one_open(store: Store) -> None:
    event = store.analyzed()
    store.events.order_resend(event, order(), now=START)
    served = any_attempt(order_id=order().order_id)
    store.dispatches.claim(store.now(), served, lease_until=LATER)
    store.dispatches.hold(store.now(), status=Status.UNKNOWN, reason="held", now=LATER)
    newer = replace(order(), order_id="o2")
    assert store.events.order_resend(store.now(), newer, now=LATER)
    assert store.dispatches.record(event, served, SAVED, status=Status.DELIVERED, retry=False, now=LATER)
    late = store.now()
    assert (late.status, late.delivered_at, late.open_order) == (Status.DELIVERED, LATER, newer)
    assert store.pending.pending_since(LATER + timedelta(minutes=1), limit=10) == [CONVERSATION]


def test_an_attempt_keeps_the_terms_under_which_it_was_sent(store: Store) -> None:
    terms = any_terms(Deduplication.EVENT_ID)
    store.dispatches.claim(store.analyzed(), any_attempt(terms=terms), lease_until=LATER)
    assert [attempt.terms for attempt in store.dispatches.attempts(CONVERSATION)] == [terms]


@pytest.mark.parametrize("payload", ['{"Name": "Иван"}', "{}", "\ud800", "x" * 100_000])
def test_what_was_sent_is_kept_packed_and_read_back(aws: LocalAws, payload: str) -> None:
    aws.events.add(any_incoming(), now=START)
    aws.analyses.record(any_recorded())
    event = aws.events.get(CONVERSATION)
    assert event is not None
    aws.dispatches.claim(event, any_attempt(payload=payload), lease_until=LATER)
    (row,) = aws.dispatches.attempts(CONVERSATION)
    assert row.payload == payload.encode("utf-8", "replace").decode()
    (item,) = clients.dynamodb().scan(TableName=DISPATCHES)["Items"]
    assert set(item["payload"]) == {"B"}


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


def test_all_attempts_of_a_long_story_are_read(store: Store) -> None:
    event = store.analyzed()
    for number in range(1, 31):
        attempt = any_attempt(number, payload='"' + "x" * 58_000 + '"')
        store.dispatches.claim(event, attempt, lease_until=LATER)
        store.dispatches.record(event, attempt, DOWN, status=Status.RETRYING, retry=True, now=LATER)
        event = store.now()
    assert [row.attempt for row in store.dispatches.attempts(CONVERSATION)] == list(range(1, 31))
