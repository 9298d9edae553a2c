"""A call that came with two contents: a person sees whose each is, takes the other, and the lead stays one."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import expect

from tests.e2e.console.browser import Console
from tests.e2e.console.test_console import any_phone

pytestmark = pytest.mark.e2e


def test_another_content_is_used_and_its_analysis_shown(console: Console) -> None:
    stack, conversation = console.stack, f"conv_{uuid.uuid4().hex[:28]}"
    phones = any_phone(), any_phone()
    for phone in phones:
        line = {"phone_call": {"direction": "inbound", "external_number": phone}}
        assert stack.webhook(conversation_id=conversation, metadata=line).is_success
        stack.rests(conversation, "delivered")
    console.call(conversation)
    console.press("Взять другое содержание")
    expect(console.dialog).to_contain_text(phones[0])
    console.dialog.get_by_role("radio").check()
    expect(console.dialog.get_by_role("radio")).to_have_count(1)
    expect(console.dialog.get_by_role("group")).to_contain_text(phones[1])
    console.dialog.get_by_label("Почему").fill("Номер продиктован позже.")
    console.dialog.get_by_role("button", name="Взять и проанализировать").click()
    console.report("Анализ другого содержания заказан.")
    way = console.page.get_by_role("region", name="Что было")
    expect(way.get_by_text("Проанализирован", exact=True)).to_have_count(2)
    expect(way.get_by_text("кто: local-operator: Номер продиктован позже.")).to_be_visible()
    event = stack.event(conversation)["event"]
    assert event["contact"].get("phone") == phones[1], (event, phones)
    assert len(stack.leads(conversation)) == 1
