"""What a flood costs in AWS: the record's counts times list prices. `python -m tools.verify.flood.bill` writes it into
docs/capacity.md (`make docs`).

Prices are those of eu-central-1 in dollars, of AWS's public pages in 2026-11. What only a real account shows is an
estimate here, and is said to be one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from infra.environments import load
from tools.verify.flood.figures import WRITES_A_POST
from tools.verify.report.record import ROOT, RUNS_FOLDER
from tools.verify.report.records import read_record

PAGE: Final = ROOT / "docs" / "capacity.md"
BEGIN, END = "<!-- flood -->\n", "<!-- end of flood -->\n"
MILLION, GB, SECONDS_A_DAY = 10**6, 10**9, 86_400
API_REQUEST: Final = 1.20 / MILLION
INVOCATION: Final = 0.20 / MILLION
GB_SECOND: Final = 0.0000133334
LOG_BYTE: Final = 0.63 / GB
WRITE_UNIT: Final = 0.7625 / MILLION
# Estimates.
ACCESS_LINE_BYTES: Final = 330  # of the API's own log
PLATFORM_BYTES: Final = 700  # Lambda's own lines of an invocation
UNITS_A_WRITE: Final = 3  # an entry with its body takes six, its index one each
A_PROCESSOR_MB: Final = 1_769  # so much memory brings a whole processor
RATE_BEFORE: Final = 50  # posts a second, until the throttle was lowered


def of_a_post(figures: Mapping[str, Any], memory_mb: int) -> dict[str, float]:
    """Dollars of one forged post, by what is billed."""
    seconds = figures["intake_cpu_ms_a_forged_post"] / 1_000 * A_PROCESSOR_MB / memory_mb
    return {
        "the API's requests (l)": API_REQUEST,
        "Lambda's requests (l)": INVOCATION,
        "Lambda's time (l × m × e)": seconds * memory_mb / 1_024 * GB_SECOND,
        "logs: ours (m), the API's and Lambda's (e)": LOG_BYTE
        * (figures["log_bytes_a_forged_post"] + ACCESS_LINE_BYTES + PLATFORM_BYTES),
        "DynamoDB's writes (l × m × e)": figures["writes_a_forged_post"] * UNITS_A_WRITE * WRITE_UNIT,
    }


def section(figures: Mapping[str, Any]) -> str:
    """The table for the page."""
    prod = load("prod")
    rate, each = prod.api.webhook_requests_per_second, of_a_post(figures, prod.functions["intake"].memory_mb)
    rows = [*each.items(), ("**together**", sum(each.values()))]
    body = [
        f"| {what} | {MILLION * dollars:.2f} | {_day(dollars, rate):.2f} | {_day(dollars, RATE_BEFORE):.2f} |"
        for what, dollars in rows
    ]
    head = f"| dollars | a million forged posts | a day at {rate} a second | a day at {RATE_BEFORE}, as before |"
    return "\n".join([head, "|---|---|---|---|", *body, "", _bounded(figures)]) + "\n"


def _bounded(figures: Mapping[str, Any]) -> str:
    """That writes are bounded by the minute, with the rate from which on they are next to nothing a post."""
    a_minute, rate = figures["writes_a_minute_of_flood"], figures["target_met_from_posts_a_second"]
    return (
        f"Writes are bounded by the minute, not by the post: {a_minute} a minute in the run (m). "
        f"So from {rate} posts a second on each writes at most {WRITES_A_POST} times."
    )


def page(text: str, figures: Mapping[str, Any]) -> str:
    """The page with the table in its place."""
    before, _, rest = text.partition(BEGIN)
    return before + BEGIN + section(figures) + END + rest.partition(END)[2]


def _day(dollars: float, rate: float) -> float:
    return dollars * rate * SECONDS_A_DAY


def main() -> None:
    """Write the page."""
    found = read_record(RUNS_FOLDER / "flood.json").figures
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")


if __name__ == "__main__":
    main()
