"""The part of docs/capacity.md that is made from the record of `make bench`: the bill, and when a partition is full.

Prices are list prices (Frankfurt, November 2026, without discounts and free tiers). What no bench can count is an
estimate, and named as one on the page.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

BEGIN: Final = "<!-- made by `make proof` from the record of `make bench` -->\n"
END: Final = "<!-- end of what is made -->\n"
CALLS_A_DAY: Final = (10, 10_000, 10_000_000)
DAYS: Final = 30
MILLION: Final = 1_000_000
WRITE_UNITS, GB_SECONDS, INVOCATIONS = 0.7625, 13.3334, 0.20  # dollars a million
GIGABYTES: Final = 0.5
# Estimates, in seconds: what Lambda bills of a call where nothing waits side by side; the model's answer is in it.
INTAKE_SECONDS, ANALYSIS_SECONDS, DISPATCH_SECONDS = 0.1, 6.0, 1.5
# Dollars a million calls: what neither build changes, from the table of one call.
THE_SAME: Final = {"the model": 650.0, "reads, logs, queues, API": 7.2, "a year's calls kept, with recovery": 80.0}
PARTITION_UNITS, TABLE_UNITS = 1000, 40_000  # a second; DynamoDB's own, and the table's quota
INDEXES: Final = ("pending", "by_day", "by_status")
EVENTS: Final = "webhook_events"
Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Side:
    """One build: the numbers of its runs, and what its analysis bills of a call against the build before."""

    units: Numbers
    analysis_share: float
    batch: float

    @property
    def writes(self) -> float:
        """Dollars a million calls."""
        return self.units["write_units"] * WRITE_UNITS

    @property
    def functions(self) -> float:
        """Dollars a million calls."""
        seconds = INTAKE_SECONDS + ANALYSIS_SECONDS * self.analysis_share + DISPATCH_SECONDS
        return seconds * GIGABYTES * GB_SECONDS + (2 + 1 / self.batch) * INVOCATIONS

    def full_at(self, index: str) -> float:
        """Calls a second at which one partition of an index of the events takes no more."""
        units = self.units.get(f"{EVENTS}/{index}_busiest_partition_units_a_call", 0)
        return PARTITION_UNITS / units if units else math.inf

    @property
    def table_full_at(self) -> float:
        """Calls a second at which the events' table or one of its indexes is at its quota."""
        most = max(units for name, units in self.units.items() if re.fullmatch(rf"{EVENTS}(/\w+)?_write_units", name))
        return TABLE_UNITS / most


def page(text: str, bench: Mapping[str, Any], at_rest: float) -> str:
    """The page with this part made anew. `bench` are the record's figures; `at_rest` is in dollars a month.

    Raises:
        ValueError: The page has no such part.
    """
    before, found, rest = text.partition(BEGIN)
    _, closed, after = rest.partition(END)
    if not (found and closed):
        raise ValueError("docs/capacity.md has no part that is made from the record.")
    then, now = _sides(bench)
    return f"{before}{BEGIN}\n{_bill(then, now, at_rest)}\n\n{_limits(then, now)}\n\n{END}{after}"


def at_rest(costs: Path) -> float:
    """What production costs a month without a call: the last sum of docs/costs.md, which is made from the templates.

    Raises:
        ValueError: The page tells no sum.
    """
    found = re.search(r"^\| \*\*together\*\* .*\*\*([\d.]+)\*\* \|$", costs.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise ValueError(f"{costs} tells no sum.")
    return float(found[1])


def _sides(bench: Mapping[str, Any]) -> tuple[Side, Side]:
    runs = bench["last_rounds"]
    billed = {row["name"]: row["ratio"] for row in bench["rows"]}["analysis, billed ms a call, 10 waiting"]
    of = {
        side: Side(runs["units"][side], share, runs["environment"][side]["messages_an_invocation"])
        for side, share in (("then", 1.0), ("now", billed))
    }
    return of["then"], of["now"]


def _bill(then: Side, now: Side, rest: float) -> str:
    volumes = [f"{calls:,}".replace(",", " ") for calls in CALLS_A_DAY]
    head = " | ".join(f"{volume}, {side}" for volume in volumes for side in ("before", "now"))
    lines = {
        "DynamoDB: write units": lambda side: side.writes,
        "Lambda": lambda side: side.functions,
        **{name: _always(dollars) for name, dollars in THE_SAME.items()},
    }
    rows = [
        "| "
        + " | ".join([name, *(_dollars(of(side) * _millions(calls)) for calls in CALLS_A_DAY for side in (then, now))])
        for name, of in lines.items()
    ]
    sums = [
        rest + sum(of(side) for of in lines.values()) * _millions(calls)
        for calls in CALLS_A_DAY
        for side in (then, now)
    ]
    return "\n".join(
        [
            f"| dollars a month, calls a day | {head} |",
            f"|---{'|---:' * len(sums)}|",
            *(f"{row} |" for row in rows),
            "| what stands there | " + " | ".join([_dollars(rest)] * len(sums)) + " |",
            "| **together** | " + " | ".join(f"**{_dollars(each)}**" for each in sums) + " |",
        ]
    )


def _calls(a_second: float) -> str:
    return "never: not written" if math.isinf(a_second) else f"{a_second:.0f}"


def _limits(then: Side, now: Side) -> str:
    rows = [
        (
            f"the busiest partition of `{index}`, {PARTITION_UNITS} write units a second",
            then.full_at(index),
            now.full_at(index),
        )
        for index in INDEXES
    ]
    rows += [
        (
            f"the events' table or an index, {TABLE_UNITS} a second",
            then.table_full_at,
            now.table_full_at,
        )
    ]
    return "\n".join(
        [
            "| full at, calls a second | before | now |",
            "|---|---:|---:|",
            *(f"| {name} | {_calls(before)} | {_calls(after)} |" for name, before, after in rows),
        ]
    )


def _always(dollars: float) -> Callable[[Side], float]:
    return lambda _side: dollars


def _millions(calls_a_day: int) -> float:
    return calls_a_day * DAYS / MILLION


def _dollars(value: float) -> str:
    return f"{value:.2f}" if value < 100 else f"{value:,.0f}".replace(",", " ")  # noqa: PLR2004 — cents tell nothing there
