"""Who can use the console and where: by keyboard alone, with a screen reader, on a phone, in the dark, in English."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Response, expect

from postcall.aws.circuit_table import CircuitTable
from tests.e2e.conftest import Stack, request, wait_until
from tests.e2e.console.browser import Console, window

pytestmark = pytest.mark.e2e

PAGES = {"calls": "Все звонки", "numbers": "Неделя", "queues": "Отправка", "quarantine": "Карантин"}
MOST_TABS = 60


def new_id() -> str:
    return f"access-{uuid.uuid4().hex[:12]}"


def tab_to(console: Console, name: str) -> None:
    """Press Tab until the element of this name has the focus."""
    for _ in range(MOST_TABS):
        console.page.keyboard.press("Tab")
        focused = console.page.evaluate(
            "(it => (it === document.body ? '' : it.ariaLabel || it.textContent))(document.activeElement)"
        )
        if name in str(focused):
            return
    raise AssertionError(f"'{name}' is not reached by {MOST_TABS} tabs")


def test_a_lead_is_found_and_sent_again_by_keyboard_alone(browser: Browser, stack: Stack) -> None:
    event_id = new_id()
    stack.fault("landing_off")
    stack.analyze(event_id)
    stack.rests(event_id, "rejected")
    console = window(browser, stack, viewport={"width": 1440, "height": 900})
    keys = console.page.keyboard
    console.page.goto(console.url)
    expect(console.page.get_by_label("Токен оператора")).to_be_focused()
    keys.type(stack.endpoints["operator_token"])
    keys.press("Enter")
    expect(console.page.get_by_role("heading", name="Звонки", exact=True)).to_be_focused()
    keys.press("/")
    expect(console.page.get_by_label("Найти звонок")).to_be_focused()
    keys.type(event_id)
    keys.press("Enter")
    expect(console.page.get_by_text("Найдено: 1")).to_be_visible()
    tab_to(console, "Иван Иванов")
    keys.press("Enter")
    expect(console.page.get_by_role("heading", name=event_id)).to_be_focused()
    expect(console.page.get_by_role("heading", name="Что было")).to_be_visible()
    tab_to(console, "Отправить ещё раз")
    keys.press("Enter")
    expect(console.dialog).to_be_visible()
    keys.press("Escape")
    expect(console.dialog).to_have_count(0)
    expect(console.page.get_by_role("button", name="Отправить ещё раз")).to_be_focused()
    keys.press("Enter")
    expect(console.dialog.get_by_label("Почему")).to_be_focused()
    keys.type("Лендинг снова включён.")
    tab_to(console, "Отправить")
    keys.press("Enter")
    console.stands_at("Доставлен")
    console.page.context.close()
    assert console.faults == []


def test_a_tab_that_nobody_uses_is_signed_out_and_what_is_typed_stays(
    browser: Browser, stack: Stack, filled: str
) -> None:
    console = window(browser, stack)
    console.page.clock.install()
    console.enter()
    console.call(filled)
    console.press("Отправить ещё раз")
    console.dialog.get_by_label("Почему").fill("Уже набрано.")
    console.page.clock.fast_forward("31:00")
    console.page.keyboard.press("Shift")
    expect(console.dialog.get_by_label("Почему")).to_have_value("Уже набрано.")
    assert console.page.evaluate("sessionStorage.getItem('postcall.token')") is None
    console.page.keyboard.press("Escape")
    expect(console.page.get_by_label("Токен оператора")).to_be_focused()
    console.page.reload()
    expect(console.page.get_by_label("Токен оператора")).to_be_visible()
    console.page.context.close()


@pytest.fixture(scope="module")
def filled(running_stack: Stack) -> str:
    """Something on every page: a lead that waits, a dead letter, a refused webhook."""
    event_id = new_id()
    running_stack.fault("close_after_commit")
    running_stack.analyze(event_id)
    running_stack.rests(event_id, "unknown")
    running_stack.webhook(b"{}")
    return event_id


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_axe_finds_no_serious_fault_on_any_page(browser: Browser, stack: Stack, filled: str, scheme: str) -> None:
    console = window(browser, stack, color_scheme=scheme)
    console.page.goto(console.url)
    expect(console.page.get_by_label("Токен оператора")).to_be_visible()
    found = {"login": console.serious_faults()}
    console.enter()
    for name, region in PAGES.items():
        console.go(name)
        expect(console.page.get_by_text(region).first).to_be_visible()
        expect(console.page.locator(".loading")).to_have_count(0)
        found[name] = console.serious_faults()
    console.call(filled)
    found["call"] = console.serious_faults()
    for action in ("Решить исход", "Отправить ещё раз", "Удалить данные"):
        console.press(action)
        found[action] = console.serious_faults()
        console.page.keyboard.press("Escape")
    console.page.goto(console.url.replace("/console", "/api/docs"))
    expect(console.page.get_by_role("heading", name="Postcall API")).to_be_visible()
    found["docs"] = console.serious_faults()
    console.page.context.close()
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.fixture
def phone(browser: Browser, stack: Stack) -> Iterator[Console]:
    opened = window(browser, stack, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    opened.enter()
    yield opened
    opened.page.context.close()


def test_every_page_fits_a_phone(phone: Console, filled: str) -> None:
    for where in (*PAGES, f"call/{filled}"):
        phone.go(where)
        expect(phone.page.locator("h1")).to_be_visible()
        expect(phone.page.locator(".loading")).to_have_count(0)
        wide = phone.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, f"{where} is {wide} wide"


def test_the_console_speaks_english_when_asked_to(console: Console) -> None:
    assert console.stack.webhook(agent_name="Менеджер по заявкам").is_success
    answers: list[Response] = []
    console.page.on("response", lambda answer: answers.append(answer) if "/api/" in answer.url else None)
    console.press("English")
    expect(console.page.get_by_role("heading", name="Calls", exact=True)).to_be_visible()
    assert console.page.evaluate("document.documentElement.lang") == "en"
    for where in PAGES:
        console.go(where)
        expect(console.page.locator("h1")).to_be_visible()
        expect(console.page.locator(".loading")).to_have_count(0)
        shown = russian(console.page.locator("main").inner_text())
        brought = {word for answer in answers for word in russian(answer.text())}  # the calls speak as they do
        assert shown - brought <= {"Русский"}, where


def russian(text: str) -> set[str]:
    """Its Russian words."""
    return set(re.findall(r"[А-Яа-яЁё]+", text))


def test_the_token_stays_in_its_tabs(browser: Browser, console: Console) -> None:
    token = console.stack.endpoints["operator_token"]
    assert token not in str(console.page.evaluate("Object.values(localStorage)"))
    assert console.page.evaluate("document.cookie") == ""
    elsewhere = window(browser, console.stack)
    elsewhere.page.goto(elsewhere.url)
    expect(elsewhere.page.get_by_label("Токен оператора")).to_be_visible()
    elsewhere.page.context.close()
    console.press("Выйти")
    expect(console.page.get_by_label("Токен оператора")).to_be_visible()
    assert console.page.evaluate("sessionStorage.length") == 0


@pytest.mark.long
def test_signing_out_in_one_tab_signs_all_of_them_out(console: Console) -> None:
    second = Console(console.stack, console.page.context.new_page())
    second.page.goto(second.url)
    expect(second.page.get_by_role("button", name="Выйти")).to_be_visible()
    console.press("Выйти")
    for tab in (console, second):
        expect(tab.page.get_by_label("Токен оператора")).to_be_visible()
        tab.page.reload()
        expect(tab.page.get_by_label("Токен оператора")).to_be_visible()


@pytest.mark.parametrize("token", ["wrong", pytest.param("цкщтп", marks=pytest.mark.long)])
def test_a_wrong_token_opens_nothing(browser: Browser, stack: Stack, token: str) -> None:
    console = window(browser, stack)
    console.page.goto(console.url)
    console.page.get_by_label("Токен оператора").fill(token)
    console.press("Войти")
    expect(console.page.get_by_role("alert")).to_have_text("Такого токена нет. Проверьте, что скопировали его целиком.")
    console.page.context.close()


def test_an_open_circuit_and_a_lost_service_are_said_aloud(console: Console) -> None:
    with open_circuit(console.stack):
        console.page.reload()
        expect(console.page.get_by_text("CRM не принимает лиды")).to_be_visible()
        console.page.locator("#banner a").first.focus()
        for _ in range(2):  # is looked at again, said once
            with console.page.expect_response("**/api/health"):
                console.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(console.page.locator("#banner a").first).to_be_focused()
    console.page.route("**/api/queues", lambda route: route.abort())
    console.go("queues")
    expect(console.page.get_by_role("alert")).to_contain_text("Нет связи с сервисом")
    console.page.unroute("**/api/queues")
    console.press("Повторить")
    expect(console.page.get_by_role("region", name="Отправка")).to_be_visible()


@contextmanager
def open_circuit(stack: Stack) -> Iterator[None]:
    """The circuit to the CRM as after many failures."""
    circuits, crm = stack.client("dynamodb"), {"id": {"S": "crm"}}
    table = stack.endpoints["tables"]["webhook_events"].replace("webhook_events", "circuits")
    assert CircuitTable(circuits, table).open("a test", now=datetime.now(UTC))
    try:
        yield
    finally:
        circuits.delete_item(TableName=table, Key=crm)


def test_the_browser_is_told_to_run_nothing_but_our_own_files(stack: Stack) -> None:
    url = f"{stack.endpoints['api_url']}/console"
    first = request("GET", url)
    policy = first.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert first.headers["x-content-type-options"] == "nosniff"
    again = request("GET", url, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert request("GET", f"{url}/..%2Fhandler.py").status_code == 404
    wait_until(lambda: request("GET", f"{url}/app.js").is_success, what="the script is served")
