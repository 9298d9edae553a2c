"""The table's rows: which run of both builds yields a figure, and what is asked of it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tools.verify.bench.builds import Build, Figures

Of = Literal["ratio", "now"]


@dataclass(frozen=True)
class Run:
    """What is run in each build. `rounds`: how often each side takes its turn; a count needs one.

    One without `has_then` is this build's alone: it yields no row, and its own counts are held.
    """

    kind: Literal["record", "driver"]
    name: str
    usual: tuple[str, ...] = ()
    short: tuple[str, ...] = ()
    rounds: int = 1
    has_then: bool = True

    def figures(self, build: Build, *, short: bool) -> Figures:
        arguments = self.short if short else self.usual
        return (build.record if self.kind == "record" else build.driver)(self.name, arguments)


@dataclass(frozen=True)
class Row:
    """A figure, summed of `figures` by their dotted paths, and its target: of the ratio now to then, or of now."""

    name: str
    run: str
    figures: tuple[str, ...]
    limit: float
    of: Of = "now"
    at_least: bool = False

    def value(self, found: Sequence[Figures]) -> float:
        """The median of the rounds; no number where none of them told the figures."""
        complete = [figures for figures in found if all(_at(figures, path) is not None for path in self.figures)]
        if not complete:
            return math.nan
        return statistics.median(sum(_at(figures, path) or 0.0 for path in self.figures) for figures in complete)


@dataclass(frozen=True)
class Compared:
    """A row with both sides; one that could not be measured is no number, and meets nothing."""

    row: Row
    then: float
    now: float

    @property
    def ratio(self) -> float:
        return self.now / self.then

    @property
    def is_met(self) -> bool:
        value = self.ratio if self.row.of == "ratio" else self.now
        return value >= self.row.limit if self.row.at_least else value <= self.row.limit

    @property
    def target(self) -> str:
        return f"{'≥' if self.row.at_least else '≤'} {self.row.limit:g}{' ×' if self.row.of == 'ratio' else ''}"


def _at(figures: Figures, path: str) -> float | None:
    """The number at a dotted path; nothing where there is none, which must not end half an hour of measuring."""
    found: object = figures
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return float(found) if isinstance(found, int | float) else None


STEADY = ("--rate", "60", "--crm-seconds", "0", "--crm-rate", "0")  # more calls than either build takes at once
RUNS: dict[str, Run] = {
    "environment": Run("driver", "environment", ("40",), ("2",), rounds=3),
    "units": Run("driver", "units"),
    "requests": Run("record", "bench.requests", ("--events", "100"), ("--events", "2")),
    "dispatch": Run("record", "bench.dispatch", ("--rounds", "150"), ("--rounds", "1"), rounds=3),
    "cold_import": Run("record", "bench.cold_import", ("--rounds", "5"), ("--rounds", "1"), rounds=3),
    "warm_intake": Run("record", "bench.warm_intake", ("--rounds", "15"), ("--rounds", "1"), rounds=3),
    "lists": Run("record", "bench.lists", ("--events", "100000"), ("--events", "100000")),
    "load": Run(
        "record", "load", ("steady", *STEADY, "--seconds", "20"), ("steady", *STEADY, "--seconds", "1"), rounds=2
    ),
    "start": Run("driver", "start"),
    "suite": Run("driver", "suite"),
    "preparing": Run("record", "bench.preparing", ("--rounds", "7"), ("--rounds", "1"), has_then=False),
    "drain": Run("record", "bench.drain", ("--messages", "60"), ("--messages", "12"), has_then=False),
}
LONG = {"lists", "load", "start", "suite", "preparing", "drain"}  # minutes each: left out of the short table
_CALL = ("intake_new_20kb_requests", "analysis_20kb_requests", "dispatch_20kb_requests")
_FUNCTIONS = tuple(f"steady.whole_run_cpu_ms_per_event.{step}" for step in ("intake", "analysis", "dispatch"))
ROWS: tuple[Row, ...] = (
    Row(
        "analysis, drained a second by one environment",
        "environment",
        ("drained_per_second",),
        8,
        "ratio",
        at_least=True,
    ),
    Row("analysis, memory of that environment, MB", "environment", ("memory_mb",), 1.4, "ratio"),
    Row("analysis, billed ms a call, 10 waiting", "environment", ("billed_ms_a_call",), 0.15, "ratio"),
    Row("write units of a call of 26 KB", "units", ("write_units",), 38),
    Row("requests to AWS a call", "requests", _CALL, 9),
    Row("dispatch over one POST and two transactions", "dispatch", ("dispatch_times_baseline",), 1.15),
    *(
        Row(f"cold start of the naive, {step}", "cold_import", (f"{step}_with_clients_of_naive",), limit)
        for step, limit in (("intake", 0.45), ("dispatch", 0.5), ("analysis", 0.65))
    ),
    Row("warm intake over its floor, 60 KB", "warm_intake", ("handler_60kb_times_floor",), 1.5),
    Row("warm intake with botocore, 60 KB", "warm_intake", ("with_botocore_60kb_times_floor",), 2.8),
    Row("leads a second through the local stack", "load", ("steady.leads_per_second",), 2, "ratio", at_least=True),
    Row("our functions' processor ms a call there", "load", _FUNCTIONS, 0.6, "ratio"),
    Row("list of 25 at 100,000 events, bytes read", "lists", ("list_bytes_at_100000",), 1.2, "ratio"),
    Row("list of 25 at 100,000 events, requests", "lists", ("list_requests_at_100000",), 1),
    Row("make run, second start, s", "start", ("second_start_seconds",), 8),
    Row("make test, s", "suite", ("seconds",), 360),
)
