"""A write that the AWS client repeats after a lost answer meets its own effect: no conflict, and counted once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from postcall.aws import clients
from postcall.aws.payloads import Payloads
from postcall.aws.quarantine import FOLDER, QuarantineTable
from postcall.domain.errors import StoreRefused
from postcall.domain.outcome import Outcome, Verdict
from postcall.domain.quarantine import STRANGERS, Kind, limits, quarantined
from postcall.domain.status import Status
from tests.contract.stored import LATER, Store, any_attempt, in_tables, order
from tests.support.aws import BUCKET, QUARANTINE, local_aws
from tests.support.builders import CONVERSATION, any_incoming
from tests.support.fakes.clock import START

REPEATED = ("put_item", "update_item", "delete_item")
BOUNDS = limits(entries_per_minute=1, entries_per_day=5, bytes_per_day=1_000_000)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    with local_aws(monkeypatch) as aws:
        yield in_tables(aws)


@pytest.fixture
def lose_answers(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From now on the answer to every write of one item is lost, and the client sends the same bytes again."""

    def lose() -> None:
        client = clients.dynamodb()
        for name in REPEATED:
            write = getattr(client, name)

            def twice(write: Callable[..., Any] = write, **arguments: Any) -> Any:
                write(**arguments)
                return write(**arguments)

            monkeypatch.setattr(client, name, twice)

    assert store is not None
    return lose


def test_a_stored_call_is_new(store: Store, lose_answers: Callable[[], None]) -> None:
    lose_answers()
    assert store.events.add(any_incoming(), now=START)
    assert not store.events.add(any_incoming(), now=START)


def test_a_duplicate_is_counted_once(store: Store, lose_answers: Callable[[], None]) -> None:
    store.events.add(any_incoming(), now=START)
    lose_answers()
    store.events.record_duplicate(any_incoming(), now=LATER)
    assert store.now().duplicate_count == 1


def test_an_order_is_written_and_closed(store: Store, lose_answers: Callable[[], None]) -> None:
    event = store.analyzed()
    lose_answers()
    assert store.events.order_resend(event, order(), now=LATER)
    assert not store.events.order_resend(event, order("o2"), now=LATER)
    assert store.events.close_order(store.now(), waits=False, now=LATER)


def test_a_sweep_is_counted_once(store: Store, lose_answers: Callable[[], None]) -> None:
    event = store.analyzed()
    lose_answers()
    assert store.pending.record_sweep(event, now=LATER, stalled=False)
    assert not store.pending.record_sweep(event, now=LATER, stalled=False)
    assert store.now().sweeps == 1


def test_a_notice_is_taken_as_given(store: Store, lose_answers: Callable[[], None]) -> None:
    attempt = any_attempt()
    refused = Verdict(Outcome.REJECTED_DATA, "No contact.")
    store.dispatches.settle(store.analyzed(), attempt, refused, status=Status.REJECTED)
    lose_answers()
    assert store.pending.mark_escalated(CONVERSATION, attempts=1)
    assert not store.pending.mark_escalated(CONVERSATION, attempts=1)


def test_a_refused_webhook_is_kept_counted_once_and_discarded(store: Store, lose_answers: Callable[[], None]) -> None:
    assert store is not None
    payloads = Payloads(clients.s3, BUCKET, folder=FOLDER)
    table = QuarantineTable(clients.dynamodb(), QUARANTINE, payloads, ttl_days=3)
    entry = quarantined(Kind.SIGNATURE, "It does not match.", b"body", signature="t=1,v0=00", now=START)
    lose_answers()
    assert table.admit(STRANGERS, 4, limits=BOUNDS[Kind.SIGNATURE], now=START)
    assert not table.admit(STRANGERS, 4, limits=BOUNDS[Kind.SIGNATURE], now=START)
    assert table.keep(entry, b"body")
    assert not table.keep(entry, b"body")
    assert table.discard(entry.quarantine_id)
    assert not table.discard(entry.quarantine_id)


def test_what_is_too_large_for_an_item_is_refused_for_good(store: Store) -> None:
    noise = Random(1).randbytes(500_000)  # noqa: S311 — nothing packs it below the limit of an item
    event = store.analyzed()
    with pytest.raises(StoreRefused, match="refuses it for good"):
        store.dispatches.claim(event, any_attempt(payload=noise.hex()), lease_until=LATER + timedelta(minutes=2))
    assert store.now().status is Status.ANALYZED
