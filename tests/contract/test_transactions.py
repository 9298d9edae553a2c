"""What a transaction does that meets another one: it is tried again, and never taken for a condition that failed."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from postcall.aws.transaction import commit
from postcall.domain.errors import Unavailable


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


def committed(client: Any) -> bool:
    return commit(client, [{}], what="record.event")


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
