"""The same contract for what a person must be told of: untold until it is noted, for the fake and the tables."""

from __future__ import annotations

from datetime import timedelta

from postcall.domain.outcome import AttemptStatus, Outcome, Resolution, Verdict
from postcall.domain.status import Status
from tests.contract.stored import LATER, SAVED, Store, any_attempt, order
from tests.support.builders import CONVERSATION
from tests.support.fakes.clock import START

REFUSED = Verdict(Outcome.REJECTED_DATA, "A value is too long.", http_status=200)


def refused(store: Store, *, attempts: int = 1) -> None:
    """An event that the CRM refuses."""
    store.analyzed()
    for number in range(1, attempts + 1):
        attempt = any_attempt(number)
        store.dispatches.claim(store.now(), attempt, lease_until=LATER)
        store.dispatches.record(store.now(), attempt, REFUSED, status=Status.REJECTED, retry=False, now=START)


def test_what_waits_for_a_person_is_untold_until_it_is_noted(store: Store) -> None:
    refused(store)
    assert store.pending.unescalated(START, limit=10) == []
    assert store.pending.unescalated(LATER, limit=10) == [CONVERSATION]
    assert store.pending.pending_since(LATER, limit=10) == []
    assert store.now().pending_since is None
    assert store.pending.mark_escalated(CONVERSATION, attempts=1)
    assert store.pending.unescalated(LATER, limit=10) == []
    assert not store.pending.mark_escalated(CONVERSATION, attempts=1)


def test_a_notice_of_an_earlier_attempt_says_nothing_of_the_newest(store: Store) -> None:
    refused(store, attempts=2)
    assert not store.pending.mark_escalated(CONVERSATION, attempts=1)
    assert store.pending.unescalated(LATER, limit=10) == [CONVERSATION]


def test_what_is_not_sent_by_our_own_rules_and_what_a_dead_worker_held_is_untold_too(store: Store) -> None:
    seen = store.analyzed()
    settled = any_attempt(status=AttemptStatus.ERROR)
    store.dispatches.settle(seen, settled, REFUSED, status=Status.REJECTED)
    assert store.pending.unescalated(LATER, limit=10) == [CONVERSATION]
    store.dispatches.claim(store.now(), any_attempt(2), lease_until=LATER)
    assert store.pending.unescalated(LATER, limit=10) == []
    store.dispatches.hold(store.now(), status=Status.UNKNOWN, reason="Its worker stopped.", now=START)
    assert store.pending.unescalated(LATER, limit=10) == [CONVERSATION]


def test_what_a_forced_resend_of_a_delivered_event_came_to_is_untold_too(store: Store) -> None:
    store.analyzed()
    store.dispatches.claim(store.now(), any_attempt(), lease_until=LATER)
    store.dispatches.record(store.now(), any_attempt(), SAVED, status=Status.DELIVERED, retry=False, now=START)
    assert store.pending.unescalated(LATER, limit=10) == []
    store.dispatches.claim(store.now(), any_attempt(2), lease_until=LATER)
    store.dispatches.record(store.now(), any_attempt(2), REFUSED, status=Status.DELIVERED, retry=False, now=START)
    assert store.pending.unescalated(LATER, limit=10) == [CONVERSATION]
    store.dispatches.claim(store.now(), any_attempt(3), lease_until=LATER)
    store.dispatches.hold(store.now(), status=Status.DELIVERED, reason="Its worker stopped.", now=START)
    assert store.pending.unescalated(LATER, limit=10) == [CONVERSATION]


def test_what_a_person_did_not_find_is_told_of_until_somebody_sends_it(store: Store) -> None:
    event = store.analyzed()
    store.dispatches.claim(event, any_attempt(), lease_until=LATER)
    store.dispatches.hold(store.now(), status=Status.UNKNOWN, reason="held", now=START)
    store.pending.mark_escalated(CONVERSATION, attempts=1)
    missing = Resolution(delivered=False, resolved_by="anna", reason="-")
    assert store.dispatches.resolve(store.now(), missing, now=START)
    assert store.pending.unescalated(LATER, limit=10) == [CONVERSATION]
    store.dispatches.claim(store.now(), any_attempt(2), lease_until=LATER)
    assert store.pending.unescalated(LATER, limit=10) == []


def test_who_resolves_or_resends_an_event_knows_of_it(store: Store) -> None:
    refused(store)
    store.events.order_resend(store.now(), order(), now=LATER)
    assert store.pending.unescalated(LATER + timedelta(days=1), limit=10) == []
    store.events.close_order(store.now(), waits=False, now=LATER)
    found = Resolution(delivered=True, resolved_by="anna", reason="Entered by hand.")
    assert store.dispatches.resolve(store.now(), found, now=LATER)
    assert store.pending.unescalated(LATER + timedelta(days=1), limit=10) == []


def test_what_is_abandoned_stalls_at_once_with_its_reason_and_only_while_it_is_under_way(store: Store) -> None:
    store.analyzed()
    assert store.pending.abandon(CONVERSATION, reason="It is too large.", now=LATER)
    assert (store.now().stalled, store.now().status_reason) == (True, "It is too large.")
    assert store.pending.abandoned(limit=5) == [CONVERSATION]
    assert not store.pending.abandon(CONVERSATION, reason="It is too large.", now=LATER)
    assert not store.pending.abandon("nobody", reason="It is too large.", now=LATER)


def test_a_lead_that_is_being_sent_is_not_abandoned_for_another_message_of_its_call(store: Store) -> None:
    store.dispatches.claim(store.analyzed(), any_attempt(), lease_until=LATER)
    assert not store.pending.abandon(CONVERSATION, reason="It is too large.", now=LATER)
    assert (store.now().stalled, store.pending.abandoned(limit=5)) == (False, [])
