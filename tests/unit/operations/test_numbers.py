"""The numbers of the day add up, and say nothing where there is nothing."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from functions.operations.usecases.count import numbers
from postcall.aws.day_events import DayRow
from postcall.domain.status import Status
from tests.support.fakes.clock import START


def row(status: Status, hour: int = 10, seconds: float | None = None) -> DayRow:
    received = START.replace(hour=hour)
    return DayRow(status, received, None if seconds is None else received + timedelta(seconds=seconds))


def test_a_day_in_numbers() -> None:
    found = numbers(
        [
            row(Status.DELIVERED, seconds=4),
            row(Status.DELIVERED, seconds=6),
            row(Status.PARTIAL, 11, seconds=100),
            row(Status.REJECTED, 11),
            row(Status.UNKNOWN, 11),
            row(Status.RETRYING, 12),
            row(Status.EXCLUDED, 12),
        ]
    )
    assert {name: found[name] for name in ("received", "delivered", "waiting", "failed", "needs_person")} == {
        "received": 7,
        "delivered": 2,
        "waiting": 1,
        "failed": 1,
        "needs_person": 3,
    }
    assert found["median_seconds_to_lead"] == 6
    assert found["by_hour"][11] == {"hour": 11, "received": 3, "delivered": 0, "needs_person": 3}
    assert found["by_status"]["excluded"] == 1


def test_an_empty_day_has_no_median() -> None:
    found = numbers([])
    assert (found["received"], found["median_seconds_to_lead"]) == (0, None)
    assert len(found["by_hour"]) == 24


@given(st.lists(st.builds(row, st.sampled_from(Status), st.integers(0, 23), st.none() | st.floats(0, 10_000))))
def test_every_event_is_counted_once(rows: list[DayRow]) -> None:
    found = numbers(rows)
    assert sum(found["by_status"].values()) == sum(hour["received"] for hour in found["by_hour"]) == len(rows)
    assert found["delivered"] + found["waiting"] + found["needs_person"] <= found["received"]
