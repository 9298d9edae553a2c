"""The numbers: tiles that add up, axes that can be read at every width, the operator's days, agents and topics."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from playwright.sync_api import Browser, expect

from postcall.domain.zone import operators_zone
from tests.e2e.conftest import Stack
from tests.e2e.console.browser import Console, window
from tests.e2e.console.test_console import delivered, rejected
from tests.e2e.console.walk import BEYOND

pytestmark = pytest.mark.e2e

READABLE_PX = 9.5
PARTS = ("delivered", "waiting", "needs_person", "not_sent", "excluded")
# Letters too small to read, as they are on the screen.
LETTERS = """Math.min(...[...document.querySelectorAll("svg.chart text")].filter((each) => each.textContent)
  .map((each) => [each, each.ownerSVGElement])
  .map(([each, svg]) => parseFloat(getComputedStyle(each).fontSize)
    * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width))"""
OVERLAPPING = """[...document.querySelectorAll("svg.chart g text")].filter((each) => each.textContent)
  .map((each) => each.getBoundingClientRect()).filter((box, n, all) => n > 0 && box.left < all[n - 1].right).length"""


def figure(console: Console, name: str) -> int:
    shown = console.page.locator(f"li.tile[data-name={name}] b").inner_text()
    return int("".join(sign for sign in shown if sign.isdigit()))


def test_the_tiles_add_up_to_what_came_in_and_lead_to_the_agent_s_calls(console: Console) -> None:
    agent = f"agent_{uuid.uuid4().hex[:12]}"
    fine, refused = delivered(console.stack, agent_id=agent), rejected(console.stack)
    for span in ("Неделя", "Месяц", "День"):
        console.go("numbers")
        console.page.get_by_role("link", name=span, exact=True).click()
        expect(console.page.get_by_role("link", name=span, exact=True)).to_have_attribute("aria-current", "page")
        expect(console.page.locator(".loading")).to_have_count(0)
        assert figure(console, "received") == sum(figure(console, part) for part in PARTS) >= 2
    row = console.page.get_by_role("region", name="По агентам").get_by_role("row").filter(has_text=agent)
    expect(row.get_by_role("cell").first).to_have_text("1")
    row.get_by_role("link", name=agent).click()
    expect(console.page.get_by_role("row").filter(has_text=fine)).to_be_visible()
    expect(console.page.get_by_role("row").filter(has_text=refused)).to_have_count(0)


@pytest.mark.long
def test_a_status_leads_to_its_calls_of_these_days(console: Console) -> None:
    refused = rejected(console.stack)
    console.go("numbers?span=week")
    console.page.get_by_role("region", name="По статусам").get_by_role("link", name="Отклонён").click()
    expect(console.page.get_by_role("row").filter(has_text=refused)).to_be_visible()
    assert "status=rejected" in console.page.url
    assert "from=" in console.page.url


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 820, 1440])
def test_axes_can_be_read_and_no_bar_is_over_its_edge(browser: Browser, stack: Stack, width: int, scheme: str) -> None:
    delivered(stack)
    console = window(browser, stack, viewport={"width": width, "height": 900}, color_scheme=scheme)
    console.enter()
    for span in ("day", "week", "month"):
        console.go(f"numbers?span={span}")
        expect(console.page.locator("svg.chart")).to_have_count(1)
        assert console.page.evaluate(BEYOND) == 0
        assert console.page.evaluate(LETTERS) >= READABLE_PX
        assert console.page.evaluate(OVERLAPPING) == 0
        assert console.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        assert console.serious_faults() == []
    console.page.context.close()
    assert console.faults == []


@pytest.mark.long
def test_the_days_are_the_operator_s_and_the_words_english(console: Console) -> None:
    delivered(console.stack)
    console.page.evaluate("localStorage.setItem('postcall.zone', 'Pacific/Kiritimati')")
    console.press("English")
    with console.page.expect_request("**/api/numbers*") as asked:
        console.go("numbers?span=month")
    assert "zone=Pacific%2FKiritimati" in asked.value.url
    expect(console.page.get_by_text("Received is the sum")).to_be_visible()
    shown = console.page.locator("main .tile-name, main h2, main .legend, main thead th").all_inner_texts()
    assert not [letter for letter in " ".join(shown).casefold() if "а" <= letter <= "я"]


@pytest.mark.long
def test_the_reconciliation_says_whose_day_it_is_where_it_is_not_the_operator_s(console: Console) -> None:
    day = datetime.now(operators_zone()).date().isoformat()
    made = console.stack.call_api("POST", f"/api/ledger/{day}")
    assert (made.status_code, made.json()["zone"]) == (200, "Europe/Minsk")
    console.go(f"numbers?day={day}")
    expect(console.page.get_by_text("Сделана:")).to_be_visible()
    expect(console.page.get_by_text("Сутки сверки")).to_have_count(0)
    console.page.evaluate("localStorage.setItem('postcall.zone', 'Pacific/Kiritimati')")
    console.page.reload()
    expect(console.page.get_by_text("Сутки сверки — по времени Europe/Minsk")).to_be_visible()
