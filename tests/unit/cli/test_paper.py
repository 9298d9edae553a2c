"""`print`: the browser's PDF beside the page, and what is said where no browser is or it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.no_browser import without_browser
from tests.unit.cli.conftest import Terminal
from tools.local.browser import Chromium, find_chromium
from tools.postcall import language, paper
from tools.postcall.errors import NotAvailable, WrongUsage
from tools.postcall.pages import html_page

A4 = b"594.96 841.92"  # points, as Skia writes them


@pytest.fixture
def page(tmp_path: Path) -> Path:
    rows = "\n".join(f"| {number} | value |" for number in range(90))
    path = tmp_path / "report.html"
    path.write_text(html_page(f"# Отчёт\n\n| n | v |\n|---|---|\n{rows}\n", language="ru"), encoding="utf-8")
    return path


def test_a_page_becomes_a_pdf_of_a4_sheets(terminal: Terminal, page: Path) -> None:
    if find_chromium() is None:
        without_browser()
    assert terminal.run("--json", "print", str(page)) == 0
    pdf = Path(terminal.document["pdf"])
    assert pdf == page.with_suffix(".pdf")
    content = pdf.read_bytes()
    assert content.startswith(b"%PDF-")
    sheets = content.count(b"/MediaBox")
    assert sheets > 1
    assert content.replace(b"594.95996 841.91998", A4).count(A4) == sheets


@pytest.mark.parametrize(("lang", "words"), [("en", "open {page} and print it"), ("ru", "откройте {page}")])
def test_without_a_browser_the_page_is_named(
    terminal: Terminal, page: Path, monkeypatch: pytest.MonkeyPatch, lang: str, words: str
) -> None:
    monkeypatch.setenv(language.VARIABLE, lang)
    monkeypatch.setattr(paper, "find_chromium", lambda: None)
    with pytest.raises(NotAvailable) as refused:
        terminal.run("print", str(page))
    assert words.format(page=page) in str(refused.value)


def test_a_browser_that_fails_leaves_the_earlier_pdf_and_says_why(
    terminal: Terminal, page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\necho no memory >&2\nexit 1\n", encoding="utf-8")
    browser.chmod(0o700)
    monkeypatch.setattr(paper, "find_chromium", lambda: Chromium(str(browser)))
    page.with_suffix(".pdf").write_bytes(b"earlier")
    with pytest.raises(NotAvailable, match="no memory"):
        terminal.run("print", str(page))
    assert page.with_suffix(".pdf").read_bytes() == b"earlier"


def test_what_is_no_page_is_not_printed(terminal: Terminal, tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="is no HTML page"):
        terminal.run("print", str(tmp_path / "report.md"))
