"""Small things that save a way: links out, what differs between attempts, a dialog that keeps what was typed."""

from __future__ import annotations

import uuid

import httpx
import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.conftest import Stack
from tests.e2e.console.browser import Console, window
from tests.e2e.console.says import each_language, says
from tests.e2e.console.test_console import rejected

pytestmark = pytest.mark.e2e

FINGER = 44
TOO_SMALL = """least => [...document.querySelectorAll("button, nav a, .views a, a.back, a.phone, summary, select, "
  + "textarea, input:not([type=radio], [type=checkbox]), label.option")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.closest(".unseen"))
  .map((each) => [each.getBoundingClientRect(), each])
  .filter(([box]) => box.width > 1 && (box.height < least - 0.5 || box.width < least - 0.5))
  .map(([box, each]) => `${each.tagName}.${each.className} ${each.textContent} ${box.width} x ${box.height}`)"""


@pytest.mark.long
def test_the_bare_address_leads_to_the_console(stack: Stack) -> None:
    answer = httpx.get(stack.endpoints["api_url"] + "/", follow_redirects=True, timeout=30, trust_env=False)
    assert answer.is_success
    assert answer.url.path == "/console"


@each_language(quick="en")
def test_a_token_that_expires_in_a_dialog_loses_nothing_and_the_attempts_are_compared(
    console: Console, language: str
) -> None:
    event_id = rejected(console.stack)
    console.call(event_id)
    console.press(says(language, "resend.button"))
    reason = console.dialog.get_by_label(says(language, "act.reason"))
    reason.fill("Лендинг снова включён.")
    send = console.dialog.get_by_role("button", name=says(language, "resend.do"), exact=True)

    def expired(route: Route) -> None:
        route.fulfill(status=401, content_type="application/problem+json", body="{}")

    console.page.route("**/resend-crm*", expired, times=1)
    send.click()
    expect(console.dialog.get_by_role("alert")).to_have_text(says(language, "dialog.token.gone"))
    expect(reason).to_have_value("Лендинг снова включён.")
    console.dialog.get_by_label(says(language, "login.token")).fill(console.stack.endpoints["operator_token"])
    send.click()
    console.stands_at(says(language, "status.delivered"))
    title = says(language, "way.differs", n=1, count="").strip()
    console.page.get_by_text(title).click()
    differs = console.page.get_by_role("region", name=title)
    heads = [says(language, "way.value"), *(says(language, "way.attempt", n=n) for n in (1, 2))]
    assert differs.get_by_role("columnheader").all_inner_texts() == heads
    answer = differs.get_by_role("row").filter(has_text=says(language, "way.answered"))
    expect(answer).to_contain_text("Данные успешно сохранены")
    expect(differs.get_by_role("row").filter(has_text="Phone")).to_have_count(0)  # the same in both


@each_language()
def test_a_call_of_elevenlabs_can_be_opened_there(console: Console, language: str) -> None:
    conversation = f"conv_{uuid.uuid4().hex[:28]}"
    assert console.stack.webhook(conversation_id=conversation).is_success
    console.call(conversation)
    link = console.page.get_by_role("link", name=says(language, "call.vendor"))
    expect(link).to_have_attribute("href", f"https://elevenlabs.io/app/agents/history/{conversation}")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


@pytest.mark.long
def test_on_a_phone_whatever_is_pressed_is_as_large_as_a_finger(browser: Browser, stack: Stack) -> None:
    event_id = rejected(stack)
    stack.webhook(b"{}")
    phone = window(browser, stack, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone.enter()
    small: dict[str, list[str]] = {}
    for where in ("calls", "numbers", "queues", "quarantine", f"call/{event_id}"):
        phone.go(where)
        expect(phone.page.locator("h1")).to_be_visible()
        expect(phone.page.locator(".loading")).to_have_count(0)
        small[where] = phone.page.evaluate(TOO_SMALL, FINGER)
    phone.press("Отправить ещё раз")
    small["dialog"] = phone.page.evaluate(TOO_SMALL, FINGER)
    phone.page.context.close()
    assert {where: found for where, found in small.items() if found} == {}
