"""An address that somebody has typed by hand, or that a letter has cut, breaks no page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.console.browser import Console

pytestmark = [pytest.mark.e2e, pytest.mark.long]


@pytest.mark.parametrize("name", ["constructor", "toString", "__proto__", "nothing", "?", "call"])
def test_a_page_that_is_none_breaks_nothing(console: Console, name: str) -> None:
    console.go("queues")
    console.go(name)
    expect(console.page.get_by_role("heading", level=1)).to_be_focused()


@pytest.mark.parametrize("span", ["toString", "constructor", "year"])
def test_a_span_that_is_none_is_a_day(console: Console, span: str) -> None:
    console.go(f"numbers?span={span}")
    expect(console.page.get_by_role("link", name=console.says("numbers.span.day"))).to_have_attribute(
        "aria-current", "page"
    )
