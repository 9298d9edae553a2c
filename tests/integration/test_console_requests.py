"""What the console asks of AWS for its pages: a bounded number of reads, stated in docs/console.md."""

from __future__ import annotations

import re

import pytest

from tools.local.paths import ROOT
from tools.verify.bench.console import MOST_SECONDS, QUESTIONS, costs

FEW, MANY = 60, 300
STATED = {"list": "a list", "filtered_list": "a filtered one", "search_name": "a search"} | {
    "groups": "the groups",
    "numbers_of_a_month": "the numbers of a month",
}


@pytest.mark.parametrize("events", [FEW, pytest.param(MANY, marks=pytest.mark.long)])
def test_a_page_of_the_console_asks_for_a_bounded_number_of_reads(events: int) -> None:
    for name, cost in costs(events, rounds=1).items():
        assert 0 < cost.requests <= QUESTIONS[name].most_requests, name


@pytest.mark.parametrize("name", STATED)
def test_the_page_about_the_console_states_the_bounds(name: str) -> None:
    stated = " ".join((ROOT / "docs/console.md").read_text(encoding="utf-8").split())
    said = " ".join(STATED[name].split())
    assert re.search(rf"{said}\b[^,;.:]* {QUESTIONS[name].most_requests}\b", stated), (said, stated)
    assert f"at most {MOST_SECONDS} s" in stated
