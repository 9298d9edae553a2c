"""What a transaction does that meets another one: it is tried again, and never taken for a condition that failed."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from postcall.aws import clients
from postcall.aws.transaction import Step, absent, commit, put, update_if
from postcall.domain.errors import Unavailable
from tests.contract.stored import items
from tests.support.aws import DISPATCHES, EVENTS


class Contended:
    """A client whose first transactions are cancelled with these codes."""

    def __init__(self, *cancelled: str) -> None:
        self._cancelled = list(cancelled)
        self.tries = 0

    def transact_write_items(self, **_: Any) -> None:
        self.tries += 1
        if self._cancelled:
            code = self._cancelled.pop(0)
            answer: Any = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": [{"Code": code}]}
            raise ClientError(answer, "TransactWriteItems")


def committed(client: Any, steps: list[Step] | None = None) -> bool:
    return commit(client, steps or [{}], what="record.event")


def test_it_is_tried_again_and_done() -> None:
    client = Contended("TransactionConflict", "TransactionConflict")
    assert committed(client)
    assert client.tries == 3


def test_a_condition_that_fails_after_a_conflict_is_the_answer() -> None:
    assert not committed(Contended("TransactionConflict", "ConditionalCheckFailed"))


def test_what_meets_others_again_and_again_can_be_done_later() -> None:
    client = Contended(*["TransactionConflict"] * 9)
    with pytest.raises(Unavailable, match="TransactionCanceled"):
        committed(client)
    assert client.tries == 3


@pytest.mark.parametrize("code", ["ThrottlingError", "ProvisionedThroughputExceeded"])
def test_nothing_else_is_tried_again_at_once(code: str) -> None:
    client = Contended(code)
    with pytest.raises(Unavailable):
        committed(client)
    assert client.tries == 1


@pytest.mark.usefixtures("aws")
def test_of_a_transaction_that_is_refused_nothing_is_left() -> None:
    """Moto copies less in the tests than it does by itself: that must show in nothing."""
    database = clients.dynamodb()
    changed, attempt, deleted, other = {"event_id": "c1"}, {"event_id": "c1", "attempt": 1}, {"event_id": "c3"}, "c4"
    before = [
        put(EVENTS, changed | {"held": {"words": ["one"]}, "status": "received"}),
        put(DISPATCHES, attempt | {"tries": 1, "status": "sending"}),
        put(EVENTS, deleted),
        put(EVENTS, {"event_id": other}),
    ]
    assert committed(database, before)
    stood = (items(EVENTS), items(DISPATCHES))
    there, word = "attribute_exists(event_id)", {":word": "two"}
    steps = [
        update_if(EVENTS, changed, "SET held.words[1] = :word, #status = :word", there, word),
        update_if(DISPATCHES, attempt, "SET #status = :word ADD tries :many", there, word | {":many": 1}),
        put(EVENTS, {"event_id": "c2"}),
        {"Delete": {"TableName": EVENTS, "Key": {"event_id": {"S": deleted["event_id"]}}}},
        absent(EVENTS, {"event_id": other}),
    ]
    assert not committed(database, steps)
    assert (items(EVENTS), items(DISPATCHES)) == stood
    assert committed(database, steps[:-1])
    events, dispatches = items(EVENTS), items(DISPATCHES)
    assert set(events) == {"c1", "c2", other}
    assert events["c1"]["held"]["M"]["words"]["L"] == [{"S": "one"}, {"S": "two"}]
    assert dispatches["c1"]["tries"] == {"N": "2"}
