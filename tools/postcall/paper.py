"""`print`: a page of ours as a PDF for a mail and a folder, made by the browser that the tests use."""

from __future__ import annotations

import os
import re
from argparse import Namespace
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright

from tools.local.browser import Chromium, find_chromium
from tools.postcall.context import Context
from tools.postcall.errors import DONE, NotAvailable, WrongUsage
from tools.postcall.language import say

LONGEST_SECONDS = 120
HTML = {".html", ".htm"}


def print_page(context: Context, options: Namespace) -> int:
    """Write the PDF, beside the page unless it is lines another place.

    Raises:
        NotAvailable: There is no browser here, or it made none; the page stays for another one to print.
        WrongUsage: There is no such page.
    """
    page: Path = options.page
    if page.suffix.lower() not in HTML or not page.is_file():
        raise WrongUsage(say("paper.no_page", page=page))
    pdf: Path = options.pdf or page.with_suffix(".pdf")
    browser = find_chromium()
    if browser is None:
        raise NotAvailable(say("paper.no_browser", page=page))
    _write(browser, page, pdf)
    size = pdf.stat().st_size
    context.screen.show({"pdf": str(pdf), "bytes": size}, say("paper.made", pdf=pdf, bytes=size))
    return DONE


def _write(browser: Chromium, page: Path, pdf: Path) -> None:
    """As the page's own print rules say: A4, page numbers, nothing cut."""
    try:
        with sync_playwright() as playwright:
            running = playwright.chromium.launch(
                executable_path=browser.executable, args=_as_root(), env={**os.environ, **browser.environment}
            )
            opened = running.new_page()
            opened.goto(page.resolve().as_uri(), timeout=LONGEST_SECONDS * 1_000)
            content = opened.pdf(prefer_css_page_size=True, print_background=True)
            running.close()
    except PlaywrightError as error:
        raise NotAvailable(say("paper.failed", why=_why(error), page=page)) from error
    try:
        pdf.write_bytes(content)
    except OSError as error:
        raise WrongUsage(f"{pdf}: {error.strerror}.") from error


def _why(error: PlaywrightError) -> str:
    """The browser's own last words where it said any, and not the driver's drawing around them."""
    lines = re.findall(r"\[err\] (.+)", error.message)
    return f"{lines[-1] if lines else error.message.splitlines()[0]}."


def _as_root() -> list[str]:
    """Chromium refuses to run its sandbox for root, as in a container; it reads a page of ours alone."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []
