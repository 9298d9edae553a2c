"""The asynchronous path: the answer is about a row of `WebFormData`, and the lead comes later or never."""

import json
from collections.abc import Callable

import pytest

from tests.contract.crm_simulator.calls import LEAD_ID, REFERER, Caller, Json, pairs, shows, web_form
from tools.simulators.crm.profiles import LANDING_ID

IVAN = {"FullName": "Иван Иванов", "Phone": "+375 29 123-45-67", "Email": "ivan@example.by"}
Send = Callable[[Json], list[Json]]


def with_contact(contact: Json, fields: Json | None = None, **members: object) -> Json:
    return web_form(fields or {"Commentary": "Тема"}, contactFieldsData=pairs(contact), **members)


@pytest.fixture
def send(stock: Caller) -> Send:
    """Send contact fields to a landing that makes contacts, wait for the worker, and return the contacts."""
    stock.crm.configure(
        landings={LANDING_ID: {"create_contact": True, "contact_process": True}}, async_delay_seconds=0.0
    )

    def sent(contact: Json) -> list[Json]:
        assert stock.result(with_contact(contact)).code == 0
        assert stock.crm.wait_until_idle()
        return stock.crm.contacts()

    return sent


@shows("async.accepted", "async.not_copied")
def test_the_answer_comes_before_the_lead(stock: Caller) -> None:
    stock.crm.configure(async_delay_seconds=0.3)
    assert stock.result(with_contact(IVAN)).code == 0
    assert stock.crm.leads() == []
    assert stock.crm.wait_until_idle()
    assert not {"Contact", "MobilePhone", "Email"} & set(stock.only_lead()["fields"])


@shows("async.feature_off")
def test_with_the_feature_off_the_answer_is_about_the_lead(stock: Caller) -> None:
    stock.crm.configure(async_feature=False)
    assert stock.result(with_contact(IVAN)).code == 0
    assert (len(stock.crm.leads()), stock.crm.web_form_data()) == (1, [])


@shows("async.refused_at_once", "async.no_exception_type")
def test_landing_and_trust_are_checked_before_the_answer(stock: Caller) -> None:
    asks = {"extendResponseWithExceptionType": True}
    for body, headers in (
        (with_contact(IVAN, formId="landing", options=asks), {"Referer": REFERER}),
        (with_contact(IVAN, formId=LEAD_ID, options=asks), {"Referer": REFERER}),
        (with_contact(IVAN, options=asks), {"Referer": None}),
    ):
        found = stock.result(body, headers)
        assert (found.code, found.exception_type) == (-1, "(absent)")
    stock.crm.configure(landings={LANDING_ID: {"active": False}})
    assert stock.result(with_contact(IVAN)).code == -1
    assert stock.crm.web_form_data() == []


@shows("async.silent_failure")
def test_a_missing_required_column_is_only_in_the_log(stock: Caller) -> None:
    stock.crm.configure(columns={"Account": {"required": True}})
    assert stock.result(with_contact(IVAN)).code == 0
    assert stock.crm.wait_until_idle()
    assert stock.crm.leads() == []
    assert "RequiredColumnsEmptyValuesException" in stock.crm.log()[0]


@shows("async.silent_failure")
def test_a_landing_switched_off_after_the_answer_loses_the_lead(stock: Caller) -> None:
    stock.crm.configure(async_delay_seconds=0.2)
    assert stock.result(with_contact(IVAN)).code == 0
    stock.crm.configure(landings={LANDING_ID: {"active": False}})
    assert stock.crm.wait_until_idle()
    assert stock.crm.leads() == []


def test_the_id_makes_a_repeat_harmless_here_too(stock: Caller) -> None:
    for _ in range(2):
        stock.result(with_contact(IVAN, {"Id": LEAD_ID}))
        assert stock.crm.wait_until_idle()
    assert stock.only_lead()["updated"] == 1
    assert len(stock.crm.web_form_data()) == 2


@shows("async.row", "async.row_unknown_dropped")
def test_the_row_keeps_the_contact_and_the_form(stock: Caller) -> None:
    stock.result(with_contact({"FullName": "я" * 300, "MobilePhone": "123"}))
    (row,) = stock.crm.web_form_data()
    assert (row["FullName"], row["WebFormId"]) == ("я" * 250, LANDING_ID)
    assert json.loads(row["Data"]) == [{"name": "Commentary", "value": "Тема"}]
    assert "MobilePhone" not in row
    assert row["IsObjectCreated"] is False


@shows("async.row_internal_names")
def test_internal_names_overwrite_the_row(stock: Caller) -> None:
    stock.result(with_contact({"Id": LEAD_ID, "Data": "x", "WebFormId": "y", "Contact": "z"}))
    (row,) = stock.crm.web_form_data()
    assert (row["Id"], row["Data"], row["WebFormId"], row["ContactId"]) == (LEAD_ID, "x", "y", "z")


@shows("async.contact_needs_both")
@pytest.mark.parametrize("flags", [{"create_contact": True}, {"contact_process": True}])
def test_flag_and_process_are_both_needed_for_a_contact(stock: Caller, flags: Json) -> None:
    stock.crm.configure(landings={LANDING_ID: flags})
    stock.result(with_contact(IVAN))
    assert stock.crm.wait_until_idle()
    assert stock.crm.contacts() == []


def test_a_new_contact_is_made_and_tied_to_the_lead(stock: Caller, send: Send) -> None:
    (contact,) = send(IVAN)
    assert (contact["FullName"], contact["Email"], contact["Phone"]) == tuple(
        IVAN[name] for name in ("FullName", "Email", "Phone")
    )
    assert stock.only_lead()["fields"]["QualifiedContact"] == "Иван Иванов"


@shows("async.contact_rules", "async.contact_digits")
@pytest.mark.parametrize(
    "again",
    [
        IVAN | {"Phone": "375291234567"},
        {"FullName": "Другой", "Phone": "375291234567", "Email": IVAN["Email"]},
        {"FullName": IVAN["FullName"], "Phone": "375291234567", "Email": "other@example.by"},
        {"FullName": "Другой", "Phone": "", "Email": IVAN["Email"]},
    ],
    ids=["name+email+phone", "email+phone", "name+phone", "email"],
)
def test_each_rule_finds_the_contact(send: Send, again: Json) -> None:
    send(IVAN)
    assert len(send(again)) == 1


@shows("async.contact_rules")
@pytest.mark.parametrize(
    "again",
    [
        {"FullName": IVAN["FullName"]},
        {"Phone": IVAN["Phone"]},
        {"FullName": "Другой", "Phone": IVAN["Phone"]},
        {"Email": "IVAN@example.by"},
    ],
    ids=["name alone", "phone alone", "another name", "e-mail in another case"],
)
def test_less_than_a_rule_makes_a_new_contact(send: Send, again: Json) -> None:
    send(IVAN)
    assert len(send(again)) == 2


@shows("async.contact_learns")
def test_what_is_new_is_added_to_the_contact_that_was_found(send: Send) -> None:
    send(IVAN)
    (contact,) = send(IVAN | {"Phone": "+375 33 765-43-21"})
    assert contact["phones"] == [IVAN["Phone"], "+375 33 765-43-21"]
    (contact,) = send(IVAN | {"Email": "second@example.by"})
    assert contact["emails"] == [IVAN["Email"], "second@example.by"]


@shows("async.contact_earliest")
def test_of_several_contacts_the_earliest_is_taken(send: Send) -> None:
    send({"FullName": "Первый", "Phone": "111"})
    send({"FullName": "Второй", "Phone": "222"})
    send({"FullName": "Первый", "Phone": "111", "Email": "both@example.by"})
    send({"FullName": "Второй", "Phone": "222", "Email": "both@example.by"})
    contacts = send({"Email": "both@example.by", "Phone": "333"})
    assert [contact["phones"] for contact in contacts] == [["111", "333"], ["222"]]


@shows("async.contact_nobody")
def test_nobody_is_no_contact(stock: Caller, send: Send) -> None:
    assert send({"FullName": " ", "Phone": "нет", "Email": ""}) == []
    assert "QualifiedContact" not in stock.only_lead()["fields"]
