"""What operators do in the console: find a call, read it, act on it; each act seen where it has its effect."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from playwright.sync_api import Browser, Route, expect

from tests.e2e.conftest import Stack, wait_until
from tests.e2e.console.browser import Console, window
from tools.simulators.model import ModelStub

pytestmark = pytest.mark.e2e

REASON = "Клиент попросил, заявка 17."


def new_id() -> str:
    return f"console-{uuid.uuid4().hex[:12]}"


def any_phone() -> str:
    return f"+37529{1_000_000 + uuid.uuid4().int % 9_000_000}"  # after 29 no number begins with 0


def rejected(stack: Stack) -> str:
    """A call whose lead the CRM has refused."""
    event_id = new_id()
    stack.fault("landing_off")
    stack.analyze(event_id)
    stack.rests(event_id, "rejected")
    return event_id


def unknown(stack: Stack) -> str:
    """A call whose lead may be in the CRM."""
    event_id = new_id()
    stack.fault("close_after_commit")
    stack.analyze(event_id)
    stack.rests(event_id, "unknown")
    return event_id


def delivered(stack: Stack, **members: object) -> str:
    event_id = new_id()
    stack.analyze(event_id, **members)
    stack.rests(event_id, "delivered")
    return event_id


def test_a_list_that_comes_late_does_not_take_the_place_of_what_was_found(browser: Browser, stack: Stack) -> None:
    event_id = delivered(stack)
    console = window(browser, stack)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    console.page.route(lambda url: url.partition("?")[0].endswith("/api/events") and "status" not in url, hold)
    console.enter()
    console.search(event_id)
    expect(console.page.get_by_text("Найдено: 1")).to_be_visible()
    assert held
    for route in held:
        with console.page.expect_response(route.request.url):
            route.continue_()
    console.page.wait_for_load_state("networkidle")
    expect(console.page.get_by_text("Найдено: 1")).to_be_visible()
    console.page.context.close()
    assert console.faults == []


def test_a_call_is_found_by_its_id_its_phone_and_its_email(console: Console) -> None:
    phone, email = any_phone(), f"{new_id()}@example.com"
    event_id = delivered(console.stack, contacts={"full_name": "Иван", "phone": phone, "email": email})
    spaced = f"{phone[:4]} {phone[4:6]} {phone[6:]}"
    for query in (event_id, phone, spaced, f"8 0{phone[4:]}", email.upper()):
        console.search(query)
        expect(console.page.get_by_text("Найдено: 1")).to_be_visible()
        expect(console.page.get_by_role("table").get_by_role("link", name=event_id)).to_be_visible()
    console.search(any_phone())  # nobody's
    expect(console.page.get_by_text("Ничего не нашлось")).to_be_visible()


def test_what_waits_for_a_person_comes_first_and_a_list_can_be_filtered(console: Console) -> None:
    refused, fine = rejected(console.stack), delivered(console.stack)
    console.press("Обновить")
    waiting = console.page.get_by_role("region", name="Ждут человека")
    one = waiting.get_by_role("listitem").filter(has_text=refused).last
    expect(one.get_by_role("link", name="Иван Иванов")).to_be_visible()
    expect(one.get_by_role("link", name="Позвонить: +375291234567")).to_be_visible()
    expect(waiting.get_by_text("Попросите владельца CRM включить лендинг").first).to_be_visible()
    expect(waiting.get_by_text("Лендинг в CRM выключен").first).to_be_visible()
    console.page.get_by_label("Статус").select_option("rejected")
    table = console.page.get_by_role("table")
    expect(table.get_by_role("link", name=refused)).to_be_visible()
    expect(table.get_by_role("link", name=fine)).to_have_count(0)
    console.page.get_by_label("Агент").fill("nobody")
    console.page.get_by_label("Агент").press("Enter")
    expect(console.page.get_by_text("Таких звонков нет")).to_be_visible()


def test_a_call_is_read_from_its_arrival_to_the_crms_answer_beside_what_was_said(console: Console) -> None:
    stack, event_id = console.stack, new_id()
    with ModelStub("ok") as model, stack.settings(OPENAI_API_KEY="invented", OPENAI_BASE_URL=model.base_url):
        stack.analyze(event_id)
        stack.rests(event_id, "delivered")
    console.call(event_id)
    way = console.page.get_by_role("region", name="Что было")
    for step in ("Получен", "Проанализирован", "Попытка 1", "CRM сохранила лид"):
        expect(way.get_by_text(step, exact=True)).to_be_visible()
    way.get_by_text("Запрос и ответ").click()
    expect(way.get_by_text("+375291234567", exact=True).first).to_be_visible()
    expect(way.get_by_text("resultCode").first).to_be_visible()
    talk = console.page.get_by_role("region", name="Разговор")
    expect(talk.get_by_text("Чем могу помочь?")).to_be_visible()
    expect(talk.locator("mark")).to_contain_text("Хочу купить двухкомнатную квартиру")
    console.page.get_by_role("button", name="Цитата 1").click()
    expect(talk.locator("mark")).to_be_focused()


def test_a_refused_lead_is_sent_again(console: Console) -> None:
    event_id = rejected(console.stack)
    console.call(event_id)
    console.stands_at("Отклонён")
    console.press("Отправить ещё раз")
    expect(console.dialog).to_contain_text("Отправить лид ещё раз?")
    console.dialog.get_by_label("Почему").fill("Лендинг снова включён.")
    console.dialog.get_by_role("button", name="Отправить", exact=True).click()
    console.report("Отправка заказана.")
    console.stands_at("Доставлен")
    expect(console.page.locator("b", has_text="Попытка 2")).to_be_visible()
    expect(console.page.get_by_text("кто: local-operator")).to_be_visible()
    assert len(console.stack.leads(event_id)) == 1


def test_a_lead_that_is_there_is_sent_again_only_by_somebody_who_says_to_have_looked(console: Console) -> None:
    event_id = delivered(console.stack)
    console.call(event_id)
    console.press("Отправить ещё раз")
    expect(console.dialog).to_contain_text("их может стать два")
    console.dialog.get_by_label("Почему").fill("Лид удалили по ошибке.")
    console.dialog.get_by_role("button", name="Отправить принудительно").click()
    expect(console.dialog.get_by_role("alert")).to_have_text("Отметьте, что вы это понимаете.")
    console.dialog.get_by_role("checkbox").check()
    console.dialog.get_by_role("button", name="Отправить принудительно").click()
    console.report("CRM может принять это за другой лид")
    wait_until(lambda: len(console.stack.leads(event_id)) == 2, what="the second lead is there")


def test_an_unknown_outcome_is_settled_by_what_a_person_saw(console: Console) -> None:
    event_id = unknown(console.stack)
    console.call(event_id)
    console.press("Решить исход")
    console.dialog.get_by_role("button", name="Записать").click()
    expect(console.dialog.get_by_role("alert")).to_have_text("Выберите вариант.")
    console.dialog.get_by_role("radio", name="Лид есть").check()
    console.dialog.get_by_label("Где и что вы увидели").fill("Лид в разделе «Лиды».")
    console.dialog.get_by_role("button", name="Записать").click()
    console.stands_at("Доставлен")
    expect(console.page.get_by_text("local-operator: лид в CRM есть")).to_be_visible()
    expect(console.page.get_by_role("button", name="Решить исход")).to_have_count(0)


def test_a_call_is_analysed_anew_and_the_page_shows_the_new_revision(console: Console) -> None:
    event_id = delivered(console.stack)
    console.call(event_id)
    console.press("Проанализировать заново")
    console.dialog.get_by_label("Что не так с анализом").fill("Тема указана неверно.")
    console.dialog.get_by_role("button", name="Проанализировать").click()
    console.report("Новый анализ заказан.")
    way = console.page.get_by_role("region", name="Что было")
    expect(way.get_by_text("Проанализирован", exact=True)).to_have_count(2)
    expect(way.get_by_text("кто: local-operator: Тема указана неверно.")).to_be_visible()
    assert len(console.stack.leads(event_id)) == 1


def test_a_dead_letter_is_looked_at_and_sent_back(console: Console) -> None:
    event_id = rejected(console.stack)
    wait_until(lambda: console.stack.depth("dispatch_dead_letters") == 1, what="there is a dead letter")
    console.go("queues")
    console.press("Посмотреть отложенные: Отправка")
    expect(console.dialog.get_by_role("link", name=event_id)).to_be_visible()
    expect(console.dialog.get_by_text("Лендинг в CRM выключен")).to_be_visible()
    console.dialog.get_by_role("button", name="Отмена").click()
    assert console.stack.depth("dispatch_dead_letters") == 1  # looking changes nothing
    console.press("Посмотреть отложенные: Отправка")
    console.dialog.get_by_label("Почему").fill("Лендинг снова включён.")
    console.dialog.get_by_role("button", name="Вернуть в очередь").click()
    console.report("Возвращаются в очередь: около 1.")
    console.stack.rests(event_id, "delivered")


def test_a_refused_webhook_is_released_once_its_cause_is_mended(console: Console) -> None:
    stack, conversation = console.stack, f"conv_{uuid.uuid4().hex[:28]}"
    refused = stack.webhook(secret="wsec_rotated_over_there", conversation_id=conversation)
    assert refused.status_code == httpx.codes.UNAUTHORIZED
    console.go("quarantine")
    entry = console.page.get_by_role("listitem").filter(has_text="Чужая подпись").first
    entry.get_by_role("button", name="Принять").click()
    console.dialog.get_by_role("button", name="Принять").click()
    expect(console.dialog.get_by_role("alert")).to_contain_text("Подпись не подходит к содержанию.")
    with secret_of(stack, {"current": stack.endpoints["webhook_secret"], "previous": "wsec_rotated_over_there"}):
        console.dialog.get_by_role("button", name="Принять").click()
        console.report("Вебхук принят и стал звонком.")
    stack.rests(conversation, "delivered")
    taken = console.page.get_by_role("listitem").filter(has_text="Принят").first
    expect(taken).to_contain_text("Кто принял: ")
    taken.get_by_role("link", name="Открыть звонок").click()
    expect(console.page.get_by_role("heading", name=conversation)).to_be_visible()


@contextmanager
def secret_of(stack: Stack, value: dict[str, str]) -> Iterator[None]:
    """The webhook's secret as while it is being rotated."""
    secrets, name = stack.client("secretsmanager"), "postcall/local/elevenlabs-webhook"
    secrets.put_secret_value(SecretId=name, SecretString=json.dumps(value))
    try:
        yield
    finally:
        secrets.put_secret_value(SecretId=name, SecretString=stack.endpoints["webhook_secret"])


def test_an_erased_call_leaves_nothing_of_the_caller_and_cannot_be_sent(console: Console) -> None:
    phone = any_phone()
    event_id = delivered(console.stack, contacts={"full_name": "Пётр Щёголев", "phone": phone})
    console.call(event_id)
    console.press("Удалить данные")
    console.dialog.get_by_label("Причина").fill(REASON)
    console.dialog.get_by_role("checkbox").check()
    console.dialog.get_by_role("button", name="Удалить навсегда").click()
    console.report("Персональные данные удалены.")
    console.stands_at("Данные удалены")
    expect(console.page.get_by_text("Персональные данные удалены", exact=True)).to_be_visible()
    expect(console.page.get_by_text(REASON)).to_be_visible()
    expect(console.page.get_by_text("Разговор удалён")).to_be_visible()
    expect(console.page.get_by_role("button", name="Отправить ещё раз")).to_have_count(0)
    record = json.dumps(console.stack.event(event_id), ensure_ascii=False)
    assert phone not in record
    assert "Щёголев" not in record
    answer = console.stack.call_api("POST", f"/api/events/{event_id}/resend-crm?force=true")
    assert answer.status_code == httpx.codes.CONFLICT


def test_all_calls_of_one_person_are_erased_by_phone(console: Console) -> None:
    contacts = {"full_name": "Анна", "phone": any_phone()}
    ids = [delivered(console.stack, contacts=contacts) for _ in range(2)]
    other = delivered(console.stack, contacts={"full_name": "Олег", "phone": any_phone()})
    console.search(contacts["phone"])
    expect(console.page.get_by_text("Найдено: 2")).to_be_visible()
    console.press("Удалить данные человека")
    console.dialog.get_by_label("Причина").fill(REASON)
    console.dialog.get_by_role("checkbox").check()
    console.dialog.get_by_role("button", name="Удалить навсегда").click()
    console.report("Удалены данные звонков: 2.")
    expect(console.page.get_by_text("Ничего не нашлось")).to_be_visible()
    assert all(console.stack.event(event_id)["event"]["erased_at"] for event_id in ids)
    assert console.stack.event(other)["event"]["erased_at"] is None


def test_a_script_in_a_callers_name_stays_text(console: Console) -> None:
    script = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    event_id = delivered(
        console.stack,
        transcript=[{"role": "user", "message": script}, {"role": "agent", "message": script}],
        contacts={"full_name": script, "phone": any_phone()},
        agent_id="<b>A1</b>",
    )
    console.call(event_id)
    expect(console.page.get_by_text(script).first).to_be_visible()
    console.go("calls")
    console.press("Обновить")
    expect(console.page.get_by_text("<b>A1</b>").first).to_be_visible()
    assert console.page.locator("main img, main script, main b:text-is('A1')").count() == 0
    assert "owned" not in console.page.title()
