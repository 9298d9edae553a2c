"""The numbers of some days add up, are the operator's days, and say nothing where there is nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from functions.operations.usecases.count import PLACES, numbers
from postcall.aws.day_events import DayRow
from postcall.domain.status import Status
from tests.support.fakes.clock import START

TODAY = START.date()


def row(status: Status, hour: int = 10, seconds: float | None = None, **members: str | None) -> DayRow:
    received = START.replace(hour=hour)
    return DayRow(status, received, None if seconds is None else received + timedelta(seconds=seconds), **members)


def of_today(rows: list[DayRow]) -> dict[str, Any]:
    return numbers(rows, days=[TODAY], zone=UTC)


def test_a_day_in_numbers() -> None:
    found = of_today(
        [
            row(Status.DELIVERED, seconds=4),
            row(Status.DELIVERED, seconds=6),
            row(Status.PARTIAL, 11, seconds=100),
            row(Status.REJECTED, 11),
            row(Status.UNKNOWN, 11),
            row(Status.RETRYING, 12),
            row(Status.EXCLUDED, 12),
            row(Status.DRY_RUN, 12),
        ]
    )
    sums = {"received": 8, "delivered": 2, "waiting": 1, "needs_person": 3, "not_sent": 1, "excluded": 1}
    assert {name: found[name] for name in sums} == sums
    assert found["median_seconds_to_lead"] == 6
    assert found["by_hour"][11]["received"] == found["by_hour"][11]["needs_person"] == 3
    assert found["by_day"] == [{"day": TODAY.isoformat()} | sums]
    assert found["by_status"]["excluded"] == 1


def test_an_empty_day_has_no_median() -> None:
    found = of_today([])
    assert (found["received"], found["median_seconds_to_lead"]) == (0, None)
    assert len(found["by_hour"]) == 24


def test_a_late_evening_is_the_next_day_in_minsk() -> None:
    late = DayRow(Status.DELIVERED, datetime(2026, 11, 23, 21, 30, tzinfo=UTC))
    found = numbers([late], days=[date(2026, 11, 23), date(2026, 11, 24)], zone=ZoneInfo("Europe/Minsk"))
    assert [day["received"] for day in found["by_day"]] == [0, 1]
    assert found["by_hour"][0]["received"] == 1


def test_agents_and_topics_are_listed_the_busiest_first() -> None:
    sales = [
        row(status, agent_id="A1", agent_name="Продажи", topic="sale") for status in (Status.REJECTED, Status.DELIVERED)
    ]
    found = of_today([row(Status.DELIVERED), *sales])
    agents = [(each["agent_id"], each["agent_name"], each["received"]) for each in found["by_agent"]]
    assert agents == [("A1", "Продажи", 2), (None, None, 1)]
    assert [(each["topic"], each["needs_person"]) for each in found["by_topic"]] == [("sale", 1), (None, 0)]


@given(st.lists(st.builds(row, st.sampled_from(Status), st.integers(0, 23), st.none() | st.floats(0, 10_000))))
def test_every_event_is_counted_once_in_every_sum(rows: list[DayRow]) -> None:
    found = of_today(rows)
    assert sum(found["by_status"].values()) == len(rows)
    for part in ("by_hour", "by_day", "by_agent", "by_topic"):
        assert sum(each["received"] for each in found[part]) == len(rows)
    for each in (found, *found["by_hour"], *found["by_day"], *found["by_agent"], *found["by_topic"]):
        assert each["received"] == sum(each[place] for place in PLACES)
