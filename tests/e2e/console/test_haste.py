"""Hasty hands and slow answers: pressed twice, left too early, gone to another page meanwhile."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.conftest import Stack
from tests.e2e.console.browser import Console, window
from tests.e2e.console.test_console import REASON, delivered, rejected

pytestmark = [pytest.mark.e2e, pytest.mark.long]

ASIDE = {
    "queue": "dispatch",
    "depth_before": 1,
    "messages": [{"event_id": "late", "status": "rejected", "reason": None}],
}
MORE = re.compile("cursor=")
AT_ONCE = 4


def hold(console: Console, pattern: str) -> list[Route]:
    """Requests that get no answer yet."""
    held: list[Route] = []

    def kept(route: Route) -> None:
        held.append(route)

    console.page.route(pattern, kept)
    return held


def ask_to_close(console: Console) -> None:
    """Fill in the dialog and send it."""
    console.press(console.says("close.button"))
    console.dialog.get_by_label(console.says("act.reason")).fill(REASON)
    console.dialog.get_by_role("button", name=console.says("close.button")).press("Enter")


def look_at_what_was_put_aside(console: Console) -> None:
    console.go("queues")
    console.page.get_by_role(
        "button", name=f"{console.says('queues.look')}: {console.says('queues.dispatch')}"
    ).dblclick()


def test_what_is_left_while_it_is_done_is_told_all_the_same(console: Console) -> None:
    console.call(rejected(console.stack))
    held = hold(console, "**/close")
    ask_to_close(console)
    console.page.keyboard.press("Escape")
    expect(console.dialog).to_have_count(0)
    held.pop().fulfill(status=500, body="")
    console.report(console.says("error.status", status=500))
    ask_to_close(console)
    console.page.keyboard.press("Escape")
    expect(console.dialog).to_have_count(0)
    held.pop().continue_()
    console.report(console.says("close.done"))
    console.stands_at(console.says("status.excluded"))


def test_whoever_leaves_an_act_for_many_stops_it(console: Console) -> None:
    for _ in range(AT_ONCE + 2):
        rejected(console.stack)
    console.press(console.says("refresh"))
    held = hold(console, "**/close")
    console.page.get_by_role("button", name=console.says("bulk.do.close")).first.click()
    console.dialog.get_by_label(console.says("bulk.reason")).fill(REASON)
    with console.page.expect_request("**/close"):
        console.page.keyboard.press("Tab")
        console.page.keyboard.press("Tab")
        console.page.keyboard.press("Enter")
    console.page.keyboard.press("Escape")
    for route in held:
        route.continue_()
    console.report(console.says("bulk.done", n=AT_ONCE))
    assert len(held) == AT_ONCE


def test_a_button_that_is_pressed_twice_asks_once(console: Console) -> None:
    console.page.route("**/redrive*", lambda route: route.fulfill(json=ASIDE))
    look_at_what_was_put_aside(console)
    expect(console.dialog).to_have_count(1)


def test_a_question_does_not_outlive_its_page(console: Console) -> None:
    console.call(delivered(console.stack))
    console.call(rejected(console.stack))
    console.press(console.says("close.button"))
    console.page.go_back()
    expect(console.dialog).to_have_count(0)
    console.stands_at(console.says("status.delivered"))
    expect(console.page.get_by_role("heading", level=1)).to_be_focused()


def test_an_answer_that_comes_late_asks_nothing_on_another_page(console: Console) -> None:
    held = hold(console, "**/redrive*")
    with console.page.expect_request("**/redrive*"):
        look_at_what_was_put_aside(console)
    console.go("numbers")
    expect(console.page.get_by_role("heading", name=console.says("numbers.title"))).to_be_focused()
    with console.page.expect_response("**/redrive*"):
        held.pop().fulfill(json=ASIDE)
    console.page.wait_for_timeout(300)
    expect(console.dialog).to_have_count(0)


def test_try_again_tries_again(console: Console) -> None:
    console.page.route(MORE, lambda route: route.abort())
    console.page.route(re.compile("/api/events$"), with_more)
    console.press(console.says("refresh"))
    expect(console.page.locator(".loading")).to_have_count(0)
    console.press(console.says("calls.more"))
    expect(console.page.get_by_role("alert")).to_contain_text(console.says("error.network"))
    console.page.unroute(MORE)
    console.page.route(MORE, lambda route: route.fulfill(json={"events": [], "next_cursor": None}))
    console.press(console.says("error.again"))
    expect(console.page.get_by_text(console.says("calls.end"))).to_be_visible()


def with_more(route: Route) -> None:
    """The list, and more of it."""
    route.fulfill(json={**route.fetch().json(), "next_cursor": "more"})


@pytest.mark.parametrize("body", ["", "<html>Log in to the hotel's network</html>"])
def test_what_is_not_the_service_s_answer_is_a_lost_service(console: Console, body: str) -> None:
    console.page.route("**/api/queues", lambda route: route.fulfill(status=200, body=body))
    console.go("queues")
    expect(console.page.get_by_role("alert")).to_contain_text(console.says("error.network"))


def test_an_old_token_that_is_refused_late_ends_no_new_session(console: Console) -> None:
    held = hold(console, "**/api/queues")
    with console.page.expect_request("**/api/queues"):
        console.go("queues")
    console.press(console.says("leave"))
    console.page.evaluate("sessionStorage.setItem('postcall.token', 'new')")
    with console.page.expect_response("**/api/queues"):
        held.pop().fulfill(status=401, body="{}")
    console.page.wait_for_timeout(300)
    assert console.page.evaluate("sessionStorage.getItem('postcall.token')") == "new"


def test_without_its_words_a_page_says_that_something_is_lost(browser: Browser, stack: Stack) -> None:
    console = window(browser, stack)
    console.page.route("**/words.json", lambda route: route.abort())
    console.page.goto(console.url)
    expect(console.page.get_by_role("main")).to_contain_text("Reload the page")
    console.page.route("**/openapi.json", lambda route: route.fulfill(status=500, body=""))
    console.page.goto(console.url.replace("/console", "/api/docs"))
    expect(console.page.get_by_role("alert")).to_contain_text("Reload the page")
    assert console.page.evaluate("document.documentElement.lang") == "en"
    console.page.context.close()


def test_a_tab_keeps_its_language_while_another_one_chooses(console: Console) -> None:
    console.page.evaluate("localStorage.setItem('postcall.language', 'en')")
    console.go("numbers")
    expect(console.page.get_by_role("heading", name="Числа")).to_be_focused()
