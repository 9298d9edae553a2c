"""What a person writes on an event: the same in memory and in DynamoDB, if it stands as it was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from postcall.aws import clients
from postcall.aws.interventions import Interventions
from postcall.domain.event import Closure
from postcall.domain.outcome import AttemptStatus
from postcall.domain.status import Status
from tests.contract.stored import LATER, Store, any_attempt, in_memory, in_tables, order
from tests.support.aws import EVENTS, local_aws
from tests.support.builders import CONVERSATION
from tests.support.fakes.clock import START

CLOSURE = Closure("anna", closed_at=LATER, reason="A test call.", status_before="analyzed")


@dataclass(frozen=True)
class InterventionHarness:
    """A store, and the port under test."""

    store: Store
    interventions: Any


@pytest.fixture(params=["memory", "dynamodb"])
def desk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[InterventionHarness]:
    if request.param == "memory":
        store = in_memory()
        yield InterventionHarness(store, store.events)
        return
    with local_aws(monkeypatch) as aws:
        yield InterventionHarness(in_tables(aws), Interventions(clients.dynamodb(), EVENTS))


def test_what_was_abandoned_is_stalled_until_it_is_renewed_and_then_swept_from_the_beginning(
    desk: InterventionHarness,
) -> None:
    desk.store.analyzed()
    for stalled in (False, True):
        assert desk.store.pending.record_sweep(desk.store.now(), now=START, stalled=stalled)
    event = desk.store.now()
    assert (event.stalled, event.sweeps) == (True, 2)
    assert desk.interventions.renew(event, now=LATER)
    renewed = desk.store.now()
    assert (renewed.stalled, renewed.sweeps, renewed.pending_since) == (False, 0, LATER)
    assert desk.store.pending.abandoned(limit=5) == []
    assert desk.store.pending.pending_since(LATER.replace(minute=59), limit=5) == [CONVERSATION]


def test_a_new_order_is_swept_as_often_as_any_other(desk: InterventionHarness) -> None:
    event = desk.store.analyzed()
    for _ in range(5):
        desk.store.pending.record_sweep(desk.store.now(), now=START, stalled=False)
    assert desk.store.events.order_resend(event, order(), now=LATER)
    assert desk.store.now().sweeps == 0


def test_a_withdrawn_order_is_closed_and_an_event_under_way_stays_in_the_index(desk: InterventionHarness) -> None:
    event = desk.store.analyzed()
    assert not desk.interventions.withdraw(event, now=LATER)
    desk.store.events.order_resend(event, order(), now=LATER)
    assert desk.interventions.withdraw(desk.store.now(), now=LATER)
    after = desk.store.now()
    assert (after.status, after.open_order, after.pending_since) == (Status.ANALYZED, None, LATER)


def test_an_event_at_rest_leaves_the_index_with_its_withdrawn_order(desk: InterventionHarness) -> None:
    closed_call(desk)
    event = desk.store.now()
    assert event.pending_since is None
    assert desk.store.events.order_resend(event, order(), now=LATER)
    assert desk.interventions.withdraw(desk.store.now(), now=LATER)
    assert desk.store.now().pending_since is None
    assert desk.store.now().open_order is None


def test_a_closed_call_is_excluded_with_who_and_why_and_its_order_is_closed(desk: InterventionHarness) -> None:
    event = desk.store.analyzed()
    desk.store.events.order_resend(event, order(), now=LATER)
    assert desk.interventions.close(desk.store.now(), CLOSURE)
    after = desk.store.now()
    assert (after.status, after.closure, after.pending_since) == (Status.EXCLUDED, CLOSURE, None)
    assert after.open_order is None
    assert not desk.store.dispatches.claim(event, any_attempt(), lease_until=LATER)


def test_a_closed_call_stands_again_where_it_goes_on(desk: InterventionHarness) -> None:
    closed_call(desk)
    assert desk.interventions.renew(desk.store.now(), now=LATER)
    after = desk.store.now()
    assert (after.status, after.status_reason, after.pending_since) == (Status.ANALYZED, None, LATER)
    assert not desk.interventions.renew(replace(after, status=Status.EXCLUDED), now=LATER)


def test_a_closed_call_that_steps_back_meanwhile_stays_closed(desk: InterventionHarness) -> None:
    closed_call(desk)
    seen = desk.store.now()
    assert desk.store.events.supersede(seen, by="conv_2", now=LATER)
    assert not desk.interventions.renew(seen, now=LATER)
    assert desk.store.now().status is Status.EXCLUDED


@pytest.mark.parametrize("write", ["renew", "withdraw", "close"])
def test_nothing_is_written_on_an_event_that_has_moved(desk: InterventionHarness, write: str) -> None:
    desk.store.events.order_resend(desk.store.analyzed(), order(), now=LATER)
    seen = desk.store.now()
    assert desk.store.dispatches.claim(seen, any_attempt(order_id="o1"), lease_until=LATER)
    named = {} if write == "close" else {"now": LATER}
    arguments = (seen, CLOSURE) if write == "close" else (seen,)
    assert not getattr(desk.interventions, write)(*arguments, **named)
    assert desk.store.now().status is Status.SENDING
    assert desk.store.dispatches.attempts(CONVERSATION)[0].status is AttemptStatus.SENDING


def closed_call(desk: InterventionHarness) -> None:
    desk.store.analyzed()
    assert desk.interventions.close(desk.store.now(), CLOSURE)
