"""Every list of the console can be taken away as a file, in either kind and language."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from postcall.domain.zone import operators_zone
from tests.e2e.console.browser import Console
from tests.e2e.console.test_console import any_phone, delivered, rejected

pytestmark = pytest.mark.e2e

KINDS = {"CSV": b"\xef\xbb\xbf", "Excel": b"PK"}
TITLES = {"ru": "Выгрузить список", "en": "Export this list"}


def taken(page: Page, buttons: Locator, kind: str) -> bytes:
    with page.expect_download() as download:
        buttons.get_by_role("button", name=kind).click()
    assert download.value.suggested_filename.endswith(kind.replace("Excel", "xlsx").lower())
    return Path(download.value.path()).read_bytes()


@pytest.mark.parametrize("language", ["ru", pytest.param("en", marks=pytest.mark.long)])
def test_every_list_is_a_file_of_either_kind(console: Console, language: str) -> None:
    stack, page, phone = console.stack, console.page, any_phone()
    rejected(stack)
    delivered(stack, contacts={"full_name": "Зинаида", "phone": phone})
    stack.webhook(secret="wsec_of_an_exported_call", conversation_id=f"conv_{uuid.uuid4().hex[:28]}")
    day = datetime.now(operators_zone()).date().isoformat()
    assert stack.call_api("POST", f"/api/ledger/{day}").is_success
    page.evaluate("language => localStorage.setItem('postcall.language', language)", language)
    page.reload()
    places = {
        "calls": (".filters", "Зинаида"),
        "calls?": (".waits > .export", ""),
        f"calls?q={phone}": (".found", phone),
        "numbers": (".page > div > .export", ""),
        f"numbers?day={day}": (".ledger", ""),
        "queues": (".heading", ""),
        "quarantine": (".heading", ""),
    }
    for where, (place, held) in places.items():
        console.go(where)
        expect(page.locator("h1").first).to_be_visible()
        expect(page.locator(".loading")).to_have_count(0)
        buttons = page.locator(place)
        assert buttons.locator(f"[aria-label='{TITLES[language]}']").or_(buttons).count() >= 1, where
        for kind, begin in KINDS.items():
            file = taken(page, buttons, kind)
            assert file.startswith(begin), (where, kind)
            assert held.encode() in file or kind == "Excel", where
