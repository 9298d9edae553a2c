"""What a person trusts: many are released at once, the menu counts truly, and nobody was asked who was not."""

from __future__ import annotations

import json
import re
import uuid

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from tests.e2e.console.browser import Console, window
from tests.e2e.console.says import each_language, says
from tests.e2e.console.test_console import rejected, secret_of

pytestmark = pytest.mark.e2e

CARD = "https://crm.example/0/Nui/ViewModule.aspx#CardModuleV2/LeadPageV2/edit/0b1a"


def counted(console: Console, page: str) -> Locator:
    return console.page.locator(f'nav a[href="#/{page}"] .count')


def refused(console: Console, secret: str) -> str:
    """A webhook under a secret that is not ours yet."""
    conversation = f"conv_{uuid.uuid4().hex[:28]}"
    answer = console.stack.webhook(secret=secret, conversation_id=conversation)
    assert answer.status_code == httpx.codes.UNAUTHORIZED
    return conversation


@each_language(quick="ru")
def test_many_are_released_from_the_quarantine_after_a_preview(console: Console, language: str) -> None:
    stack, secret = console.stack, f"wsec_{uuid.uuid4().hex}"  # functions keep a secret that they know for minutes
    conversations = [refused(console, secret), refused(console, secret)]
    console.go("quarantine")
    console.page.reload()
    waiting = stack.call_api("GET", "/api/attention").json()["quarantine"]
    expect(counted(console, "quarantine")).to_have_text(str(sum(waiting.values())))
    forged = waiting.get("vendor", 0) + waiting["signature"]
    banner = console.page.get_by_role("status").filter(has_text=says(language, "banner.signature", n=forged))
    expect(banner.get_by_role("link", name=says(language, "runbook.open"))).to_be_visible()
    release = says(language, "quarantine.all")
    console.press(release)
    expect(console.dialog).to_contain_text(f"{says(language, 'quarantined.signature')}: {waiting['signature']}")
    with secret_of(stack, {"current": stack.endpoints["webhook_secret"], "previous": secret}):
        console.dialog.get_by_role("button", name=release).click()
        console.report(says(language, "bulk.done", n="").split(":")[0])
    for conversation in conversations:
        stack.rests(conversation, "delivered")


@pytest.mark.long
def test_the_menu_counts_the_dead_letters(console: Console) -> None:
    rejected(console.stack)
    console.page.reload()
    console.go("queues")
    expect(console.page.get_by_role("region", name="Отправка")).to_be_visible()
    dead = sum(queue["dead_letters"] for queue in console.stack.call_api("GET", "/api/queues").json().values())
    assert dead >= 1
    expect(counted(console, "queues")).to_have_text(str(dead))


def changed(console: Console, event_id: str, **members: object) -> None:
    """The record as the API would tell it of another environment's call: only these members differ."""
    record = console.stack.event(event_id)
    record["event"] |= {name: value for name, value in members.items() if name != "attempt"}
    record["dispatches"][-1] |= members.get("attempt", {})

    def answer(route: Route) -> None:
        route.fulfill(content_type="application/json", body=json.dumps(record))

    console.page.route(re.compile(f"/api/events/{event_id}$"), answer)


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "next_try", "left"),
    [("ru", "Следующая попытка", "Останется попыток: 7"), ("en", "The CRM is asked next", "tries left: 7")],
)
def test_what_is_retrying_says_when_next_and_how_often_still(
    console: Console, language: str, next_try: str, left: str
) -> None:
    event_id = rejected(console.stack)
    changed(console, event_id, status="retrying", retry={"at": "2031-01-31T10:00:00Z", "left": 7})
    console.page.evaluate("language => localStorage.setItem('postcall.language', language)", language)
    console.go(f"call/{event_id}")
    expect(console.page.get_by_text(next_try)).to_contain_text("13:00")
    expect(console.page.get_by_text(left)).to_be_visible()


@each_language()
def test_an_own_refusal_says_that_nobody_was_asked_and_a_lead_of_our_key_is_linked(
    console: Console, language: str
) -> None:
    event_id = rejected(console.stack)
    attempt = {"crm_was_asked": False, "outcome": "rejected_data", "http_status": None, "answer": None}
    changed(console, event_id, lead_url=CARD, attempt=attempt)
    console.call(event_id)
    way = console.page.get_by_role("region", name=says(language, "way.title"))
    expect(way.get_by_text(says(language, "attempt.own_refusal"))).to_be_visible()
    expect(way.get_by_text(says(language, "way.unsent")).first).to_be_visible()
    for untrue in ("outcome.rejected_data", "way.sent", "way.answered"):
        expect(way.get_by_text(says(language, untrue), exact=True)).to_have_count(0)
    link = console.page.get_by_role("link", name=says(language, "call.lead"))
    expect(link).to_have_attribute("href", CARD)
    expect(link).to_have_attribute("rel", "noopener noreferrer")


@each_language()
def test_an_alarm_s_link_opens_its_runbook_at_once_or_after_the_sign_in(
    browser: Browser, console: Console, language: str
) -> None:
    link = f"{console.url}#/runbook/crm-breaker-open"
    page = console.page.context.new_page()
    page.goto(link)
    expect(page.locator("article h1")).to_be_visible()
    woken = window(browser, console.stack, language=language)
    woken.page.goto(link)
    woken.page.get_by_label(says(language, "login.token")).fill(console.stack.endpoints["operator_token"])
    woken.page.get_by_role("button", name=says(language, "login.enter")).click()
    expect(woken.page.locator("article h1")).to_have_text(page.locator("article h1").inner_text())
    woken.page.context.close()
    assert woken.faults == []


@each_language()
def test_beside_the_queues_stands_what_elevenlabs_says_of_the_webhook(console: Console, language: str) -> None:
    failed = {"name": "Postcall", "last_failure_at": "2031-01-31T10:00:00Z", "last_failure_code": 401}
    faults = {"missing": False, "disabled": True, "failing": True, "retries_off": False}
    webhook = {"made_at": failed["last_failure_at"], "report": {"status": "done", **faults, "webhooks": [failed]}}
    health = console.stack.call_api("GET", "/api/health").json() | {"webhook": webhook}
    body = json.dumps(health)
    console.page.route("**/api/health", lambda route: route.fulfill(content_type="application/json", body=body))
    console.go("queues")
    beside = console.page.get_by_role("region", name=says(language, "health.title"))
    expect(beside).to_contain_text(says(language, "check.webhook_off"))
    expect(beside.get_by_text("HTTP 401")).to_contain_text("13:00")
    expect(beside.get_by_text(says(language, "check.circuit_closed"))).to_be_visible()
    beside.get_by_role("link", name=says(language, "runbook.open")).click()
    assert console.page.url.endswith("#/runbook/webhook-disabled")


@pytest.mark.long
def test_what_was_sent_and_said_and_the_id_can_be_copied(console: Console) -> None:
    event_id = rejected(console.stack)
    console.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    console.call(event_id)
    console.page.get_by_text("Запрос и ответ").first.click()
    for name, held in (
        ("Скопировать event_id", event_id),
        ("Скопировать отправленное", event_id),
        ("Скопировать ответ", "{"),
        ("Скопировать телефон", "+375291234567"),
        ("Скопировать e-mail", "user@example.com"),
    ):
        console.page.get_by_role("button", name=name).first.click()
        console.report("Скопировано")
        assert held in console.page.evaluate("navigator.clipboard.readText()")


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "heading", "act"), [("ru", "Что делать", "Отправить все"), ("en", "Do this", "Send all again")]
)
def test_the_runbook_of_a_cause_is_read_in_the_console_s_language(
    console: Console, language: str, heading: str, act: str
) -> None:
    rejected(console.stack)
    console.page.evaluate("language => localStorage.setItem('postcall.language', language)", language)
    console.page.reload()
    group = console.page.get_by_role("listitem").filter(has=console.page.locator("a[href='#/runbook/leads-rejected']"))
    group.first.locator("a.runbook").click()
    expect(console.page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(console.page.locator("article b").get_by_text(act, exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", ("Руководство", "Отправить лид ещё раз", "Что делать по тревоге", "CRM окончательно отказала лиду")),
        ("en", ("Guide", "Send a lead again", "Runbooks", "The CRM refused a lead for good")),
    ],
)
def test_the_operating_guide_is_read_in_the_console_and_leads_to_the_runbooks(
    console: Console, language: str, said: tuple[str, str, str, str]
) -> None:
    guide, chapter, runbooks, title = said
    console.page.evaluate("language => localStorage.setItem('postcall.language', language)", language)
    console.page.reload()
    console.page.get_by_role("link", name=guide, exact=True).click()
    console.page.get_by_role("button", name=chapter).click()
    expect(console.page.get_by_role("heading", name=chapter)).to_be_focused()
    expect(console.page.get_by_role("row").filter(has_text="dry_run").first).to_be_visible()
    assert console.serious_faults() == []
    console.page.get_by_role("link", name=runbooks, exact=True).click()
    console.page.locator(".pages").get_by_role("link", name="leads-rejected").click()
    expect(console.page.get_by_role("heading", name=title)).to_be_visible()
    assert console.serious_faults() == []
