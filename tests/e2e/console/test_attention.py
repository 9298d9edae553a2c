"""What needs a person is finished in the console: all of a cause at once, or one call by whatever its state allows."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import wait_until
from tests.e2e.console.browser import Console
from tests.e2e.console.test_console import rejected, unknown

pytestmark = pytest.mark.e2e


def test_all_of_a_cause_are_sent_again_after_a_preview(console: Console) -> None:
    ids = [rejected(console.stack), rejected(console.stack)]
    console.refresh_waiting()
    group = console.page.get_by_role("listitem").filter(has_text="Лендинг в CRM выключен")
    group.get_by_role("button", name="Отправить все").click()
    expect(console.dialog).to_contain_text("Отклонён: ")
    console.dialog.get_by_label("Почему").fill("Лендинг снова включён.")
    console.dialog.get_by_role("button", name="Отправить все").click()
    console.report("Сделано: ")
    for event_id in ids:
        console.stack.rests(event_id, "delivered")


@pytest.mark.long
def test_a_refused_call_is_closed_without_a_lead(console: Console) -> None:
    event_id = rejected(console.stack)
    console.call(event_id)
    console.press("Закрыть без лида")
    console.dialog.get_by_label("Почему").fill("Это был наш пробный звонок.")
    console.dialog.get_by_role("button", name="Закрыть без лида").click()
    console.report("Закрыт без лида.")
    console.stands_at("Не лид")
    expect(console.page.get_by_role("button", name="Отправить ещё раз")).to_have_count(0)


@pytest.mark.long
def test_a_refused_call_that_was_entered_by_hand_is_settled(console: Console) -> None:
    event_id = rejected(console.stack)
    console.call(event_id)
    console.press("Решить исход")
    expect(console.dialog.get_by_role("radio", name="Лида нет")).to_have_count(0)
    console.dialog.get_by_role("radio", name="Лид есть").check()
    console.dialog.get_by_label("Где и что вы увидели").fill("Завели вручную.")
    console.dialog.get_by_role("button", name="Записать").click()
    console.stands_at("Доставлен")


@pytest.mark.long
def test_the_unknown_come_first_and_all_of_them_are_settled_as_being_there(console: Console) -> None:
    event_id = unknown(console.stack)
    rejected(console.stack)
    console.refresh_waiting()
    groups = console.page.get_by_role("region", name="Ждут человека").get_by_role("listitem")
    expect(groups.first).to_contain_text("Исход неизвестен")
    expect(groups.first).to_contain_text("Найдите лид в CRM по UsrEventId")
    groups.first.get_by_role("button", name="Все есть в CRM").click()
    console.dialog.get_by_label("Почему").fill("Посмотрели в CRM.")
    console.dialog.get_by_role("button", name="Все есть в CRM").click()
    console.report("Сделано: ")
    wait_until(lambda: console.stack.status(event_id) == "delivered", what="the call is settled")
