"""One contract for the contents under a call's id: the in-memory fake and the DynamoDB adapter answer the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from postcall.aws import clients
from postcall.aws.payloads import Payloads
from postcall.aws.revisions import Revisions
from postcall.domain.event import ReanalysisOrder
from tests.contract.stored import LATER, Store
from tests.support.aws import BUCKET, EVENTS
from tests.support.builders import CONVERSATION, any_incoming
from tests.support.fakes.clock import START
from tests.support.fakes.revisions import MemoryRevisions, content
from tests.support.fakes.store import MemoryStore

FIRST, SECOND = any_incoming(), any_incoming(body=b'{"another": "content"}')
ORDER = ReanalysisOrder("u1", requested_by="anna", requested_at=LATER, reason="The other one is right.")


@pytest.fixture
def revisions(store: Store) -> Any:
    """The contents of a call that came twice."""
    store.analyzed()
    store.events.record_duplicate(SECOND, now=LATER)
    if isinstance(store.events, MemoryStore):
        return MemoryRevisions(store.events)
    return Revisions(clients.dynamodb(), EVENTS, Payloads(clients.s3, BUCKET))


def test_a_content_is_used_and_its_analysis_ordered_at_once(store: Store, revisions: Any) -> None:
    assert revisions.use(CONVERSATION, content(SECOND.body), ORDER)
    assert store.events.payload(CONVERSATION) == SECOND.body
    assert (store.now().body_sha256, store.now().payload_bytes) == (content(SECOND.body), len(SECOND.body))
    assert store.now().reanalysis == ORDER
    assert set(store.events.bodies_of(CONVERSATION)) == {FIRST.body, SECOND.body}


def test_while_an_order_is_open_nothing_is_exchanged(store: Store, revisions: Any) -> None:
    assert revisions.use(CONVERSATION, content(SECOND.body), ORDER)
    assert not revisions.use(CONVERSATION, content(FIRST.body), replace(ORDER, order_id="u2"))
    assert store.events.payload(CONVERSATION) == SECOND.body
    assert store.now().reanalysis == ORDER


def test_after_an_order_that_nobody_served_the_first_content_is_taken_again(store: Store, revisions: Any) -> None:
    assert revisions.use(CONVERSATION, content(SECOND.body), ORDER)
    much_later = replace(ORDER, order_id="u2", requested_at=START + timedelta(hours=1))
    assert revisions.use(CONVERSATION, content(FIRST.body), much_later)
    assert store.events.payload(CONVERSATION) == FIRST.body
    assert set(store.events.bodies_of(CONVERSATION)) == {FIRST.body, SECOND.body}


def test_the_content_in_use_is_ordered_and_nothing_exchanged(store: Store, revisions: Any) -> None:
    assert revisions.use(CONVERSATION, content(FIRST.body), ORDER)
    assert store.events.payload(CONVERSATION) == FIRST.body
    assert store.now().reanalysis == ORDER


def test_what_is_no_content_of_the_call_is_not_known_and_not_used(store: Store, revisions: Any) -> None:
    known = [content(FIRST.body), content(SECOND.body), content(b"never came")]
    assert [revisions.knows(CONVERSATION, each) for each in known] == [True, True, False]
    assert not revisions.knows("nobody", content(FIRST.body))
    assert not revisions.use(CONVERSATION, content(b"never came"), ORDER)
    assert store.now().reanalysis is None
