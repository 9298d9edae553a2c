"""The same contract: what dead workers, late answers and persons leave on the record."""

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


def test_a_repeat_does_not_bring_back_what_the_sweep_has_given_up(store: Store) -> None:
    store.events.add(any_incoming(), now=START)
    store.pending.record_sweep(store.now(), now=LATER, stalled=True)
    store.events.record_duplicate(any_incoming(), now=LATER)
    assert store.pending.pending_since(LATER + timedelta(days=1), limit=10) == []


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
