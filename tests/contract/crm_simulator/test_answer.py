"""The answer on the wire, byte for byte where a client could stumble, and every message in both languages."""

import pytest

from tests.contract.crm_simulator.calls import Caller, is_request_error, letter, shows, web_form
from tools.simulators.crm.answers import result

ASKS = {"extendResponseWithExceptionType": True}


@shows("answer.success", "answer.unquoted_keys")
def test_success_looks_like_this(stock: Caller) -> None:
    answer = stock.post(web_form({"Contact": "Иван"}))
    expected = r'{"SaveWebFormObjectDataResult":"{resultMessage:\"Данные успешно сохранены\",resultCode:0}"}'
    assert (answer.status_code, answer.content) == (200, expected.encode())
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@shows("answer.exception_asked")
def test_a_refusal_with_the_exception_type_looks_like_this(stock: Caller) -> None:
    answer = stock.post(web_form({"Contact": "Иван"}, options=ASKS), {"Referer": None})
    inner = '{exceptionType:"",resultMessage:"URL, с которого выполнен запрос, не разрешен в системе",resultCode:-1}'
    assert answer.json() == {"SaveWebFormObjectDataResult": inner}


@shows("answer.unquoted_keys")
def test_the_keys_can_be_quoted_and_turned_round(stock: Caller) -> None:
    stock.crm.configure(quoted_keys=True, code_first=True)
    assert (
        stock.result(web_form({"Contact": "Иван"})).text
        == '{"resultCode":0,"resultMessage":"Данные успешно сохранены"}'
    )


@shows("answer.slash")
def test_the_outer_json_escapes_the_slash(stock: Caller) -> None:
    stock.crm.configure(columns={"UsrUrl": {"unique": True}})
    stock.post(web_form({"UsrUrl": "a/b"}))
    answer = stock.post(web_form({"UsrUrl": "a/b"}))
    assert rb"a\/b" in answer.content
    assert "a/b" in answer.json()["SaveWebFormObjectDataResult"]


@shows("answer.escapes")
def test_what_lies_beyond_the_basic_plane_is_escaped() -> None:
    assert result("a\u2028😀/").body == b'{"SaveWebFormObjectDataResult":"a\\u2028\\ud83d\\ude00\\/"}'


@shows("answer.no_contract")
@pytest.mark.parametrize(
    "body", [{}, {"formData": None}, {"formData": {}}, web_form([]) | {"formData": {"formId": "x"}}]
)
def test_a_body_without_the_contract_gets_the_empty_result(stock: Caller, body: object) -> None:
    assert stock.post(body).content == b'{"SaveWebFormObjectDataResult":""}'
    assert stock.crm.leads() == []


@shows("answer.letter_body")
def test_the_letters_body_gets_the_empty_result_and_saves_nothing(stock: Caller) -> None:
    answer = stock.post(letter({"Commentary": "Тема: …", "UsrEventId": "123"}, {"FullName": "Иван Иванов"}))
    assert answer.json() == {"SaveWebFormObjectDataResult": ""}
    assert (stock.crm.leads(), stock.crm.web_form_data()) == ([], [])


@shows("answer.exception_asked", "answer.exception_not_asked")
@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, "(absent)"),
        ({"options": None}, "(absent)"),
        ({"options": {}}, None),
        ({"options": ASKS}, "FormatException"),
    ],
)
def test_the_exception_type_depends_on_the_options(stock: Caller, members: dict[str, object], expected: object) -> None:
    assert stock.result(web_form({"UsrSquare": "большая"}, **members)).exception_type == expected


@shows("answer.exception_asked")
def test_a_success_has_no_exception_type(stock: Caller) -> None:
    assert stock.result(web_form({"Contact": "Иван"}, options=ASKS)).exception_type == "(absent)"


@shows("answer.unhandled", "answer.unhandled_net8")
@pytest.mark.parametrize(("platform", "status"), [("netframework", 400), ("net8", 500)])
def test_an_exception_that_nobody_catches_is_a_page(stock: Caller, platform: str, status: int) -> None:
    stock.crm.configure(platform=platform, columns={"Account": {"required": True}})
    assert is_request_error(stock.post(web_form({"Contact": "Иван"})), status)


@shows("text.ok")
@pytest.mark.parametrize(("culture", "text"), [("ru", "Данные успешно сохранены"), ("en", "Data successfully saved")])
def test_success_in_both_languages(stock: Caller, culture: str, text: str) -> None:
    stock.crm.configure(culture=culture)
    assert stock.result(web_form({})).message == text


UNKNOWN = "00000000-0000-0000-0000-000000000001"


@shows("text.unknown_form", "text.no_schema", "text.landing_off", "text.url")
@pytest.mark.parametrize(
    ("situation", "russian", "english"),
    [
        ("no_guid", "Неизвестный идентификатор формы.", "Unknown landing identifier."),
        ("unknown_async", "Неизвестный идентификатор формы.", "Unknown landing identifier."),
        ("unknown", "Не найдена схема для лендинга.", "Landing's specified schema was not found."),
        ("off", "Лендинг отключен в данный момент", "Landing is disabled at this moment."),
        ("url", "URL, с которого выполнен запрос, не разрешен в системе", "Not allowed request URL."),
    ],
)
@pytest.mark.parametrize("culture", ["ru", "en"])
def test_refusals_that_save_nothing(stock: Caller, culture: str, situation: str, russian: str, english: str) -> None:
    stock.crm.configure(culture=culture)
    if situation == "off":
        stock.crm.configure(landings={"cd8c698b-4b42-4a47-aaf4-7a9e72a0344b": {"active": False}})
    bodies = {
        "no_guid": web_form({}, formId="landing"),
        "unknown_async": web_form({}, formId=UNKNOWN, contactFieldsData=[{"name": "Email", "value": "a@b.by"}]),
        "unknown": web_form({}, formId=UNKNOWN),
    }
    headers = {"Referer": None} if situation == "url" else {}
    found = stock.result(bodies.get(situation, web_form({})), headers)
    assert (found.code, found.message) == (-1, russian if culture == "ru" else english)
    assert stock.crm.leads() == []


@shows("text.preprocess", "text.postprocess", "text.format", "text.lookup")
@pytest.mark.parametrize(
    ("situation", "russian", "english", "leads"),
    [
        ("preprocess_error", "Ошибка предобработки данных формы", "Webform data preprocessing error", 0),
        (
            "post_handler_error",
            "Ошибка постобработки данных формы (после создания объекта)",
            "Web form data postprocessing error (entity was created).",
            1,
        ),
        ("format", "Входная строка имела неверный формат.", "Input string was not in a correct format.", 1),
        ("lookup", 'Запись не добавлена в объект "City".', 'Record was not added to the "City" object.', 1),
    ],
)
@pytest.mark.parametrize("culture", ["ru", "en"])
def test_minus_one_and_what_it_left(  # noqa: PLR0917 — one row of the table of messages
    stock: Caller, culture: str, situation: str, russian: str, english: str, leads: int
) -> None:
    stock.crm.configure(culture=culture)
    fields = {"format": {"UsrSquare": "большая"}, "lookup": {"City": "Лида"}}.get(situation, {"Contact": "Иван"})
    if situation.endswith("_error"):
        stock.crm.fail_next(situation)
    found = stock.result(web_form(fields))
    assert found.code == -1
    assert found.message.startswith(russian if culture == "ru" else english)
    assert len(stock.crm.leads()) == leads
