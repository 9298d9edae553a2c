"""Whose days they are: one zone for the ledger, the numbers, the lists, the console and the command line."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from postcall.domain.zone import DEFAULT_ZONE, bounds, midnight, operators_zone
from tools.local.paths import ROOT


def test_a_day_of_minsk_begins_three_hours_before_that_of_utc() -> None:
    assert midnight(date(2026, 11, 24), operators_zone()) == datetime(2026, 11, 23, 21, tzinfo=UTC)


def test_a_days_begin_is_told_in_utc_wherever_the_machine_stands() -> None:
    assert midnight(date(2026, 11, 24), operators_zone()).tzinfo is UTC


def test_a_day_on_which_the_clock_is_changed_is_as_long_as_it_is() -> None:
    begin, end = bounds(date(2026, 10, 25), ZoneInfo("Europe/Warsaw"))
    assert end - begin == timedelta(hours=25)


def test_the_console_takes_the_same_zone_unless_told_otherwise() -> None:
    script = (ROOT / "functions/operations/console/words.js").read_text(encoding="utf-8")
    assert f'localStorage.getItem(KEPT_ZONE) ?? "{DEFAULT_ZONE}"' in script
