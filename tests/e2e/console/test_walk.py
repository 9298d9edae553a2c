"""A walk over hundreds of calls in every state: every page, each width, light and dark, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Stack
from tests.e2e.console.browser import Console, window
from tests.e2e.console.many import fill
from tests.e2e.console.says import LANGUAGES, says
from tests.e2e.console.walk import PHONE, Watched

pytestmark = pytest.mark.e2e

WIDTHS = (PHONE, 820, 1024, 1440)
TOUCHED = PHONE
CHAPTER = "Где этот лид?"  # of the operating guide
# Both sides of where the header is laid out anew, and the laptops between.
HEADERS = (320, 520, 900, 901, 1024, 1160, 1161, 1280, 1310, 1311, 1366, 1410, 1411)
QUICK = (("ru", 390, "dark"), ("en", 1440, "light"))  # in short: every page once, in one window or the other


@dataclass(frozen=True)
class Filled:
    """The stack, and the id of a call of every state."""

    stack: Stack
    calls: Mapping[str, str]


@pytest.fixture(scope="module")
def filled(running_stack: Stack) -> Filled:
    """Hundreds of calls, and what lies in the quarantine."""
    calls = fill(running_stack)
    running_stack.webhook(secret="wsec_rotated_over_there", conversation_id="conv_" + "w" * 28)
    running_stack.webhook(b"{}")
    return Filled(running_stack, calls)


def places(filled: Filled) -> dict[str, str]:
    """Every page by its address; of the calls one of each state."""
    return {
        "list": "calls",
        "filtered list": "calls?status=rejected",
        "hot": "calls?quality=5",
        "search by name": "calls?q=Иван Иванов",
        "search by phone": "calls?q=291234567",
        "search of nobody": "calls?q=Небывалов",
        "numbers of a day": "numbers",
        "numbers of a week": "numbers?span=week",
        "numbers of a month": "numbers?span=month",
        "queues": "queues",
        "quarantine": "quarantine",
        "runbook": "runbook/outcomes-unknown",
        "runbooks": "runbook/README",
        "guide": "guide",
        "no such call": "call/nobody",
        **{f"call {state}": f"call/{event_id}" for state, event_id in filled.calls.items()},
    }


def opened(browser: Browser, filled: Filled, language: str, width: int, scheme: str) -> Console:
    options: dict[str, Any] = {"has_touch": True, "is_mobile": True} if width == TOUCHED else {}
    options |= {"viewport": {"width": width, "height": 900}, "color_scheme": scheme, "reduced_motion": "reduce"}
    console = window(browser, filled.stack, language=language, **options)
    console.enter()
    return console


@pytest.mark.parametrize(
    ("language", "width", "scheme", "first", "every"),
    [
        *((*case, first, len(QUICK)) for first, case in enumerate(QUICK)),
        *(
            pytest.param(*case, 0, 1, marks=pytest.mark.long)
            for case in product(("ru", "en"), WIDTHS, ("light", "dark"))
        ),
    ],
)
def test_every_page_of_hundreds_of_calls_holds_in_its_window(  # noqa: PLR0917 — the rows of a table
    browser: Browser, filled: Filled, language: str, width: int, scheme: str, first: int, every: int
) -> None:
    console = opened(browser, filled, language, width, scheme)
    watched, found = Watched(console), {}
    for name, where in islice(places(filled).items(), first, None, every):
        watched.brought.clear()
        console.go(where)
        expect(console.page.locator("h1").first).to_be_visible()
        expect(console.page.locator(".loading")).to_have_count(0)
        found[name] = list(watched.faults(language, is_touched=width == TOUCHED))
    console.page.context.close()
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_hot_calls_of_a_topic_and_the_way_back_to_the_same_place(
    browser: Browser, filled: Filled, language: str
) -> None:
    console = opened(browser, filled, language, 1440, "light")
    page = console.page
    page.get_by_role("link", name=says(language, "views.hot")).click()
    expect(page.locator(".loading")).to_have_count(0)
    assert "quality=4" in page.url
    hot = {says(language, "analysis.score", n=n) for n in (4, 5)}
    for dots in page.locator("td.quality .dots").all():
        assert dots.get_attribute("aria-label") in hot
    console.go("numbers?span=month")
    topic = says(language, "topic.financing")
    page.get_by_role("region", name=says(language, "chart.topics")).get_by_role("link", name=topic).click()
    rows = page.locator("td.about")
    expect(rows.first).to_contain_text(topic)
    assert all(topic in about for about in rows.all_inner_texts())
    last = page.locator("a.who").last
    last.scroll_into_view_if_needed()
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    before = page.evaluate("scrollY")
    last.click()
    expect(page.get_by_role("heading", name=says(language, "way.title"))).to_be_visible()
    page.go_back()
    expect(rows.first).to_contain_text(topic)
    page.wait_for_function("place => Math.abs(scrollY - place) < 80", arg=before)
    page.context.close()


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_where_nobody_asked_the_crm_nothing_says_so(browser: Browser, filled: Filled, language: str) -> None:
    console = opened(browser, filled, language, 1440, "light")
    for state in ("dry_run", "disabled", "own_refusal"):
        console.go(f"call/{filled.calls[state]}")
        way = console.page.get_by_role("region", name=says(language, "way.title"))
        expect(way.get_by_text(says(language, "way.attempt", n=1))).to_be_visible()
        for untrue in ("outcome.rejected_data", "way.sent", "way.answered"):
            expect(way.get_by_text(says(language, untrue), exact=True)).to_have_count(0)
    console.page.context.close()


def test_the_walk_sees_what_is_wrong(browser: Browser, filled: Filled) -> None:
    console = opened(browser, filled, "ru", TOUCHED, "light")
    console.go("queues")
    expect(console.page.locator(".loading")).to_have_count(0)
    console.page.evaluate("""() => {
      const wrong = document.createElement("p");
      wrong.textContent = "This sentence is in another language and much_too_long_" + "x".repeat(400);
      wrong.append(document.createElement("button"));
      document.querySelector("main").append(wrong);
    }""")
    found = " ".join(Watched(console).faults("ru", is_touched=True))
    console.page.context.close()
    for fault in ("px too wide", "too small", "not in its language", "axe"):
        assert fault in found


# A sheet put over the page's own, as a slip in its CSS would be; none takes it away.
PLANT = """rules => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules);
  document.adoptedStyleSheets = [sheet];
}"""


@pytest.fixture(scope="module")
def desk(browser: Browser, filled: Filled) -> Iterator[Console]:
    """One window for what is asked of a page's layout, whatever its width."""
    console = opened(browser, filled, "ru", 1440, "light")
    yield console
    console.page.context.close()


def laid_out(console: Console, width: int, rules: str = "") -> list[str]:
    """What the walk sees in that width, with these rules over the page's own."""
    console.page.set_viewport_size({"width": width, "height": 900})
    console.page.evaluate(PLANT, rules)
    return Watched(console).laid_out(is_anew=True)


@pytest.mark.parametrize(
    ("width", "rules", "fault"),
    [
        (PHONE, ".waits > .export { position: absolute !important; margin: 0 !important; }", "overlaps at 390 px"),
        (1440, ".heading h1 { margin-bottom: -40px; } .heading { margin-bottom: -20px; }", "overlaps at 1440 px"),
        (1440, ".top .search { flex: 0 1 150px; min-width: 150px; }", "cut at 1440 px"),
        (1440, ".heading h1 { margin-left: -60px; }", "cut at 1440 px"),
    ],
    ids=["buttons over a heading", "a heading over what follows", "a hint cut short", "out of the window's left"],
)
def test_the_walk_sees_what_lies_over_something_else(desk: Console, width: int, rules: str, fault: str) -> None:
    desk.go("calls")
    expect(desk.page.locator(".waits .export")).to_be_visible()
    assert laid_out(desk, width) == []
    found = laid_out(desk, width, rules)
    assert laid_out(desk, width) == []
    assert any(each.startswith(fault) for each in found), found


def test_a_dialog_lies_over_its_page_and_is_no_fault(desk: Console, filled: Filled) -> None:
    desk.call(filled.calls["unknown"])
    desk.press(says("ru", "resolve.button"))
    expect(desk.dialog).to_be_visible()
    calm = laid_out(desk, 1440)
    found = laid_out(desk, 1440, "dialog h2 { margin-bottom: -40px !important; }")
    desk.page.keyboard.press("Escape")
    assert calm == []
    assert any(each.startswith("overlaps") for each in found), found


def test_a_chapter_that_is_gone_to_stands_below_the_header(desk: Console) -> None:
    page, found = desk.page, {}
    desk.go("guide")
    button, heading = page.get_by_role("button", name=CHAPTER), page.get_by_role("heading", name=CHAPTER)
    expect(heading).to_be_visible()  # the chapters are folded where the page is drawn narrow
    for width in (PHONE, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        button.click()
        expect(heading).to_be_focused()
        found[width] = page.evaluate("""() => document.activeElement.getBoundingClientRect().top
          - document.getElementById("top").getBoundingClientRect().bottom""")
    assert all(0 <= room < 60 for room in found.values()), found


def test_the_header_fits_at_every_width_in_both_languages(desk: Console) -> None:
    desk.go("numbers")
    expect(desk.page.locator("nav .count").first).to_be_visible()
    found = {f"ru {width}": laid_out(desk, width) for width in HEADERS}
    desk.page.locator("#language").click()
    expect(desk.page.get_by_label(says("en", "search.label"))).to_be_visible()
    found |= {f"en {width}": laid_out(desk, width) for width in HEADERS}
    assert {where: each for where, each in found.items() if each} == {}
