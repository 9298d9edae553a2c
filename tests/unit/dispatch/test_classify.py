"""What the CRM's answers mean: every row of docs/contracts/bpmsoft.md, "Outcomes", in Russian and English."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.dispatch.classify import Exchange, Terms, TransportResult, classify
from functions.dispatch.settings import WireFormat
from postcall.domain.deduplication import Deduplication
from postcall.domain.outcome import ATTEMPT_STATUS, AttemptStatus, Outcome, Verdict

LETTER = Terms()
WEB_FORM = Terms(WireFormat.WEB_FORM)
SAFE = frozenset(
    {Outcome.DELIVERED, Outcome.DELIVERED_WITH_WARNING, Outcome.ALREADY_THERE, Outcome.ACCEPTED_UNCONFIRMED}
)


def stock(inner: str) -> str:
    return json.dumps({"SaveWebFormObjectDataResult": inner}, ensure_ascii=False)


def refusal(message: str, exception: str | None = None) -> str:
    named = "" if exception is None else f'exceptionType:"{exception}",'
    return stock(f"{{{named}resultMessage:{json.dumps(message, ensure_ascii=False)},resultCode:-1}}")


def answered(text: str, status: int = 200, terms: Terms = LETTER, retry_after: float | None = None) -> Verdict:
    return classify(Exchange(TransportResult.ANSWERED, status=status, text=text, retry_after=retry_after), terms)


SAVED = stock('{resultMessage:"Данные успешно сохранены",resultCode:0}')


@pytest.mark.parametrize("terms", [LETTER, WEB_FORM])
@pytest.mark.parametrize(
    "text",
    [
        SAVED,
        stock('{"resultMessage":"Data successfully saved","resultCode":0}'),
        stock('{resultCode:0,resultMessage:"ok",optionResult:null,extra:{a:[1,true]}}'),
        stock("{ resultCode : 0 }"),
        '{"SaveWebFormObjectDataResult":{"resultCode":0}}',
    ],
)
def test_row_1_code_zero_is_delivered(text: str, terms: Terms) -> None:
    assert answered(text, terms=terms).outcome is Outcome.DELIVERED


def test_a_code_at_the_top_is_an_answer_to_the_letter_and_not_the_stock_servers() -> None:
    text = '{"resultCode": 0, "resultMessage": "ok"}'
    assert answered(text).outcome is Outcome.DELIVERED
    assert answered(text, terms=WEB_FORM).outcome is Outcome.UNKNOWN


def test_row_2_with_contact_fields_the_stock_server_only_promises() -> None:
    terms = Terms(WireFormat.WEB_FORM, sends_contact_fields=True)
    assert answered(SAVED, terms=terms).outcome is Outcome.ACCEPTED_UNCONFIRMED
    assert answered(SAVED, terms=Terms(sends_contact_fields=True)).outcome is Outcome.DELIVERED


def test_row_3_an_empty_result_names_the_setting_to_change() -> None:
    text = stock("")
    verdict = answered(text)
    assert verdict.outcome is Outcome.REJECTED_CONTRACT
    assert "CRM_WIRE_FORMAT=web_form" in verdict.detail
    assert "CRM_WIRE_FORMAT" not in answered(text, terms=WEB_FORM).detail


ROWS = {
    "row 4, unknown form": (
        Outcome.REJECTED_CONFIGURATION,
        ["Неизвестный идентификатор формы", "Неизвестный идентификатор формы.", "Unknown landing identifier."],
    ),
    "row 4, no schema": (
        Outcome.REJECTED_CONFIGURATION,
        ["Не найдена схема для лендинга.", "Landing's specified schema was not found."],
    ),
    "row 5, switched off": (
        Outcome.REJECTED_CONFIGURATION,
        ["Лендинг отключен в данный момент", "Landing is disabled at this moment."],
    ),
    "row 5, not trusted": (
        Outcome.REJECTED_CONFIGURATION,
        ["URL, с которого выполнен запрос, не разрешен в системе", "Not allowed request URL."],
    ),
    "row 6, pre-handler": (
        Outcome.UNAVAILABLE,
        ["Ошибка предобработки данных формы", "Webform data preprocessing error"],
    ),
    "row 7, value": (
        Outcome.PARTIAL,
        ["Входная строка имела неверный формат.", "Input string was not in a correct format."],
    ),
    "row 7, lookup": (
        Outcome.PARTIAL,
        ['Запись не добавлена в объект "Тип". …', 'Record was not added to the "Type" object. …'],
    ),
    "row 8, post-handler": (
        Outcome.DELIVERED_WITH_WARNING,
        [
            "Ошибка постобработки данных формы (после создания объекта)",
            "Web form data postprocessing error (entity was created).",
        ],
    ),
    "row 11, anything else": (
        Outcome.UNKNOWN,
        ["Transaction was deadlocked on lock resources", "Недостаточно прав", "", "Данные успешно сохранены"],
    ),
}


@pytest.mark.parametrize(
    ("outcome", "message"),
    [(outcome, message) for outcome, messages in ROWS.values() for message in messages],
)
@pytest.mark.parametrize("terms", [LETTER, WEB_FORM, Terms(deduplication=Deduplication.LEAD_ID)])
def test_rows_4_to_11_minus_one_is_read_by_its_text(outcome: Outcome, message: str, terms: Terms) -> None:
    assert answered(refusal(message), terms=terms).outcome is outcome
    assert answered(refusal(message, "SomeException"), terms=terms).outcome is outcome


PRIMARY_KEY = "Cannot insert duplicate key in object 'dbo.Lead'. The duplicate key value is (…)."
OUR_INDEX = '23505: duplicate key value violates unique constraint "IX_Lead_UsrEventId"'


@pytest.mark.parametrize(
    ("message", "deduplication", "outcome"),
    [
        (PRIMARY_KEY, Deduplication.LEAD_ID, Outcome.UNKNOWN),
        (PRIMARY_KEY, Deduplication.EVENT_ID, Outcome.UNKNOWN),
        (PRIMARY_KEY, Deduplication.NONE, Outcome.UNKNOWN),
        (OUR_INDEX, Deduplication.EVENT_ID, Outcome.ALREADY_THERE),
        (OUR_INDEX, Deduplication.NONE, Outcome.UNKNOWN),
        (
            "повторяющееся значение ключа нарушает ограничение уникальности «ix_UsrEventId»",
            Deduplication.EVENT_ID,
            Outcome.ALREADY_THERE,
        ),
    ],
)
def test_rows_9_and_10_a_duplicate_key(message: str, deduplication: Deduplication, outcome: Outcome) -> None:
    assert answered(refusal(message), terms=Terms(deduplication=deduplication)).outcome is outcome


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, Outcome.REJECTED_CONTRACT),
        (413, Outcome.REJECTED_DATA),
        (415, Outcome.REJECTED_CONTRACT),
        *[(status, Outcome.REJECTED_CONFIGURATION) for status in (301, 302, 307, 401, 403, 404, 405)],
        *[(status, Outcome.UNAVAILABLE) for status in (408, 429, 503)],
        *[(status, Outcome.UNKNOWN) for status in (500, 502, 504)],
        *[(status, Outcome.UNKNOWN) for status in (202, 204, 409, 418, 507, 520, 101)],
    ],
)
def test_rows_12_to_17_the_status(status: int, outcome: Outcome) -> None:
    verdict = answered("<html>Request Error</html>", status=status)
    assert (verdict.outcome, verdict.http_status) == (outcome, status)
    assert str(status) in verdict.detail


def test_a_text_that_quotes_another_text_is_read_by_its_own_beginning() -> None:
    quoted = 'Запись не добавлена в объект "Тип". Значение "Неизвестный идентификатор формы" не найдено.'
    assert answered(refusal(quoted)).outcome is Outcome.PARTIAL
    assert answered(refusal('Ошибка: "Not allowed request URL."')).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "message",
    [
        '23505: duplicate key violates unique constraint "IX_Lead_Phone"\nDETAIL: Key ("Name")=("UsrEventId") exists.',
        "Cannot insert duplicate key row with unique index 'IX_Phone'. The duplicate key value is (UsrEventId).",
        "duplicate key value, UsrEventId",
    ],
)
def test_a_duplicate_is_ours_only_by_the_name_of_its_index(message: str) -> None:
    assert answered(refusal(message), terms=Terms(deduplication=Deduplication.EVENT_ID)).outcome is Outcome.UNKNOWN


def test_only_a_class_name_goes_on_the_record() -> None:
    assert "(SqlException)" in answered(refusal("?", "SqlException")).detail
    assert "Иван" not in answered(refusal("?", "Иван +375291234567")).detail
    assert len(answered(refusal("?", "x" * 5_000)).detail) < 200


def test_a_conflict_is_already_there_only_where_the_event_is_unique() -> None:
    assert answered("", 409, Terms(deduplication=Deduplication.EVENT_ID)).outcome is Outcome.ALREADY_THERE


def test_the_crms_own_wish_is_kept_only_for_what_is_tried_again() -> None:
    assert answered("", 503, retry_after=42).retry_after == 42
    assert answered("", 500, retry_after=42).retry_after is None


@pytest.mark.parametrize(
    ("transport", "outcome"),
    [
        (TransportResult.NOT_SENT, Outcome.UNAVAILABLE),
        (TransportResult.CERTIFICATE_REFUSED, Outcome.REJECTED_CONFIGURATION),
        (TransportResult.MAYBE_SENT, Outcome.UNKNOWN),
    ],
)
def test_rows_18_and_19_what_broke_and_when(transport: TransportResult, outcome: Outcome) -> None:
    verdict = classify(Exchange(transport, error="ReadTimeout"), LETTER)
    assert (verdict.outcome, verdict.answer) == (outcome, "ReadTimeout")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>Login</html>",
        "[]",
        "null",
        "{}",
        '{"success": true}',
        stock("{resultMessage:"),
        stock("saved"),
        stock('{resultMessage:"ok"}'),
        stock('{resultCode:"zero"}'),
        stock("{resultCode:true}"),
        stock("{resultCode:1}"),
        stock("{resultCode:0.5}"),
        stock("[0]"),
        '{"SaveWebFormObjectDataResult":null}',
        stock('{resultCode:-1,resultMessage:"a",resultCode:0}'),
        '{"SaveWebFormObjectDataResult":"{resultCode:-1}","SaveWebFormObjectDataResult":"{resultCode:0}"}',
        stock('{resultCode:"\u0660"}'),
    ],
)
def test_row_20_what_nobody_has_seen_is_unknown(text: str) -> None:
    assert answered(text).outcome is Outcome.UNKNOWN


def test_created_is_created_in_the_letters_format_unless_a_code_says_otherwise() -> None:
    assert answered("", 201).outcome is Outcome.DELIVERED
    assert answered('{"id": 1}', 201).outcome is Outcome.DELIVERED
    assert answered(refusal("Недостаточно прав"), 201).outcome is Outcome.UNKNOWN
    for doubtful in (
        '{"success":false,"resultCode":null}',
        '{"error":"x"}',
        "<html>Login</html>",
        stock("{resultCode:"),
        "[]",
    ):
        assert answered(doubtful, 201).outcome is Outcome.UNKNOWN
    assert answered("", 201, WEB_FORM).outcome is Outcome.UNKNOWN


@given(
    st.text() | st.builds(stock, st.text()), st.sampled_from([200, 201, 400, 500]), st.sampled_from(list(Deduplication))
)
def test_nothing_made_up_is_taken_for_a_lead(text: str, status: int, deduplication: Deduplication) -> None:
    if status == 201 and not text.strip():
        return
    for wire_format in WireFormat:
        verdict = answered(text, status, Terms(wire_format, deduplication))
        assert verdict.outcome not in SAFE
        assert ATTEMPT_STATUS[verdict.outcome] is not AttemptStatus.SUCCESS


@pytest.mark.parametrize(
    ("status", "outcome"), [(300, Outcome.REJECTED_CONFIGURATION), (399, Outcome.REJECTED_CONFIGURATION)]
)
def test_every_redirect_is_a_wrong_address(status: int, outcome: Outcome) -> None:
    assert answered("", status).outcome is outcome


@pytest.mark.parametrize("status", [299, 402, 418, 451])
def test_a_status_of_no_row_is_unknown(status: int) -> None:
    assert answered("", status).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.UNKNOWN),
        (201, Outcome.UNKNOWN),
        (300, Outcome.REJECTED_CONFIGURATION),
        (503, Outcome.UNAVAILABLE),
    ],
)
def test_an_answer_that_is_not_whole_says_nothing_but_its_status(status: int, outcome: Outcome) -> None:
    broken_off = Exchange(TransportResult.ANSWERED, status=status, text=SAVED, whole=False)
    assert classify(broken_off, LETTER).outcome is outcome
