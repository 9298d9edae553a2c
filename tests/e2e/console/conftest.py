"""A browser for the session; a window, signed in, for each test, which fails if the page itself complained."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.e2e.conftest import Stack
from tests.e2e.console.browser import PAGE_TIMEOUT_MS, SWITCHES, Console, window
from tests.support.no_browser import without_browser
from tools.local.browser import find_chromium


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = find_chromium()
    if found is None:
        without_browser()
    expect.set_options(timeout=PAGE_TIMEOUT_MS)  # a page's own time-out is not that of what is expected of it
    with sync_playwright() as playwright:
        environment: dict[str, str | float | bool] = {**os.environ, **found.environment}
        running = playwright.chromium.launch(executable_path=found.executable, args=SWITCHES, env=environment)
        yield running
        running.close()


@pytest.fixture
def console(request: pytest.FixtureRequest, browser: Browser, stack: Stack) -> Iterator[Console]:
    """In the test's `language`, if it has one."""
    language = request.getfixturevalue("language") if "language" in request.fixturenames else "ru"
    opened = window(browser, stack, language=language, viewport={"width": 1440, "height": 900})
    opened.enter()
    yield opened
    opened.page.context.close()
    assert opened.faults == []
    assert opened.hosts == {opened.url.split("/")[2]}  # nothing from elsewhere
