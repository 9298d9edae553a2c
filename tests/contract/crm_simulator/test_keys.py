"""Sending a lead twice: by the record's key, by a unique index, one after the other and at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.contract.crm_simulator.calls import LEAD_ID, Caller, shows, web_form
from tools.simulators.crm.profiles import LANDING_ID

ASKS = {"extendResponseWithExceptionType": True}
CONTACT = [{"name": "Email", "value": "a@b.by"}]


@shows("key.upsert")
def test_the_same_id_again_updates(stock: Caller) -> None:
    for _ in range(2):
        lead = stock.lead({"Id": LEAD_ID, "Contact": "Иван"})
    assert (lead["id"], lead["created"], lead["updated"]) == (LEAD_ID, 1, 1)


@shows("key.overwrites")
def test_an_update_overwrites_what_came_and_keeps_the_rest(stock: Caller) -> None:
    stock.lead({"Id": LEAD_ID, "Commentary": "первый", "Account": "Мир"})
    fields = stock.lead({"Id": LEAD_ID.upper(), "Commentary": "второй"})["fields"]
    assert (fields["Commentary"], fields["Account"]) == ("второй", "Мир")


@shows("key.exact_name")
def test_an_id_in_small_letters_is_no_key(stock: Caller) -> None:
    for _ in range(2):
        assert stock.result(web_form({"id": LEAD_ID})).code == 0
    assert len({lead["id"] for lead in stock.crm.leads()} - {LEAD_ID}) == 2


@shows("key.bad_id")
def test_an_id_that_is_no_guid_is_replaced(stock: Caller) -> None:
    assert stock.lead({"Id": "123"})["id"] != "123"


@shows("key.two_in_flight")
def test_two_equal_ids_at_once_make_one_lead_and_one_violation(stock: Caller) -> None:
    stock.crm.configure(save_seconds=0.15)
    body = web_form({"Id": LEAD_ID}, options=ASKS)
    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(lambda _: stock.result(body), range(2)), key=lambda inner: inner.code)
    assert [inner.code for inner in found] == [-1, 0]
    assert "PRIMARY KEY" in found[0].message
    assert found[0].exception_type == "SqlException"
    assert (stock.only_lead()["created"], stock.only_lead()["updated"]) == (1, 0)
    assert stock.result(body).code == 0
    assert stock.only_lead()["updated"] == 1


@shows("key.unique_index")
@pytest.mark.parametrize(
    ("database", "text", "exception_type"),
    [
        ("mssql", "Cannot insert duplicate key row in object 'dbo.Lead' with unique index", "SqlException"),
        ("postgres", "23505: duplicate key value violates unique constraint", "PostgresException"),
    ],
)
def test_a_unique_event_id_is_refused_in_the_databases_words(
    stock: Caller, database: str, text: str, exception_type: str
) -> None:
    stock.crm.configure(profile="after-columns-added-unique", database=database)
    body = web_form({"UsrEventId": "123"}, options=ASKS)
    assert stock.result(body).code == 0
    found = stock.result(body)
    assert (found.code, found.exception_type) == (-1, exception_type)
    assert found.message.startswith(text)
    assert "IUX_Lead_UsrEventId" in found.message
    assert len(stock.crm.leads("123")) == 1


@shows("key.unique_index")
def test_the_unique_index_lets_the_same_record_through(stock: Caller) -> None:
    stock.crm.configure(profile="after-columns-added-unique")
    for _ in range(2):
        assert stock.lead({"Id": LEAD_ID, "UsrEventId": "123"})["fields"]["UsrEventId"] == "123"


@shows("key.unique_async")
def test_on_the_asynchronous_path_the_violation_is_invisible(stock: Caller) -> None:
    stock.crm.configure(profile="after-columns-added-unique", async_delay_seconds=0.0)
    body = web_form({"UsrEventId": "123"}, contactFieldsData=CONTACT)
    for _ in range(2):
        assert stock.result(body).code == 0
        assert stock.crm.wait_until_idle()
    assert len(stock.crm.leads("123")) == 1
    assert "duplicate key" in stock.crm.log()[-1]


def test_without_an_index_the_same_event_makes_two_leads(stock: Caller) -> None:
    stock.crm.configure(profile="after-columns-added")
    for _ in range(2):
        assert stock.result(web_form({"UsrEventId": "123"})).code == 0
    assert len(stock.crm.leads("123")) == 2


@shows("odata.read")
def test_a_lead_can_be_read_by_its_key_when_the_flag_is_set(stock: Caller) -> None:
    stock.lead({"Id": LEAD_ID, "Contact": "Иван"})
    url = f"{stock.crm.base_url}/0/odata/Lead({LEAD_ID})"
    assert stock.client.get(url).status_code == 404
    stock.crm.configure(odata=True)
    assert stock.client.get(url).json()["Contact"] == "Иван"
    assert stock.client.get(url.replace(LEAD_ID, LANDING_ID)).status_code == 404


@shows("platform.netframework", "platform.net8")
def test_the_platforms_have_different_paths(stock: Caller) -> None:
    with_zero = stock.crm.service_url
    without = with_zero.replace("/0/", "/")
    assert stock.client.post(without, json=web_form({})).status_code == 404
    stock.crm.configure(platform="net8")
    assert stock.crm.service_url == without
    assert stock.post(web_form({})).status_code == 200
    redirected = stock.client.post(with_zero, json=web_form({}))
    assert (redirected.status_code, redirected.headers["Location"][:7]) == (302, "/Login/")
