"""The table of both builds: how a row is judged, and that this build yields a row's figures."""

from __future__ import annotations

import pytest

from tools.verify.bench.builds import build_now
from tools.verify.bench.rows import ROWS, RUNS, Compared, Row
from tools.verify.bench.table import table

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


@pytest.mark.parametrize("name", ["units", "environment"])
def test_this_build_yields_the_figures_of_its_rows(name: str) -> None:
    found = [RUNS[name].figures(build_now(), short=True)]
    assert all(row.value(found) > 0 for row in ROWS if row.run == name)
