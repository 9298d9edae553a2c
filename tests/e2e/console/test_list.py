"""The list of people: whose call it is comes first, news is announced, and the way back leads to the same place."""

from __future__ import annotations

import json
import uuid
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from tests.e2e.conftest import Stack
from tests.e2e.console.browser import Console, window
from tests.e2e.console.says import each_language, says
from tests.e2e.console.test_access import tab_to
from tests.e2e.console.test_console import any_phone, delivered, new_id, rejected

pytestmark = pytest.mark.e2e

WIDTHS = (390, 820, 1440)
AT_ONCE_MS = 5_000  # sooner than the list looks again
LOOKED_AGAIN_MS = 16_000


def name_of_nobody() -> str:
    """A name that no other test has."""
    letters = "абвгдежзиклмнопрстуф"
    return "Ю" + "".join(letters[int(digit, 16)] for digit in uuid.uuid4().hex[:10])


@pytest.mark.long
def test_a_row_begins_with_the_person_and_a_phone_that_can_be_called(console: Console) -> None:
    phone, name = any_phone(), name_of_nobody()
    event_id = delivered(console.stack, contacts={"full_name": name, "phone": phone})
    console.press("Обновить")
    row = console.page.get_by_role("row").filter(has_text=event_id)
    expect(row.get_by_role("cell").first).to_contain_text(name)
    assert row.get_by_role("link", name=f"Позвонить: {phone}").get_attribute("href") == f"tel:{phone}"
    row.get_by_role("link", name=name).click()
    expect(console.page.get_by_role("heading", name="Что было")).to_be_visible()


@pytest.mark.long
def test_the_slash_leads_to_the_search_which_finds_a_name_in_latin_letters(console: Console) -> None:
    event_id = delivered(console.stack, contacts={"full_name": f"Юлия {name_of_nobody()}", "phone": any_phone()})
    console.go("queues")
    expect(console.page.get_by_role("heading", name="Очереди")).to_be_visible()
    console.page.keyboard.press("/")
    expect(console.page.get_by_label("Найти звонок")).to_be_focused()
    console.page.keyboard.type("yuliya")
    console.page.keyboard.press("Enter")
    expect(console.page.get_by_role("row").filter(has_text=event_id)).to_be_visible()
    assert console.page.url.endswith("#/calls?q=yuliya")


@pytest.mark.long
def test_back_brings_the_query_back(console: Console) -> None:
    phone = any_phone()
    event_id = delivered(console.stack, contacts={"phone": phone})
    console.search(phone.removeprefix("+375"))
    console.page.get_by_role("row").filter(has_text=event_id).get_by_role("link", name="Имя не известно").click()
    expect(console.page.get_by_role("heading", name="Что было")).to_be_visible()
    console.page.go_back()
    expect(console.page.get_by_label("Найти звонок")).to_have_value(phone.removeprefix("+375"))
    expect(console.page.get_by_role("row").filter(has_text=event_id)).to_be_visible()


def test_filters_stand_in_the_address_and_a_view_of_them_is_kept(console: Console) -> None:
    refused, fine = rejected(console.stack), delivered(console.stack)
    console.page.get_by_label("Статус").select_option("rejected")
    expect(console.page.get_by_role("row").filter(has_text=refused)).to_be_visible()
    expect(console.page.get_by_role("row").filter(has_text=fine)).to_have_count(0)
    assert console.page.url.endswith("#/calls?status=rejected")
    console.press("Сохранить вид")
    console.dialog.get_by_label("Название вида").fill("Отклонённые")
    console.dialog.get_by_role("button", name="Сохранить вид").click()
    console.page.get_by_role("link", name="Все звонки").click()
    expect(console.page.get_by_role("row").filter(has_text=fine)).to_be_visible()
    console.page.get_by_role("link", name="Отклонённые", exact=True).click()
    expect(console.page.get_by_role("row").filter(has_text=fine)).to_have_count(0)


@pytest.mark.long
def test_a_day_is_the_operator_s_and_not_greenwich_s(console: Console) -> None:
    event_id = delivered(console.stack)
    today = console.page.evaluate("new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Minsk' }).format(new Date())")
    console.go(f"calls?from={today}&to={today}")
    expect(console.page.get_by_role("row").filter(has_text=event_id)).to_be_visible()
    console.go("calls?from=2020-01-01&to=2020-01-01")
    expect(console.page.get_by_text("Таких звонков нет")).to_be_visible()


@each_language()
def test_calls_that_come_meanwhile_are_announced_and_shown_when_asked_for(
    browser: Browser, stack: Stack, language: str
) -> None:
    before = delivered(stack)
    console = window(browser, stack, language=language, viewport={"width": 1440, "height": 400})
    page = console.page
    page.clock.install()
    console.enter()
    row = page.get_by_role("row").filter(has_text=before)
    row.scroll_into_view_if_needed()
    place = top_of(row)
    came = [delivered(stack) for _ in range(3)]
    page.clock.run_for(LOOKED_AGAIN_MS)
    expect(page.get_by_text(says(language, "live.new", n=3))).to_be_in_viewport()
    assert abs(top_of(row) - place) < 2  # a browser that keeps a place does it to the pixel
    rows = [page.get_by_role("row").filter(has_text=event_id) for event_id in came]
    for new in rows:
        expect(new).to_have_count(0)
    console.press(says(language, "live.show"))
    for new in rows:
        expect(new).to_be_visible()
    page.context.close()
    assert console.faults == []


@pytest.mark.long
def test_what_is_announced_is_said_once_and_the_focus_stays_on_it(browser: Browser, stack: Stack) -> None:
    delivered(stack)
    console = window(browser, stack)
    page = console.page
    page.clock.install()
    console.enter()
    expect(page.get_by_text("Это все звонки").or_(page.get_by_role("button", name="Показать ещё"))).to_be_visible()
    delivered(stack)
    page.clock.run_for(LOOKED_AGAIN_MS)
    show = page.get_by_role("button", name=says("ru", "live.show"), exact=True)
    show.focus()
    page.evaluate("window.pressed = document.activeElement")
    with page.expect_response("**/api/events"):
        page.clock.run_for(LOOKED_AGAIN_MS)
    page.clock.run_for(LOOKED_AGAIN_MS)
    expect(show).to_be_focused()
    assert page.evaluate("document.activeElement === window.pressed")
    page.context.close()


@pytest.mark.long
@pytest.mark.parametrize("looks", [["more"], [None, "more", "more"]], ids=["at_once", "since_the_news"])
def test_where_more_came_than_a_page_shows_the_list_has_no_hole(
    browser: Browser, stack: Stack, looks: list[str | None]
) -> None:
    delivered(stack)
    console = window(browser, stack)
    page = console.page
    page.clock.install()
    console.enter()
    row = page.get_by_role("row").nth(1)
    expect(row).to_be_visible()
    came = [{**stack.call_api("GET", "/api/events").json()["events"][0], "event_id": f"came-{n}"} for n in range(3)]
    page.route("**/api/events?*", lambda route: route.fulfill(json={"events": came[2:], "next_cursor": None}))
    newest: dict[str, Any] = {"events": came[:2]}
    page.route("**/api/events", lambda route: route.fulfill(json=newest))
    for newest["next_cursor"] in looks:
        with page.expect_response("**/api/events"):
            page.clock.run_for(LOOKED_AGAIN_MS)
        expect(page.get_by_role("button", name=says("ru", "live.show"), exact=True)).to_be_visible()
    console.press(says("ru", "live.show"))
    console.press(says("ru", "calls.more"))
    expect(page.locator("tbody tr")).to_have_count(len(came))
    page.context.close()


@pytest.mark.long
def test_a_view_with_a_long_name_fits_and_can_be_forgotten(console: Console) -> None:
    name = "М" * 300
    console.go("calls?status=rejected")
    console.press(console.says("views.save"))
    console.dialog.get_by_label(console.says("views.name")).fill(name)
    console.dialog.get_by_role("button", name=console.says("views.save")).click()
    console.report(console.says("views.saved", name=name))
    assert console.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    forget = console.page.get_by_role("button", name=console.says("views.forget", name=name))
    expect(forget).to_be_in_viewport(ratio=1)
    forget.click()
    expect(forget).to_have_count(0)


@pytest.mark.long
def test_what_was_done_on_a_call_s_page_stands_in_the_list_at_once(console: Console) -> None:
    event_id = rejected(console.stack)
    console.press(console.says("refresh"))
    row = console.page.get_by_role("row").filter(has_text=event_id)
    row.locator("a.who").click()
    console.press(console.says("close.button"))
    console.dialog.get_by_label(console.says("act.reason")).fill("A test.")
    console.dialog.get_by_role("button", name=console.says("close.button")).click()
    console.stands_at(console.says("status.excluded"))
    console.page.get_by_role("link", name=console.says("call.back")).click()
    expect(row).to_contain_text(console.says("status.excluded"), timeout=AT_ONCE_MS)


def top_of(row: Locator) -> float:
    box = row.bounding_box()
    assert box is not None
    return box["y"]


@each_language()
def test_a_call_opened_in_a_new_tab_needs_no_second_sign_in(console: Console, language: str) -> None:
    event_id = delivered(console.stack)
    console.press(says(language, "refresh"))
    row = console.page.get_by_role("row").filter(has_text=event_id)
    address = row.locator("a.who").evaluate("link => link.href")
    second = Console(console.stack, console.page.context.new_page(), language)
    second.page.goto(address)
    expect(second.page.get_by_role("heading", name=second.says("way.title"))).to_be_visible()
    expect(second.page.get_by_label(says(language, "login.token"))).to_have_count(0)
    assert second.faults == []


@each_language()
def test_looking_further_back_finds_an_older_call_by_keys_alone(console: Console, language: str) -> None:
    name = name_of_nobody()
    event_id = delivered(console.stack, contacts={"full_name": name, "phone": any_phone()})
    console.page.route("**/api/search", only_older_calls)
    console.search(name)
    expect(console.page.get_by_text(says(language, "search.none.yet"), exact=True)).to_be_visible()
    tab_to(console, says(language, "search.further"))
    console.page.keyboard.press("Enter")
    row = console.page.get_by_role("row").filter(has_text=event_id)
    expect(row).to_be_visible()
    expect(row.locator("a.who")).to_be_focused()
    console.search(name_of_nobody())
    tab_to(console, says(language, "search.further"))
    console.page.keyboard.press("Enter")
    expect(console.page.get_by_text(says(language, "search.none"), exact=True)).to_be_visible()
    expect(console.page.get_by_role("button", name=says(language, "search.further"))).to_have_count(0)
    expect(console.page.get_by_role("link", name=says(language, "search.clear"))).to_be_focused()


def only_older_calls(route: Route) -> None:
    """As where the newest days hold none of them: what there is comes with the second look."""
    asked: Any = route.request.post_data_json
    if "cursor" in asked:
        route.continue_(post_data={"query": asked["query"]})
    else:
        route.fulfill(content_type="application/json", body=json.dumps({"events": [], "next_cursor": "further back"}))


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (WIDTHS[0], "dark"),
        *(
            pytest.param(width, scheme, marks=pytest.mark.long)
            for width, scheme in product(WIDTHS, ("light", "dark"))
            if (width, scheme) != (WIDTHS[0], "dark")
        ),
    ],
)
def test_the_list_fits_its_window_and_axe_has_nothing_to_say(
    browser: Browser, stack: Stack, width: int, scheme: str
) -> None:
    delivered(stack, contacts={"full_name": "Константинопольский-Преображенский " * 3, "phone": any_phone()})
    delivered(stack, contacts={"full_name": "محمد الأحمد", "phone": "+971501234567"})
    console = window(browser, stack, viewport={"width": width, "height": 900}, color_scheme=scheme)
    console.enter()
    expect(console.page.get_by_role("row").first).to_be_attached()
    assert console.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert console.serious_faults() == []
    console.page.context.close()


@pytest.mark.long
def test_in_english_the_list_has_no_russian_word(console: Console) -> None:
    delivered(console.stack, contacts={"full_name": "Anna", "phone": any_phone(), "email": f"{new_id()}@example.com"})
    rejected(console.stack)
    console.press("English")
    expect(console.page.get_by_role("heading", name="Calls", exact=True)).to_be_visible()
    console.go("calls?status=rejected")
    expect(console.page.get_by_role("row").nth(1)).to_contain_text("The landing is switched off in the CRM")
    ours = " ".join(console.page.locator("nav, label, th, td.status, td.about, td.when").all_inner_texts())
    assert not [letter for letter in ours.replace("Русский", "").casefold() if "а" <= letter <= "я"]


@pytest.mark.long
def test_in_english_filters_stand_in_the_address_and_back_brings_them_back(console: Console) -> None:
    refused, fine = rejected(console.stack), delivered(console.stack)
    console.press("English")
    console.page.get_by_label("Status").select_option("rejected")
    row = console.page.get_by_role("row").filter(has_text=refused)
    expect(row).to_be_visible()
    assert console.page.url.endswith("#/calls?status=rejected")
    row.get_by_role("link", name="Иван Иванов").click()
    expect(console.page.get_by_role("heading", name="What happened")).to_be_visible()
    console.page.go_back()
    expect(console.page.get_by_label("Status")).to_have_value("rejected")
    expect(row).to_be_visible()
    expect(console.page.get_by_role("row").filter(has_text=fine)).to_have_count(0)
