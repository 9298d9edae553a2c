"""What the service reads of a body, and what it refuses to read."""

import json

import pytest

from tests.contract.crm_simulator.calls import Caller, is_request_error, shows, web_form
from tools.simulators.crm.profiles import LANDING_ID


@shows("request.wrapped")
def test_members_it_does_not_know_are_skipped(stock: Caller) -> None:
    body = web_form({"Contact": "Иван"}, colour="red") | {"landingId": "x", "fields": "y"}
    assert stock.result(body).code == 0
    assert stock.only_lead()["fields"]["Contact"] == "Иван"


@shows("request.case_sensitive")
@pytest.mark.parametrize("change", [("formData", "formdata"), ("formFieldsData", "FormFieldsData")])
def test_a_member_in_another_case_is_a_missing_member(stock: Caller, change: tuple[str, str]) -> None:
    body = json.dumps(web_form({"Contact": "Иван"})).replace(f'"{change[0]}"', f'"{change[1]}"')
    assert stock.raw(body.encode()).json() == {"SaveWebFormObjectDataResult": ""}
    assert stock.crm.leads() == []


@shows("request.numbers_as_text")
def test_numbers_and_booleans_arrive_as_their_text(stock: Caller) -> None:
    lead = stock.lead({"Zip": 220004, "Contact": 4.50, "Account": True, "UsrMinskMir": False})
    assert [lead["fields"][name] for name in ("Zip", "Contact", "Account")] == ["220004", "4.5", "true"]
    assert lead["fields"]["UsrMinskMir"] is False


@shows("request.nested_value")
@pytest.mark.parametrize("value", [{"text": "Иван"}, ["Иван"]])
def test_a_nested_value_is_refused(stock: Caller, value: object) -> None:
    assert is_request_error(stock.post(web_form({"Contact": value})))
    assert stock.crm.leads() == []


@shows("request.wrong_type")
@pytest.mark.parametrize(
    "body",
    [
        {"formData": "text"},
        {"formData": {"formId": LANDING_ID, "formFieldsData": 5}},
        web_form({"Contact": "Иван"}, contactFieldsData="none"),
        web_form({"Contact": "Иван"}, options=5),
        ["formData"],
    ],
)
def test_a_value_of_the_wrong_type_is_refused(stock: Caller, body: object) -> None:
    assert is_request_error(stock.post(body))
    assert stock.crm.leads() == []


@shows("request.wrong_type")
@pytest.mark.parametrize("found", [{}, "", {"name": "Contact", "value": "Иван"}])
def test_an_object_or_nothing_for_an_array_is_an_empty_array(stock: Caller, found: object) -> None:
    assert stock.result({"formData": {"formId": LANDING_ID, "formFieldsData": found, "options": ""}}).code == 0
    assert "Contact" not in stock.only_lead()["fields"]


@shows("request.two_characters")
@pytest.mark.parametrize("character", ["\ufffe", "\uffff"])
def test_two_characters_cost_the_whole_body(stock: Caller, character: str) -> None:
    body = web_form({"Contact": f"Иван{character}"})
    assert is_request_error(stock.raw(json.dumps(body, ensure_ascii=False).encode()))
    assert stock.crm.leads() == []
    assert stock.raw(json.dumps(body).encode()).status_code == 200


@shows("request.twice")
def test_a_member_twice_is_refused_but_the_form_itself(stock: Caller) -> None:
    body = json.dumps(web_form({"Contact": "Ivan"}))
    assert is_request_error(stock.raw(body.replace('"value"', '"value": "Petr", "value"').encode()))
    assert stock.raw(b'{"formData": null, ' + body[1:].encode()).status_code == 200
    assert stock.only_lead()["fields"]["Contact"] == "Ivan"


@shows("request.no_body")
def test_no_body_is_the_empty_result(stock: Caller) -> None:
    assert stock.raw(b"").json() == {"SaveWebFormObjectDataResult": ""}
    assert is_request_error(stock.raw(b"  "))


@shows("request.operation_name")
@pytest.mark.parametrize(
    ("change", "status"),
    [("savewebformobjectdata", 200), ("Save%57ebFormObjectData", 200), ("SaveWebFormObjectData/", 404)],
)
def test_the_operations_name(stock: Caller, change: str, status: int) -> None:
    url = stock.crm.service_url.replace("SaveWebFormObjectData", change)
    headers = {"Content-Type": "application/json", "Referer": "https://mir.utlik.pro/"}
    assert (
        stock.client.post(url, content=json.dumps(web_form({"Contact": "Ivan"})), headers=headers).status_code == status
    )


@shows("request.not_json")
@pytest.mark.parametrize("end", [b"}", b"\x00", b"}\x00"])
def test_an_end_too_many_or_too_few_is_read(stock: Caller, end: bytes) -> None:
    body = json.dumps(web_form({"Contact": "Ivan"})).encode()
    assert [stock.raw(each).status_code for each in (body + end, body[:-1], body[:-2])] == [200] * 3


@shows("request.not_json")
@pytest.mark.parametrize("body", [b" ", b"[", b"formData=1", b'{"formData": NaN}', b"\xff\xfe", b"{} text"])
def test_a_body_that_is_not_json_is_refused(stock: Caller, body: bytes) -> None:
    assert is_request_error(stock.raw(body))


@shows("request.content_type")
@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded", "application/xml"])
def test_another_content_type_is_refused(stock: Caller, content_type: str | None) -> None:
    assert is_request_error(stock.raw(json.dumps(web_form({"Contact": "Иван"})).encode(), content_type))
    assert stock.crm.leads() == []


@shows("request.charset")
@pytest.mark.parametrize(
    ("charset", "is_read"),
    [
        ("utf-8", True),
        ("UTF-16LE", True),
        ("utf-8-sig", False),
        ("utf-16", False),
        ("windows-1251", False),
        ("iso-8859-1", False),
    ],
)
def test_only_the_unicode_charsets_are_read(stock: Caller, charset: str, *, is_read: bool) -> None:
    body = json.dumps(web_form({"Contact": "Ivan"})).encode(charset)
    answer = stock.raw(body, f"application/json; charset={charset}")
    assert (answer.status_code == 200) is is_read
    assert len(stock.crm.leads()) == is_read


@shows("request.encoder")
@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("utf-8", "utf-16-le"), ("utf-16LE", "utf-8"), ("utf-16BE", "utf-16-le"), ("utf-8", "utf-32-be")],
)
def test_other_bytes_than_the_headers_are_a_400_without_a_page(stock: Caller, charset: str, encoding: str) -> None:
    body = json.dumps(web_form({"Contact": "Ivan"})).encode(encoding)
    answer = stock.raw(body, f"application/json; charset={charset}")
    assert (answer.status_code, answer.content) == (400, b"")
    assert stock.crm.leads() == []


@shows("request.encoder")
def test_half_a_surrogate_in_utf_16_is_a_400_without_a_page(stock: Caller) -> None:
    body = json.dumps(web_form({"Contact": "\ud83d"}), ensure_ascii=False).encode("utf-16-le", "surrogatepass")
    assert (stock.raw(body).status_code, stock.raw(body).content) == (400, b"")


@shows("request.no_fields")
def test_an_empty_list_of_fields_makes_an_almost_empty_lead(stock: Caller) -> None:
    assert set(stock.lead([])["fields"]) == {"Id", "WebForm", "RegisterMethod"}


def test_a_chunked_body_is_read(stock: Caller) -> None:
    body = json.dumps(web_form({"Contact": "Иван"})).encode()
    answer = stock.client.post(
        stock.crm.service_url,
        content=iter([body[:20], body[20:]]),
        headers={"Content-Type": "application/json", "Referer": "https://mir.utlik.pro/"},
    )
    assert answer.status_code == 200
    assert stock.only_lead()["fields"]["Contact"] == "Иван"
