"""The order of the checks: with two things wrong at once, which one the answer tells."""

import json

import pytest

from tests.contract.crm_simulator.calls import LEAD_ID, Caller, is_request_error, shows, web_form
from tools.simulators.crm.profiles import LANDING_ID

UNKNOWN = "00000000-0000-0000-0000-000000000001"
CONTACT = [{"name": "Email", "value": "a@b.by"}]
NAMELESS = {"name": None, "value": "Иван"}
NO_REFERER = {"Referer": None}


@shows("order.options")
def test_options_gets_the_cors_headers_and_no_body(stock: Caller) -> None:
    answer = stock.client.options(stock.crm.service_url)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "POST"
    assert answer.headers["Access-Control-Allow-Headers"] == "Content-Type, Accept"


@shows("order.method")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_method_is_405(stock: Caller, method: str) -> None:
    assert stock.client.request(method, stock.crm.service_url).status_code == 405


@shows("order.path")
def test_another_path_is_404(stock: Caller) -> None:
    assert stock.client.post(f"{stock.crm.base_url}/0/ServiceModel/Other.svc/Save", json={}).status_code == 404


@shows("order.size_first", "limit.message_size")
def test_a_body_over_the_limit_is_413_whatever_it_is(stock: Caller) -> None:
    refused = stock.raw(b"x" * 65_537, "text/plain")
    assert (refused.status_code, refused.content) == (413, b"")
    body = json.dumps(web_form({"Commentary": "x" * 70_000})).encode()
    assert stock.raw(body).status_code == 413
    assert stock.crm.leads() == []


@shows("limit.message_size")
def test_a_body_of_exactly_the_limit_is_read(stock: Caller) -> None:
    frame = len(json.dumps(web_form({"Commentary": ""})).encode())
    assert stock.raw(json.dumps(web_form({"Commentary": "x" * (65_536 - frame)})).encode()).status_code == 200


@shows("order.form_id_first")
def test_the_form_id_is_told_before_a_nameless_field(stock: Caller) -> None:
    assert stock.result(web_form([NAMELESS], formId="landing")).message == "Неизвестный идентификатор формы."


@shows("order.preprocess_before_landing")
def test_a_failing_pre_handler_is_told_before_a_landing_that_is_off(stock: Caller) -> None:
    stock.crm.configure(landings={LANDING_ID: {"active": False}})
    found = stock.result(web_form([{"name": "Id", "value": LEAD_ID}, NAMELESS]))
    assert found.message == "Ошибка предобработки данных формы"


@shows("order.schema_before_trust")
def test_an_unknown_landing_is_told_before_an_untrusted_referer(stock: Caller) -> None:
    assert stock.result(web_form({}, formId=UNKNOWN), NO_REFERER).message == "Не найдена схема для лендинга."


@shows("order.active_before_trust")
def test_a_landing_that_is_off_is_told_before_an_untrusted_referer(stock: Caller) -> None:
    stock.crm.configure(landings={LANDING_ID: {"active": False}})
    assert stock.result(web_form({}), NO_REFERER).message == "Лендинг отключен в данный момент"


@shows("order.trust_before_required")
def test_an_untrusted_referer_is_told_before_a_missing_required_column(stock: Caller) -> None:
    stock.crm.configure(columns={"Account": {"required": True}})
    assert stock.result(web_form({}), NO_REFERER).message.startswith("URL, с которого")


@shows("order.required", "order.required_before_lookups")
def test_a_missing_required_column_stops_before_anything_is_saved(stock: Caller) -> None:
    stock.crm.configure(columns={"Account": {"required": True}})
    assert is_request_error(stock.post(web_form({"UsrTSLeadStatus": "тёплый", "Account": "  "})))
    assert stock.crm.leads() == []
    assert "UsrTSLeadStatus" not in stock.crm.lookups()


@shows("order.required")
def test_a_required_column_with_a_default_need_not_come(stock: Caller) -> None:
    stock.crm.configure(columns={"Account": {"required": True, "default": "нет"}})
    assert stock.lead({})["fields"]["Account"] == "нет"


@shows("order.nameless", "order.nameless_after_id")
def test_a_field_without_a_name_is_a_page_or_a_minus_one_depending_on_where_it_stands(stock: Caller) -> None:
    own_id = {"name": "Id", "value": LEAD_ID}
    assert is_request_error(stock.post(web_form([NAMELESS])))
    assert is_request_error(stock.post(web_form([NAMELESS, own_id])))
    assert stock.result(web_form([own_id, NAMELESS])).message == "Ошибка предобработки данных формы"
    assert stock.crm.leads() == []


@shows("order.nameless_async")
def test_on_the_asynchronous_path_a_nameless_field_comes_after_the_landings_check(stock: Caller) -> None:
    body = web_form({}, contactFieldsData=[*CONTACT, NAMELESS])
    assert stock.result(body, NO_REFERER).code == -1
    assert is_request_error(stock.post(body))
    assert is_request_error(stock.post(web_form([NAMELESS], contactFieldsData=CONTACT)))
    assert stock.crm.web_form_data() == []


@shows("order.synonyms")
def test_synonyms_are_renamed(stock: Caller) -> None:
    lead = stock.lead(
        {
            "Name": "Иван",
            "Comment": "Тема",
            "CompanyName": "Мир",
            "Salutation": "г-н",
            "BusinessPhone": "8017",
            "UseEmail": "true",
        }
    )
    expected = {"Contact": "Иван", "Commentary": "Тема", "Account": "Мир", "Dear": "г-н", "BusinesPhone": "8017"}
    assert expected.items() <= lead["fields"].items()
    assert lead["fields"]["DoNotUseEmail"] is False


@shows("order.synonyms")
def test_company_is_a_synonym_too(stock: Caller) -> None:
    assert stock.lead({"Company": "Мир"})["fields"]["Account"] == "Мир"


@shows("order.places")
def test_a_place_that_is_known_becomes_the_lookup(stock: Caller) -> None:
    lead = stock.lead({"CityStr": "минск", "CountryStr": "Нарния"})
    assert (lead["fields"]["City"], lead["fields"]["CountryStr"]) == ("Минск", "Нарния")
    assert "CityStr" not in lead["fields"]


@shows("order.defaults")
def test_the_landings_defaults_fill_what_is_missing_or_empty(stock: Caller) -> None:
    stock.crm.configure(landings={LANDING_ID: {"defaults": {"LeadSource": "Сайт", "Account": "Мир", "Dear": "г-жа"}}})
    fields = stock.lead({"Account": "", "Dear": "г-н", "LeadSourceId": "Реклама"})["fields"]
    assert (fields["Account"], fields["Dear"], fields["LeadSource"]) == ("Мир", "г-н", "Реклама")
    assert fields["WebForm"] == LANDING_ID


@shows("order.last_wins")
def test_of_two_fields_for_a_column_the_last_counts(stock: Caller) -> None:
    fields = [{"name": "Contact", "value": "Иван"}, {"name": "Name", "value": "Пётр"}]
    assert stock.lead(fields)["fields"]["Contact"] == "Пётр"


@shows("order.unknown_dropped", "value.phone_vanishes", "value.six_absent")
def test_names_that_are_no_columns_vanish_without_an_error(stock: Caller) -> None:
    sent = ["FullName", "Phone", "UsrEventId", "UsrIntent", "UsrQualityScore"]
    sent += ["UsrQualificationTopic", "UsrAgentId", "UsrConversationId"]
    lead = stock.lead(dict.fromkeys(sent, "x") | {"Contact": "Иван"})
    assert not set(sent) & set(lead["fields"])
    assert lead["dropped"] == sent


@shows("order.empty_dropped")
def test_an_empty_value_does_not_blank_a_column(stock: Caller) -> None:
    stock.lead({"Id": LEAD_ID, "Account": "Мир"})
    lead = stock.lead({"Id": LEAD_ID, "Account": "", "Dear": None})
    assert lead["fields"]["Account"] == "Мир"
    assert lead["updated"] == 1


@shows("order.stored_name")
@pytest.mark.parametrize("name", ["LeadSource", "LeadSourceId"])
def test_a_lookup_has_two_names(stock: Caller, name: str) -> None:
    assert stock.lead({name: "Сайт"})["fields"]["LeadSource"] == "Сайт"


@shows("order.save_in_spite")
def test_a_bad_value_makes_minus_one_and_the_lead_is_saved_without_it(stock: Caller) -> None:
    lead = stock.lead({"Contact": "Иван", "UsrSquare": "большая"}, code=-1)
    assert lead["fields"]["Contact"] == "Иван"
    assert lead["not_set"] == ["UsrSquare"]
    assert "UsrSquare" not in lead["fields"]
