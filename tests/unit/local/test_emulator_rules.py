"""The rules the emulator applies in AWS's place."""

from __future__ import annotations

import pytest

from tools.local.emulator.batch_response import is_readable
from tools.local.emulator.throttle import Throttle

IDS = frozenset({"one", "two"})


@pytest.mark.parametrize(
    "response",
    [
        None,
        {},
        {"batchItemFailures": None},
        {"batchItemFailures": []},
        {"batchItemFailures": [{"itemIdentifier": "one"}]},
        {"batchItemFailures": [{"itemIdentifier": "one"}, {"itemIdentifier": "two"}]},
    ],
)
def test_a_list_of_the_batch_s_own_failures_is_read(response: object) -> None:
    assert is_readable(response, IDS)


@pytest.mark.parametrize(
    "response",
    [
        "done",
        "",
        [],
        True,
        {"batchItemFailures": "none"},
        {"batchItemFailures": {}},
        {"batchItemFailures": ["one"]},
        {"batchItemFailures": [{"itemIdentifier": ""}]},
        {"batchItemFailures": [{"itemIdentifier": None}]},
        {"batchItemFailures": [{"messageId": "one"}]},
        {"batchItemFailures": [{"itemIdentifier": "one"}, {"itemIdentifier": "of another batch"}]},
    ],
)
def test_anything_else_fails_the_whole_batch(response: object) -> None:
    assert not is_readable(response, IDS)


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_stage_takes_its_burst_at_once_and_then_its_rate() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    stage = {"defaultRouteSettings": {"ThrottlingBurstLimit": 3, "ThrottlingRateLimit": 2}}
    assert [throttle.admits("api", stage) for _ in range(4)] == [True, True, True, False]
    clock.now += 0.5
    assert [throttle.admits("api", stage) for _ in range(2)] == [True, False]
    clock.now += 60
    assert [throttle.admits("api", stage) for _ in range(4)] == [True, True, True, False]


def test_a_stage_without_limits_takes_everything() -> None:
    throttle = Throttle(Clock())
    assert all(throttle.admits("api", {"defaultRouteSettings": {}}) for _ in range(1000))
