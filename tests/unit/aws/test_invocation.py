"""However slow the store, its calls end within the invocation, and no lead is claimed that has no time to be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ReadTimeoutError

from infra.environments import load
from postcall.aws import clients
from postcall.aws import invocation as bounds
from postcall.aws.clients import CONNECT_SECONDS, READ_SECONDS
from postcall.aws.invocation import OutOfTime, bounded, invocation, require_time
from postcall.domain.errors import Unavailable
from tests.support.aws import EVENTS


class Slow:
    """A clock, and a store that keeps every try until the try's own limit. It stands in for botocore's sessions."""

    def __init__(self, seconds: float) -> None:
        self.now, self.ends, self.tries = 0.0, seconds, list[float]()

    def get_remaining_time_in_millis(self) -> float:
        return 1000 * (self.ends - self.now)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def session(self, connect: float, read: float) -> Any:
        def send(_request: object) -> None:
            self.tries.append(connect + read)
            self.now += connect + read
            raise ReadTimeoutError(endpoint_url="store")

        return SimpleNamespace(send=send)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[float], Slow]]:
    def within(seconds: float) -> Slow:
        store = Slow(seconds)
        monkeypatch.setattr(clients, "Connections", lambda _url, *, connect, read, **_: store.session(connect, read))
        monkeypatch.setattr(bounds, "_session", store.session)
        monkeypatch.setattr("time.sleep", store.sleep)
        return store

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "invented")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    clients.forget()
    yield within
    clients.forget()


def ask(calls: int) -> None:
    for _ in range(calls):
        with pytest.raises(BotoCoreError):
            clients.dynamodb().get_item(TableName=EVENTS, Key={"event_id": {"S": "conv_1"}})


@pytest.mark.parametrize("step", ["intake", "analysis", "dispatch", "operations", "reconciliation"])
def test_all_calls_of_a_function_end_before_lambda_ends_it(step: Any, slow: Any) -> None:
    seconds = load("prod").functions[step].timeout_seconds
    store = slow(seconds)
    with invocation(store):
        ask(100)
    assert store.now < seconds
    assert max(store.tries) <= CONNECT_SECONDS + READ_SECONDS


def test_with_little_time_left_a_try_gets_what_there_is_and_with_none_it_does_not_begin(slow: Any) -> None:
    store = slow(bounds.SECONDS_TO_END + 2)
    with invocation(store):
        ask(1)
        assert store.tries[0] == pytest.approx(2)
        with pytest.raises(OutOfTime):
            clients.dynamodb().get_item(TableName=EVENTS, Key={"event_id": {"S": "conv_1"}})


def test_without_a_context_nothing_is_bounded(slow: Any) -> None:
    store = slow(1)
    bounded(lambda _event, _context: ask(1))({}, None)
    assert store.now > 1


def test_a_request_to_somebody_else_needs_its_own_time_and_half_of_the_rest() -> None:
    left = 60_000
    context = SimpleNamespace(get_remaining_time_in_millis=lambda: left)
    require_time(30)
    with invocation(context):
        require_time(30)
        left = 45_000
        require_time(30)
        left = 44_000
        with pytest.raises(Unavailable, match="slow"):
            require_time(30)
