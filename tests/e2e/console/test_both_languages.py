"""The main ways of the console in both languages: search, acts by keys alone, marks that are seen, small helps."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.console.browser import Console
from tests.e2e.console.says import LANGUAGES, says
from tests.e2e.console.test_access import tab_to
from tests.e2e.console.test_console import any_phone, delivered, new_id, rejected, unknown
from tests.e2e.console.test_trust import changed

pytestmark = [pytest.mark.e2e, pytest.mark.long]

ORDER = {"is_open": True, "requested_at": "2026-11-28T10:00:00Z", "requested_by": "anna", "forced": False}
MARKS = "abc\u202edef\u0007ghi"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_person_is_found_however_they_are_named(console: Console, language: str) -> None:
    phone = any_phone()
    event_id = delivered(console.stack, contacts={"full_name": "Зинаида Щербакова", "phone": phone})
    console.speak(language)
    expect(console.page.get_by_label(says(language, "search.label"))).to_be_visible()
    national = f"{phone[4:6]} {phone[6:9]}-{phone[9:11]}-{phone[11:]}"
    for query in (phone, national, "zinaida shcherbakova", event_id[:14]):
        console.page.keyboard.press("/")
        expect(console.page.get_by_label(says(language, "search.label"))).to_be_focused()
        console.page.keyboard.type(query)
        console.page.keyboard.press("Enter")
        expect(console.page.get_by_role("heading", level=1)).to_be_focused()  # the page that was asked for
        expect(console.page.get_by_role("row").filter(has_text=event_id)).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_outcome_is_settled_by_keys_alone(console: Console, language: str) -> None:
    event_id = unknown(console.stack)
    console.speak(language)
    console.go(f"call/{event_id}")
    expect(console.page.get_by_role("heading", name=says(language, "way.title"))).to_be_visible()
    keys = console.page.keyboard
    tab_to(console, says(language, "resolve.button"))
    keys.press("Enter")
    expect(console.dialog.get_by_role("radio").first).to_be_focused()
    keys.press("Space")
    console.dialog.get_by_label(says(language, "resolve.reason")).focus()
    keys.type("Лид в разделе «Лиды».")
    tab_to(console, says(language, "resolve.do"))
    keys.press("Enter")
    console.stands_at(says(language, "status.delivered"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_order_that_nobody_has_served_is_withdrawn(console: Console, language: str) -> None:
    event_id = rejected(console.stack)
    console.speak(language)
    changed(console, event_id, possible=["withdraw"], resend_order=ORDER)
    console.go(f"call/{event_id}")
    console.press(says(language, "withdraw.button"))
    console.page.route("**/withdraw", lambda route: route.fulfill(content_type="application/json", body="{}"))
    with console.page.expect_request(re.compile(f"{event_id}/withdraw")) as asked:
        console.dialog.get_by_role("button", name=says(language, "withdraw.button")).click()
    assert asked.value.method == "POST"
    console.report(says(language, "withdraw.done"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_still_is_continued(console: Console, language: str) -> None:
    event_id = rejected(console.stack)
    console.speak(language)
    changed(console, event_id, status="analyzed", stalled=True, possible=["continue", "close"])
    console.go(f"call/{event_id}")
    console.press(says(language, "continue.button"))

    def continued(route: Route) -> None:
        route.fulfill(content_type="application/json", body="{}")

    console.page.route("**/continue", continued)
    with console.page.expect_request(re.compile(f"{event_id}/continue")):
        console.dialog.get_by_role("button", name=says(language, "continue.button")).click()
    console.report(says(language, "continue.done"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_of_a_cause_are_closed_after_a_preview(console: Console, language: str) -> None:
    event_id = rejected(console.stack)
    console.speak(language)
    group = console.page.locator("li.group").filter(has_text=says(language, "crm.landing_off"))
    group.get_by_role("button", name=says(language, "bulk.do.close")).click()
    expect(console.dialog).to_contain_text(says(language, "status.rejected"))
    console.dialog.get_by_label(says(language, "bulk.reason"), exact=True).fill("Пробные звонки.")
    console.dialog.get_by_role("button", name=says(language, "bulk.do.close")).click()
    console.report(says(language, "bulk.done", n="").split(":")[0])
    console.stack.rests(event_id, "excluded")


@pytest.mark.parametrize("language", LANGUAGES)
def test_control_marks_are_seen_and_turn_nothing(console: Console, language: str) -> None:
    event_id = new_id()
    console.stack.analyze(event_id, transcript=[{"role": "user", "message": MARKS}])
    console.stack.rests(event_id, "delivered")
    console.speak(language)
    console.go(f"call/{event_id}")
    expect(console.page.get_by_role("heading", name=says(language, "talk.title"))).to_be_visible()
    expect(console.page.locator(".turns p").first).to_contain_text("abc")
    shown = console.page.locator("main").inner_text()
    assert "\u202e" not in shown
    assert "\u0007" not in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_small_helps_are_there_in_both_languages(console: Console, language: str) -> None:
    event_id = rejected(console.stack)
    console.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    console.speak(language)
    console.go(f"call/{event_id}")
    expect(console.page.get_by_role("heading", name=says(language, "way.title"))).to_be_visible()
    for key, held in (("copy.phone", "+375291234567"), ("copy.email", "user@example.com"), ("call.copy", event_id)):
        console.page.get_by_role("button", name=says(language, key)).first.click()
        console.report(says(language, "copied"))
        assert held in console.page.evaluate("navigator.clipboard.readText()")
    call = console.page.get_by_role("link", name=says(language, "person.call", phone="+375291234567")).first
    expect(call).to_have_attribute("href", "tel:+375291234567")
