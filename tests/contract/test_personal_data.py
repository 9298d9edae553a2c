"""One contract for finding a person's calls and erasing them: the fakes answer as DynamoDB and S3 do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from postcall.aws import clients
from postcall.aws.erasure_check import ErasureCheck
from postcall.aws.event_table import EventTable
from postcall.aws.interventions import Interventions
from postcall.aws.payloads import Payloads
from postcall.domain.contact_key import email_key, phone_key
from postcall.domain.errors import Unavailable
from postcall.domain.event import Closure, Erasure, ResendOrder
from postcall.domain.event_id import body_id
from postcall.domain.outcome import Attempt, AttemptStatus, Outcome, Verdict
from postcall.domain.status import Status
from tests.contract.stored import LATER, Store, items
from tests.support.aws import ANALYSES, BUCKET, DISPATCHES, EVENTS, SEARCH_KEY, local_aws
from tests.support.builders import CONVERSATION, any_contact, any_incoming, any_recorded
from tests.support.fakes.clock import START

PHONE = phone_key("375291234567", SEARCH_KEY)
EMAIL = email_key("user@example.com", SEARCH_KEY)
ERASURE = Erasure("anna", LATER, "The caller asked for it.", "analyzed", ("payload", "contact"))
SAVED = Verdict(Outcome.DELIVERED, "Saved for Иван.", http_status=200, answer='{"name": "Иван"}', duration_ms=12)


def attempt(**members: Any) -> Attempt:
    known = Attempt(CONVERSATION, 1, AttemptStatus.SENDING, payload='{"Phone": "+375291234567"}', started_at=START)
    return replace(known, **members)


def test_an_analysed_call_is_found_by_phone_and_by_email_newest_first(store: Store) -> None:
    store.analyzed("older")
    store.analyzed("newer", at=LATER)
    store.analyzed("stranger", contact=any_contact(phone="+375447654321", email="else@example.com"))
    store.analyzed("nobody", contact=any_contact(phone=None, email=None))
    assert store.contacts.by_phone(PHONE, limit=10) == ["newer", "older"]
    assert store.contacts.by_email(EMAIL, limit=10) == ["newer", "older"]
    assert store.contacts.by_phone(PHONE, limit=1) == ["newer"]
    assert store.contacts.by_email(PHONE, limit=10) == []


def test_an_erased_event_is_a_skeleton_that_nothing_moves(store: Store) -> None:
    seen = store.analyzed()
    assert store.eraser.mark(seen, ERASURE)
    assert store.eraser.clear(CONVERSATION)[0] in {"bodies", "analyses"}
    store.eraser.finish(CONVERSATION, ("payload", "contact", "analyses"))
    event = store.now()
    assert (event.status, event.erased_at, event.contact) == (Status.EXCLUDED, LATER, {})
    assert event.erasure == replace(ERASURE, kinds=("payload", "contact", "analyses"), complete=True)
    assert (event.pending_since, event.agent_id) == (None, "agent_invented")
    assert store.analyses.latest(CONVERSATION) is None
    assert store.contacts.by_phone(PHONE, limit=10) == []
    assert store.contacts.by_email(EMAIL, limit=10) == []
    order = ResendOrder("o1", requested_by="anna", requested_at=LATER, forced=True)
    assert not store.events.order_resend(event, order, now=LATER)
    assert not store.dispatches.claim(seen, attempt(), lease_until=LATER)
    assert not store.analyses.record(any_recorded())


def test_what_moved_since_it_was_read_is_not_erased_over(store: Store) -> None:
    seen = store.analyzed()
    store.dispatches.claim(seen, attempt(), lease_until=LATER)
    assert not store.eraser.mark(seen, ERASURE)
    assert store.now().erasure is None


def test_an_open_order_that_was_not_seen_stops_the_erasure_and_a_seen_one_is_closed(store: Store) -> None:
    seen = store.analyzed()
    store.events.order_resend(seen, ResendOrder("o1", "anna", LATER, forced=True, reason="Иван asked"), now=LATER)
    assert not store.eraser.mark(seen, ERASURE)
    assert store.eraser.mark(store.now(), ERASURE)
    order = store.now().order
    assert order is not None
    assert (order.is_open, order.reason) == (False, "")


def test_a_delivered_lead_stays_delivered_and_its_attempts_keep_times_and_outcomes_only(store: Store) -> None:
    event = store.analyzed()
    store.dispatches.claim(event, attempt(), lease_until=LATER)
    store.dispatches.record(event, attempt(), SAVED, status=Status.DELIVERED, retry=False, now=LATER)
    assert store.eraser.mark(store.now(), ERASURE)
    assert "attempts" in store.eraser.clear(CONVERSATION)
    assert (store.now().status, store.now().delivered_at) == (Status.DELIVERED, LATER)
    (row,) = store.dispatches.attempts(CONVERSATION)
    assert (row.payload, row.answer, row.detail) == ("{}", None, None)
    assert (row.status, row.outcome, row.http_status, row.finished_at) == (
        AttemptStatus.SUCCESS,
        Outcome.DELIVERED,
        200,
        LATER,
    )


def test_an_outcome_that_comes_after_the_erasure_is_kept_without_its_words(store: Store) -> None:
    event = store.analyzed()
    store.dispatches.claim(event, attempt(warnings=("Иван",)), lease_until=LATER)
    store.dispatches.hold(store.now(), status=Status.UNKNOWN, reason="Its worker stopped.", now=LATER)
    store.eraser.mark(store.now(), ERASURE)
    store.eraser.clear(CONVERSATION)
    assert not store.dispatches.record(event, attempt(), SAVED, status=Status.DELIVERED, retry=False, now=LATER)
    (row,) = store.dispatches.attempts(CONVERSATION)
    assert (row.payload, row.answer, row.detail, row.warnings) == ("{}", None, None, ())
    assert (row.status, row.outcome, row.http_status) == (AttemptStatus.SUCCESS, Outcome.DELIVERED, 200)
    assert (store.now().status, store.now().delivered_at) == (Status.EXCLUDED, None)


def test_a_repeated_webhook_brings_nothing_back(store: Store) -> None:
    store.eraser.mark(store.analyzed(), ERASURE)
    assert not store.events.add(any_incoming(), now=LATER)
    store.events.record_duplicate(any_incoming(body=b"another body"), now=LATER)
    assert (store.now().duplicate_count, store.now().revision_count) == (1, 0)
    assert (store.now().status, store.now().contact) == (Status.EXCLUDED, {})


def test_erasing_again_finds_nothing_more(store: Store) -> None:
    store.eraser.mark(store.analyzed(), ERASURE)
    store.eraser.clear(CONVERSATION)
    assert store.eraser.clear(CONVERSATION) == ()


@pytest.mark.parametrize("came_back", [False, True])
def test_the_body_beside_the_event_is_gone_whatever_brought_it_back(
    monkeypatch: pytest.MonkeyPatch, *, came_back: bool
) -> None:
    with local_aws(monkeypatch) as aws:
        aws.events.add(any_incoming(), now=START)
        beside = items(EVENTS)[body_id(CONVERSATION)]
        event = aws.events.get(CONVERSATION)
        assert event is not None
        assert aws.eraser.mark(event, ERASURE)
        with pytest.raises(Unavailable, match="erased"):  # from the mark on, though the erasure itself reads it still
            aws.events.payload(CONVERSATION)
        assert aws.events.bodies_of(CONVERSATION) == (any_incoming().body,)
        if came_back:
            aws.eraser.clear(CONVERSATION)
            clients.dynamodb().put_item(TableName=EVENTS, Item=beside)
        names = {"events": EVENTS, "analyses": ANALYSES, "dispatches": DISPATCHES, "bucket": BUCKET}
        check = ErasureCheck(clients.dynamodb(), clients.s3(), **names)
        assert check.remains(CONVERSATION) == ("bodies",)
        assert aws.eraser.clear(CONVERSATION) == ("bodies",)
        assert check.remains(CONVERSATION) == ()
        assert set(items(EVENTS)) == {CONVERSATION}
        with pytest.raises(Unavailable, match="erased"):
            aws.events.payload(CONVERSATION)


def test_a_revision_whose_event_is_erased_while_it_is_stored_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    with local_aws(monkeypatch) as aws:

        class ErasedMeanwhile(Payloads):
            """An operator erases the event after intake has read it."""

            def keep_revision(self, event_id: str, body: bytes, *, sha256: str) -> str:
                event = aws.events.get(event_id)
                assert event is not None
                assert aws.eraser.mark(event, ERASURE)
                aws.eraser.clear(event_id)
                return super().keep_revision(event_id, body, sha256=sha256)

        aws.events.add(any_incoming(), now=START)
        slow = EventTable(clients.dynamodb(), EVENTS, ErasedMeanwhile(clients.s3, BUCKET), ttl_days=90)
        slow.record_duplicate(any_incoming(body="Иван, revised".encode()), now=LATER)
        event = aws.events.get(CONVERSATION)
        assert event is not None
        assert (event.duplicate_count, event.revision_count) == (1, 0)
        assert aws.events.bodies_of(CONVERSATION) == ()
        left = clients.s3().list_objects_v2(Bucket=BUCKET)["Contents"]
        assert [each["Size"] for each in left] == [0]
        names = {"events": EVENTS, "analyses": ANALYSES, "dispatches": DISPATCHES, "bucket": BUCKET}
        assert ErasureCheck(clients.dynamodb(), clients.s3(), **names).remains(CONVERSATION) == ()


def test_what_a_person_wrote_on_closing_goes_with_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    with local_aws(monkeypatch) as aws:
        aws.events.add(any_incoming(), now=START)
        aws.analyses.record(any_recorded(at=START))
        seen = aws.events.get(CONVERSATION)
        assert seen is not None
        closing = Closure(closed_by="anna", closed_at=LATER, reason="Иван asked", status_before="analyzed")
        assert Interventions(clients.dynamodb(), EVENTS).close(seen, closing)
        closed = aws.events.get(CONVERSATION)
        assert closed is not None
        assert aws.eraser.mark(closed, ERASURE)
        event = aws.events.get(CONVERSATION)
        assert event is not None
        assert event.closure == replace(closing, reason="")


def test_an_erasure_that_comes_too_late_leaves_the_body(monkeypatch: pytest.MonkeyPatch) -> None:
    with local_aws(monkeypatch) as aws:
        aws.events.add(any_incoming(), now=START)
        seen = aws.events.get(CONVERSATION)
        assert seen is not None
        aws.analyses.record(any_recorded())
        assert not aws.eraser.mark(seen, ERASURE)
        assert aws.events.payload(CONVERSATION) == any_incoming().body


def test_no_byte_of_the_caller_is_left_in_any_table_or_bucket(monkeypatch: pytest.MonkeyPatch) -> None:
    with local_aws(monkeypatch) as aws:
        noise = bytes((index * index * 2654435761 >> 7) & 0xFF for index in range(300_000))
        aws.events.add(any_incoming(body=noise + "Иван".encode()), now=START)  # too large for its item
        aws.events.record_duplicate(any_incoming(body="Иван, revised".encode()), now=START)
        aws.analyses.record(any_recorded(at=START))
        event = aws.events.get(CONVERSATION)
        assert event is not None
        aws.dispatches.claim(event, attempt(payload='{"FullName": "Иван"}'), lease_until=LATER)
        aws.dispatches.record(event, attempt(), SAVED, status=Status.DELIVERED, retry=False, now=LATER)
        event = aws.events.get(CONVERSATION)
        assert event is not None
        assert aws.eraser.mark(event, ERASURE)
        assert set(aws.eraser.clear(CONVERSATION)) == {"bodies", "analyses", "attempts"}
        assert clients.s3().list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0
        for table in (EVENTS, ANALYSES, DISPATCHES):
            left = str(clients.dynamodb().scan(TableName=table)["Items"])
            for personal in ("Иван", "375291234567", "example.com", PHONE, EMAIL, "payload_key", "revisions"):
                assert personal not in left, (table, personal)
        with pytest.raises(Unavailable, match="erased"):
            aws.events.payload(CONVERSATION)
