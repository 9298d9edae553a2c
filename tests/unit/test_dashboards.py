"""The console beside other dashboards in docs/console.md: no cell is empty, each promise names a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/console.md").read_text(encoding="utf-8")
CHAPTER = TEXT.split("## Beside other dashboards")[1].split("\n## ")[0]
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in CHAPTER.splitlines() if line.startswith("|")]
HEADS, BODY = ROWS[0], ROWS[2:]
ASKED = {
    "a live list",
    "filters in the address",
    "saved views",
    "ranges of time",
    "acts on many",
    "groups by cause",
} | {
    "export",
    "copy",
    "attempts compared",
    "keys",
    "links out",
}


def test_each_thing_is_compared_with_each_product_and_no_cell_is_empty() -> None:
    assert HEADS == ["what", "Stripe", "Svix", "Hookdeck", "Sentry", "here", "held by"]
    assert {row[0] for row in BODY} >= ASKED
    assert all(len(row) == len(HEADS) and all(row) for row in BODY)


def test_what_is_not_documented_names_the_pages_that_were_read() -> None:
    read = set(re.findall(r"\[([SVHY]\d)\]\(https://", CHAPTER))
    for row in BODY:
        for cell in row[1:5]:
            assert "documented" not in cell or re.search(r"\(([SVHY]\d(, )?)+\)", cell), cell
            assert set(re.findall(r"[SVHY]\d", cell)) <= read


def test_each_promise_is_held_by_a_test_that_is_there() -> None:
    for row in BODY:
        (module, test) = re.fullmatch(r"`(test_\w+\.py)::(test_\w+)`", row[-1]).groups()  # type: ignore[union-attr]
        assert f"def {test}(" in (ROOT / "tests/e2e/console" / module).read_text(encoding="utf-8"), test
