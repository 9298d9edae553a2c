"""The table of both builds: how a row is judged, and that this build yields a row's figures."""

from __future__ import annotations

import pytest

from tools.verify.bench.builds import Figures, build_now
from tools.verify.bench.rows import LONG, ROWS, RUNS, Compared, Row
from tools.verify.bench.table import counts_missed, numbers, table

FASTER = Row("rate", "load", ("rate",), 2, "ratio", at_least=True)
SMALLER = Row("units", "units", ("units.table", "units.index"), 38)


@pytest.mark.parametrize(
    ("compared", "is_met"),
    [
        (Compared(FASTER, 10.0, 20.0), True),
        (Compared(FASTER, 10.0, 19.9), False),
        (Compared(SMALLER, 77.0, 38.0), True),
        (Compared(SMALLER, 77.0, 39.0), False),
    ],
)
def test_a_target_is_of_the_ratio_or_of_today(compared: Compared, *, is_met: bool) -> None:
    assert table([compared]).endswith("  met") is is_met


def test_a_row_is_the_median_of_its_rounds_summed_over_its_figures() -> None:
    rounds = [{"units": {"table": table_units, "index": 1}} for table_units in (5, 90, 6)]
    assert SMALLER.value(rounds) == 7.0


@pytest.mark.parametrize("rounds", [[], [{"another": 1.0}], [{"rate": {"inner": 1.0}}]])
def test_a_row_without_a_figure_is_not_met(rounds: list[Figures]) -> None:
    compared = Compared(FASTER, FASTER.value(rounds), 20.0)
    assert table([compared]).endswith("NOT MET")


def test_a_count_that_this_build_misses_is_told_by_its_run() -> None:
    found = {"requests": {"then": [{"counts_missed": ["old"]}], "now": [{"counts_missed": ["more"]}]}}
    assert counts_missed(found) == ["requests: more"]


def test_the_record_keeps_the_numbers_of_a_run_and_no_series() -> None:
    assert numbers({"steady": {"leads": 3, "series": [1, 2]}, "command": "x"}) == {"steady.leads": 3}


def test_each_row_names_a_run_of_both_builds() -> None:
    assert all(RUNS[row.run].has_then for row in ROWS)


@pytest.mark.long  # in short: what a call costs, in test_units.py
@pytest.mark.parametrize("run", sorted(set(RUNS) - LONG))
def test_this_build_yields_the_figures_of_its_rows(run: str) -> None:
    found = [RUNS[run].figures(build_now(), short=True)]
    assert all(row.value(found) > 0 for row in ROWS if row.run == run)
