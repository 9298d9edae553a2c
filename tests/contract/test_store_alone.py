"""A call is stored if it is the only one of its id: one write says which of the two was there."""

from __future__ import annotations

import os

import pytest

from postcall.domain.event_id import api_event_id
from tests.contract.stored import LATER, Store
from tests.support.builders import CONVERSATION, any_incoming
from tests.support.fakes.clock import START

OTHER = api_event_id(CONVERSATION)
BODIES = [any_incoming().body, os.urandom(100_000)]


@pytest.mark.parametrize("body", BODIES, ids=["small", "in the bucket"])
def test_a_call_that_is_alone_is_stored_with_its_bytes(store: Store, body: bytes) -> None:
    assert store.events.add_alone(any_incoming(body=body), other=OTHER, now=START) is True
    event, its_body = store.events.get_with_body(CONVERSATION)
    assert (event.received_at, event.pending_since, its_body()) == (START, START, body)


@pytest.mark.parametrize("body", BODIES, ids=["small", "in the bucket"])
def test_a_call_whose_id_is_known_is_told_so_whether_there_is_another_or_not(store: Store, body: bytes) -> None:
    store.events.add(any_incoming(), now=START)
    assert store.events.add_alone(any_incoming(body=body), other=OTHER, now=LATER) is False
    store.events.add(any_incoming(OTHER), now=START)
    assert store.events.add_alone(any_incoming(body=body), other=OTHER, now=LATER) is False
    assert store.now().received_at == START


@pytest.mark.parametrize("body", BODIES, ids=["small", "in the bucket"])
def test_nothing_is_stored_beside_another_of_its_id(store: Store, body: bytes) -> None:
    store.events.add(any_incoming(OTHER), now=START)
    assert store.events.add_alone(any_incoming(body=body), other=OTHER, now=LATER) is None
    assert store.events.get_with_body(CONVERSATION) is None
    assert store.events.add(any_incoming(body=body), now=LATER)


def test_a_name_that_no_event_can_have_is_nobodys(store: Store) -> None:
    assert store.events.add_alone(any_incoming(), other="x" * 3_000, now=START) is True
