"""The profile `as-in-the-letter`: a CRM as the letter to its owner hopes for."""

from typing import Any

import pytest

from tests.contract.crm_simulator.calls import TRUSTED, Caller, Inner, is_request_error, letter, shows, web_form
from tools.simulators.crm.profiles import LANDING_ID

NINE = {
    "Commentary": "Тема: аренда | Намерение: узнать цену | Качество: 4 | IDs: event=123, agent=A1, conv=C1",
    "UsrQualificationComment": "Просит перезвонить " * 40,
    "UsrTSLeadStatus": "тёплый",
    "UsrQualificationTopic": "аренда",
    "UsrIntent": "узнать цену",
    "UsrQualityScore": "4",
    "UsrEventId": "123",
    "UsrAgentId": "A1",
    "UsrConversationId": "C1",
}
CONTACT = {"FullName": "Иван Иванов", "Phone": "+375291234567", "Email": "user@example.com"}
ORIGIN_ONLY = {"Origin": TRUSTED, "Referer": None}


def sent(caller: Caller, body: Any, headers: dict[str, str | None] | None = None) -> Inner:
    return caller.result(body, headers or ORIGIN_ONLY)


@shows("letter.accepted")
def test_the_letters_body_makes_a_lead_with_nine_fields_and_the_contact(as_in_the_letter: Caller) -> None:
    answer = as_in_the_letter.post(letter(NINE, CONTACT), ORIGIN_ONLY)
    expected = r'{"SaveWebFormObjectDataResult":"{resultMessage:\"Данные успешно сохранены\",resultCode:0}"}'
    assert (answer.status_code, answer.text) == (200, expected)
    lead = as_in_the_letter.only_lead()
    assert {name: str(lead["fields"][name]) for name in NINE} == {name: text.strip() for name, text in NINE.items()}
    assert lead["contact"] == CONTACT
    assert [lead["fields"][name] for name in ("Contact", "MobilePhone", "Email")] == list(CONTACT.values())
    assert (lead["landing_id"], lead["event_id"], lead["dropped"], lead["cut"]) == (LANDING_ID, "123", [], [])


@shows("letter.doubles")
def test_the_same_event_again_makes_a_second_lead(as_in_the_letter: Caller) -> None:
    for _ in range(2):
        assert sent(as_in_the_letter, letter(NINE, CONTACT)).code == 0
    assert len(as_in_the_letter.crm.leads("123")) == 2


@shows("letter.no_op", "letter.conflict")
@pytest.mark.parametrize(("policy", "status"), [("no_op", 200), ("conflict", 409)])
def test_the_two_answers_that_the_letter_offers(as_in_the_letter: Caller, policy: str, status: int) -> None:
    as_in_the_letter.crm.configure(letter_duplicates=policy)
    assert sent(as_in_the_letter, letter(NINE, CONTACT)).code == 0
    assert as_in_the_letter.post(letter(NINE, CONTACT), ORIGIN_ONLY).status_code == status
    assert len(as_in_the_letter.crm.leads("123")) == 1


@shows("letter.origin_or_referer")
@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Origin": TRUSTED, "Referer": None}, 0),
        ({"Origin": None, "Referer": f"{TRUSTED}/"}, 0),
        ({"Origin": None, "Referer": None}, -1),
        ({"Origin": "https://mir.utlik.pro.evil.example", "Referer": None}, -1),
        ({"Origin": "null", "Referer": None}, -1),
    ],
)
def test_the_sender_is_trusted_by_origin_or_referer(
    as_in_the_letter: Caller, headers: dict[str, str | None], code: int
) -> None:
    assert sent(as_in_the_letter, letter(NINE), headers).code == code
    assert len(as_in_the_letter.crm.leads()) == (code == 0)


@shows("letter.landing")
@pytest.mark.parametrize("landing_id", ["landing", None, "6f2c1c0e-3a55-5d0b-9a37-0d3c1c7a9b11"])
def test_an_unknown_landing_is_refused(as_in_the_letter: Caller, landing_id: object) -> None:
    assert sent(as_in_the_letter, letter(NINE, landingId=landing_id)).message == "Неизвестный идентификатор формы."


@shows("letter.landing")
def test_a_landing_that_is_off_is_refused(as_in_the_letter: Caller) -> None:
    as_in_the_letter.crm.configure(landings={LANDING_ID: {"active": False}})
    assert sent(as_in_the_letter, letter(NINE)).message == "Лендинг отключен в данный момент"


@shows("letter.contact_required")
@pytest.mark.parametrize(
    ("requires", "contact", "code"),
    [
        ("none", {}, 0),
        ("any", {"Email": "a@b.by"}, 0),
        ("any", {"FullName": "Иван", "Phone": " "}, -1),
        ("phone", {"Email": "a@b.by"}, -1),
        ("phone", {"Phone": "+375291234567"}, 0),
        ("email", {"Phone": "+375291234567"}, -1),
        ("email", {"Email": "a@b.by"}, 0),
    ],
)
def test_a_contact_can_be_made_a_must(
    as_in_the_letter: Caller, requires: str, contact: dict[str, str], code: int
) -> None:
    as_in_the_letter.crm.configure(letter_requires_contact=requires)
    assert sent(as_in_the_letter, letter(NINE, contact)).code == code


@shows("letter.web_form_too")
def test_the_stock_body_is_understood_as_well(as_in_the_letter: Caller) -> None:
    assert as_in_the_letter.result(web_form(NINE)).code == 0
    assert as_in_the_letter.only_lead()["event_id"] == "123"


def test_a_bad_score_leaves_a_lead_without_the_score(as_in_the_letter: Caller) -> None:
    assert sent(as_in_the_letter, letter(NINE | {"UsrQualityScore": "четыре"})).code == -1
    assert as_in_the_letter.only_lead()["not_set"] == ["UsrQualityScore"]


@pytest.mark.parametrize("members", [{"fields": "x"}, {"fields": [{"name": None, "value": "x"}]}, {"contactFields": 5}])
def test_a_body_of_the_wrong_types_is_a_page(as_in_the_letter: Caller, members: dict[str, object]) -> None:
    assert is_request_error(as_in_the_letter.post(letter(NINE) | members, ORIGIN_ONLY))
