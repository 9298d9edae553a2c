"""The console in a real browser: what an operator's eyes and hands do, by roles and words rather than by markup."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import Stack
from tests.e2e.console.says import says
from tools.local.paths import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A new tab begins with an empty page of no origin, which may store nothing.
SPEAK = "language => { if (self.origin !== 'null') localStorage['postcall.language'] ??= language; }"
LEFT = "main > .page[data-left]"
PAGE_TIMEOUT_MS = 30_000  # what a page does and what is expected of it: for a machine with other things to do


@dataclass
class Console:
    """One window with one tab. `faults` collects what a healthy page never says."""

    stack: Stack
    page: Page
    language: str = "ru"
    faults: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PAGE_TIMEOUT_MS)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda message: self._heard(message.type, message.text))
        self.page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error" and "Failed to load resource" not in text:  # a refusal that the page itself shows
            self.faults.append(text)

    @property
    def url(self) -> str:
        return f"{self.stack.endpoints['api_url']}/console"

    def says(self, key: str, **values: object) -> str:
        """A text of the page, in its language."""
        return says(self.language, key, **values)

    def speak(self, language: str) -> None:
        """The page anew, in this language."""
        self.language = language
        self.page.evaluate("language => localStorage.setItem('postcall.language', language)", language)
        self.page.reload()

    def enter(self) -> None:
        """Sign in."""
        self.page.goto(self.url)
        self.page.get_by_label(self.says("login.token")).fill(self.stack.endpoints["operator_token"])
        self.page.get_by_role("button", name=self.says("login.enter")).click()
        expect(self.page.get_by_role("heading", name=self.says("calls.title"), exact=True)).to_be_visible()

    def go(self, where: str) -> None:
        """To a page by its address, until it is there."""
        to = f"{self.url}#/{where}"
        if self.page.url != to:
            self._leave()
        self.page.goto(to)
        expect(self.page.locator(LEFT)).to_have_count(0)

    def search(self, query: str) -> None:
        """By the field in the header, until its page is there."""
        field = self.page.get_by_label(self.says("search.label"))
        field.fill(query)
        self._leave()
        field.press("Enter")
        expect(self.page.locator(LEFT)).to_have_count(0)

    def _leave(self) -> None:
        """Mark the page that is shown: an address changes at once, what is drawn only afterwards."""
        self.page.evaluate("() => document.querySelector('main > .page')?.setAttribute('data-left', '')")

    def call(self, event_id: str) -> None:
        """One call's page, once it is drawn."""
        self.go(f"call/{quote(event_id, safe='')}")
        expect(self.page.get_by_role("heading", name=self.says("way.title"))).to_be_visible()

    def press(self, name: str) -> None:
        """A button of the page."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def refresh_waiting(self) -> None:
        """Draw anew what waits for a person, and wait until the page counts what the API counts now."""
        waiting = self.stack.call_api("GET", "/api/attention").json()["waiting"]
        self.press(self.says("refresh"))
        expect(self.page.locator("#waits-title .count")).to_have_text(str(waiting))

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def stands_at(self, status: str) -> None:
        """The call's page says so."""
        expect(self.page.locator("#status-chips")).to_contain_text(status)

    def report(self, text: str) -> None:
        """The word afterwards."""
        expect(self.page.get_by_role("status").filter(has_text=text).last).to_be_visible()

    def serious_faults(self) -> list[str]:
        """What axe finds on the page as it is, serious or worse."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: Any = self.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        return [
            f"{violation['id']}: {node['html'][:120]}"
            for violation in found["violations"]
            if violation["impact"] in {"serious", "critical"}
            for node in violation["nodes"]
        ]


def window(browser: Browser, stack: Stack, *, language: str = "ru", **options: Any) -> Console:
    """A fresh window with nothing stored but the language."""
    context = browser.new_context(locale="ru-RU", timezone_id="Europe/Minsk", **options)
    context.add_init_script(f"({SPEAK})({language!r})")
    return Console(stack, context.new_page(), language)
