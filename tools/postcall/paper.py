"""`print`: a page of ours as a PDF for a mail and a folder, made by the browser that the tests use."""

from __future__ import annotations

import os
import subprocess
from argparse import Namespace
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.local.browser import Chromium, find_chromium
from tools.postcall.context import Context
from tools.postcall.errors import DONE, NotAvailable, WrongUsage
from tools.postcall.language import say

LONGEST_SECONDS = 120
SWITCHES = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--no-pdf-header-footer",
)
HTML = {".html", ".htm"}


def print_page(context: Context, options: Namespace) -> int:
    """Write the PDF, beside the page unless it is told another place.

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
    """The browser writes into a folder of its own: a PDF of an earlier run cannot pass for this one's."""
    with TemporaryDirectory() as folder:
        written = Path(folder, "page.pdf")
        command = [browser.executable, *SWITCHES, *_as_root(), f"--user-data-dir={folder}/profile"]
        command += [f"--print-to-pdf={written}", page.resolve().as_uri()]
        environment = {**os.environ, **browser.environment}
        try:
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=LONGEST_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotAvailable(say("paper.failed", why=f"{error}.", page=page)) from error
        if not written.exists():
            why = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            raise NotAvailable(say("paper.failed", why=f"{why}.", page=page))
        try:
            pdf.write_bytes(written.read_bytes())
        except OSError as error:
            raise WrongUsage(f"{pdf}: {error.strerror}.") from error


def _as_root() -> tuple[str, ...]:
    """Chromium refuses to run its sandbox for root, as in a container; it reads a page of ours alone."""
    return ("--no-sandbox",) if os.geteuid() == 0 else ()
