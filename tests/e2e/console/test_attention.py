"""What needs a person is finished in the console: all of a cause at once, or one call by whatever its state allows."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from functions.operations.attention import PEOPLE
from tests.e2e.conftest import wait_until
from tests.e2e.console.browser import Console
from tests.e2e.console.many import STATES, fill
from tests.e2e.console.says import each_language, says
from tests.e2e.console.test_console import rejected, unknown

pytestmark = pytest.mark.e2e

ENOUGH_FOR_MORE = (PEOPLE + 1) * len(STATES)


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


@pytest.mark.parametrize("state", ["partial", "rejected"])
@each_language()
def test_a_partial_and_a_refused_call_that_were_completed_by_hand_are_settled(
    console: Console, language: str, state: str
) -> None:
    event_id = rejected(console.stack) if state == "rejected" else fill(console.stack, len(STATES))[state]
    console.call(event_id)
    console.stands_at(says(language, f"status.{state}"))
    console.press(says(language, "resolve.button"))
    expect(console.dialog.get_by_role("radio", name=says(language, "resolve.not_delivered"))).to_have_count(0)
    console.dialog.get_by_role("radio", name=says(language, "resolve.delivered")).check()
    console.dialog.get_by_label(says(language, "resolve.reason")).fill("Завели вручную.")
    console.dialog.get_by_role("button", name=says(language, "resolve.do")).click()
    console.stands_at(says(language, "status.delivered"))


@each_language()
def test_and_so_many_more_leads_to_the_list_of_that_cause_and_back_to_the_groups(
    console: Console, language: str
) -> None:
    calls = fill(console.stack, ENOUGH_FOR_MORE)
    cause = says(language, "crm.landing_off")
    console.refresh_waiting()
    more = console.page.get_by_role("link", name=f": {cause.removesuffix('.')}")
    more.click()
    rows = console.page.locator("td.status")
    expect(rows.nth(PEOPLE)).to_contain_text(cause)
    assert all(cause in row for row in rows.all_inner_texts())
    assert console.page.url.endswith("#/calls?status=rejected&cause=crm.landing_off")
    expect(console.page.locator(f"tr[data-id='{calls['own_refusal']}']")).to_have_count(0)
    console.page.get_by_role("link", name=says(language, "filter.cause", cause=cause)).click()
    expect(rows.filter(has_text=says(language, "dispatch.no_contact", required="any")).first).to_be_visible()
    console.page.go_back()
    expect(rows.nth(PEOPLE)).to_contain_text(cause)
    console.page.go_back()
    expect(more).to_be_visible()


@each_language()
def test_what_stands_still_has_a_list_of_its_own(console: Console, language: str) -> None:
    calls = fill(console.stack, ENOUGH_FOR_MORE)
    console.refresh_waiting()
    stalled = says(language, "status.stalled.about").removesuffix(".")
    console.page.get_by_role("link", name=f": {stalled}").click()
    expect(console.page.get_by_label(says(language, "filter.status"))).to_have_value("stalled")
    expect(console.page.locator(f"tr[data-id='{calls['stalled']}']")).to_be_visible()
    expect(console.page.locator(f"tr[data-id='{calls['analyzed']}']")).to_have_count(0)
    expect(console.page.get_by_text(says(language, "calls.end.stalled", n=100))).to_be_visible()


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
