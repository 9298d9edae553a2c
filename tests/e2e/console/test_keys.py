"""Keys are never lost: whoever types, chooses or steps while a page comes goes on where they were."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Stack
from tests.e2e.console.browser import Console, window
from tests.e2e.console.test_console import delivered

pytestmark = [pytest.mark.e2e, pytest.mark.long]

LIST = re.compile(r"/api/events(\?|$)")
# Before the browser tells the page of its new address.
SEARCHED_AND_PRESSED = """words => {
  const field = document.getElementById("search");
  field.value = words;
  field.form.requestSubmit();
  document.querySelector("h1").focus();
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true, cancelable: true }));
}"""
TYPED = """text => {
  const field = document.activeElement;
  field.value = text;
  field.setSelectionRange(2, 4);
}"""

# What has the focus and is hidden, by its size or by what lies over it: its text.
SEEN = """() => {
  const focused = document.activeElement, box = focused.getBoundingClientRect();
  const within = (at, most) => Math.min(Math.max(at, 1), most - 2);
  const [x, y] = [within(box.left + box.width / 2, innerWidth), within(box.top + box.height / 2, innerHeight)];
  const top = document.elementFromPoint(x, y);
  const isSeen = box.height > 1 && (focused.contains(top) || top.contains(focused));
  return isSeen ? "" : focused.ariaLabel || focused.textContent;
}"""


def test_keys_do_not_wait_for_the_page_that_was_asked_for(console: Console) -> None:
    console.search("first")
    expect(console.page.get_by_text("Ничего не нашлось")).to_be_visible()
    console.page.evaluate(SEARCHED_AND_PRESSED, "second")
    expect(console.page).to_have_url(re.compile("q=second$"))
    expect(console.page.get_by_label("Найти звонок")).to_be_focused()
    console.page.keyboard.type("third")
    console.page.keyboard.press("Enter")
    expect(console.page).to_have_url(re.compile("q=third$"))
    expect(console.page.get_by_role("heading", name="Звонки", exact=True)).to_be_focused()


def test_what_is_typed_while_a_page_comes_stays(console: Console) -> None:
    console.page.evaluate(f"() => {{ ({SEARCHED_AND_PRESSED})('second'); ({TYPED})('typed'); }}")
    expect(console.page.get_by_text("Ничего не нашлось")).to_be_visible()
    expect(console.page.get_by_label("Найти звонок")).to_have_value("typed")
    console.page.keyboard.type("XY")
    expect(console.page.get_by_label("Найти звонок")).to_have_value("tyXYd")


def test_the_button_of_the_language_keeps_the_focus(console: Console) -> None:
    console.page.get_by_role("button", name="English").press("Enter")
    expect(console.page.get_by_role("button", name="Русский")).to_be_focused()


def test_a_filter_is_changed_by_keys_alone(console: Console) -> None:
    status = console.page.get_by_label("Статус")
    status.focus()
    for nth in (1, 2):
        console.page.keyboard.press("ArrowDown")
        expect(console.page).to_have_url(re.compile("status="))
        expect(status).to_be_focused()
        expect(status).to_have_value(status.locator("option").nth(nth).get_attribute("value") or "")


def test_a_day_is_typed_by_keys_alone(console: Console) -> None:
    console.page.get_by_label("С", exact=True).focus()
    console.page.keyboard.type("11/11/2026", delay=50)
    expect(console.page).to_have_url(re.compile("calls\\?from=2026-11-11$"))
    expect(console.page.get_by_label("С", exact=True)).to_be_focused()


def test_a_day_that_is_none_asks_for_nothing(console: Console) -> None:
    event_id = delivered(console.stack)
    for day in ("2026-13-01", "2026-02-31", "11202-02-08", "0001-02-08", "2000-01-01", "9999-12-31", "yesterday"):
        console.go(f"numbers?day={day}")
        expect(console.page.get_by_label(console.says("numbers.day"))).to_have_value(re.compile(r"^20\d\d-\d\d-\d\d$"))
        console.go(f"calls?from={day}&to={day}")
        expect(console.page.get_by_label("С", exact=True)).to_have_value("")
        expect(console.page.get_by_role("row").filter(has_text=event_id)).to_be_visible()


def test_days_are_stepped_through_by_keys_alone(console: Console) -> None:
    console.go("numbers?day=2026-11-28&span=day")
    before = console.page.get_by_role("button", name=console.says("numbers.before"))
    before.focus()
    for day in (27, 26):
        console.page.keyboard.press("Enter")
        expect(console.page).to_have_url(re.compile(f"day=2026-11-{day}"))
        expect(before).to_be_focused()


def test_what_was_pressed_and_is_gone_leaves_the_focus_in_its_place(console: Console) -> None:
    console.page.route(LIST, lambda route: route.abort())
    console.page.get_by_role("button", name=console.says("refresh")).press("Enter")
    again = console.page.get_by_role("button", name=console.says("error.again"))
    again.press("Enter")
    expect(again).to_be_visible()
    expect(console.page.locator(".list")).to_be_focused()
    console.stack.webhook(b"{}")
    console.go("quarantine")
    console.page.get_by_role("button", name=console.says("quarantine.discard")).first.press("Enter")
    console.page.keyboard.type("A test.")
    console.dialog.get_by_role("button", name=console.says("discard.do")).press("Enter")
    console.report(console.says("discard.done"))
    expect(console.page.locator("main :focus")).to_have_count(1)


def test_a_runbook_begins_with_its_heading(console: Console) -> None:
    console.go("queues")
    console.page.get_by_role("main").get_by_role("link", name=console.says("runbook.open")).first.press("Enter")
    expect(console.page.get_by_role("article").get_by_role("heading", level=1)).to_be_focused()


def test_a_call_is_refreshed_again_and_again_by_keys_alone(console: Console) -> None:
    console.call(delivered(console.stack))
    again = console.page.get_by_role("button", name=console.says("refresh"))
    again.focus()
    for _ in range(2):
        with console.page.expect_response("**/api/events/*"):
            console.page.keyboard.press("Enter")
        expect(again).to_be_enabled()
        expect(again).to_be_focused()


@pytest.mark.parametrize(("width", "height"), [(1440, 700), (640, 360), (320, 640)])
def test_what_has_the_focus_is_seen(browser: Browser, stack: Stack, width: int, height: int) -> None:
    event_id = delivered(stack)
    console = window(browser, stack, viewport={"width": width, "height": height})
    console.enter()
    for where in ("calls", f"call/{event_id}", "numbers"):
        console.go(where)
        expect(console.page.locator("h1")).to_be_focused()
        expect(console.page.locator(".loading")).to_have_count(0)
        console.page.evaluate("[...document.querySelectorAll('main a, main button, main summary')].at(-1).focus()")
        for _ in range(40):
            console.page.keyboard.press("Shift+Tab")
            assert console.page.evaluate(SEEN) == "", where
    console.page.context.close()
