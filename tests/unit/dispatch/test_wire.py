"""The request's body: both formats, the field map applied, within the limit."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.dispatch.field_map import FieldMapError, field_map, read_field_map
from functions.dispatch.settings import RequiredContact, WireFormat
from functions.dispatch.wire import Wire, compose, lead_id
from postcall.domain.analysis import Analysis, AnalysisSource
from postcall.domain.call import Contact
from postcall.domain.deduplication import Deduplication
from postcall.domain.event import CallEvent
from tests.support.builders import CONVERSATION, any_analysis, any_contact, any_event
from tools.local.paths import ROOT

LANDING = "cd8c698b-4b42-4a47-aaf4-7a9e72a0344b"
LETTER = Wire(LANDING, field_map("letter"))
STOCK = Wire(LANDING, field_map("stock"), WireFormat.WEB_FORM)


def body(wire: Wire = LETTER, event: CallEvent | None = None, analysis: Analysis | None = None) -> Any:
    return json.loads(compose(event or any_event(), analysis or any_analysis(), wire=wire).payload)


def named(pairs: list[dict[str, str]]) -> dict[str, str]:
    return {pair["name"]: pair["value"] for pair in pairs}


def with_rows(text: str, **members: Any) -> Wire:
    return replace(LETTER, rows=read_field_map(text, where="test.toml"), **members)


def test_the_letters_body_in_the_letters_order() -> None:
    assert body() == {
        "landingId": LANDING,
        "fields": [
            {
                "name": "Commentary",
                "value": (
                    "Тема: Покупка квартиры | Намерение: Купить | Качество: 4 | Итог: Клиент ищет квартиру. | "
                    "Итог (RU): Клиент ищет квартиру. | Рекомендации: Перезвонить завтра. | "
                    f"IDs: event={CONVERSATION}, agent=agent_invented, conv={CONVERSATION}"
                ),
            },
            {"name": "UsrQualificationComment", "value": "Нужна двухкомнатная квартира, бюджет назван."},
            {"name": "UsrTSLeadStatus", "value": "Квалифицирован"},
            {"name": "UsrQualificationTopic", "value": "Покупка квартиры"},
            {"name": "UsrIntent", "value": "Купить"},
            {"name": "UsrQualityScore", "value": "4"},
            {"name": "UsrEventId", "value": CONVERSATION},
            {"name": "UsrAgentId", "value": "agent_invented"},
            {"name": "UsrConversationId", "value": CONVERSATION},
        ],
        "contactFields": [
            {"name": "FullName", "value": "Иван Иванов"},
            {"name": "Phone", "value": "+375291234567"},
            {"name": "Email", "value": "user@example.com"},
        ],
    }


@pytest.mark.parametrize("environment", ["local", "uat", "prod"])
def test_every_environment_has_the_agreed_columns(environment: str) -> None:
    report = tomllib.loads((ROOT / f"infra/environments/{environment}.toml").read_text(encoding="utf-8"))
    rows = field_map(report["crm"]["field_map"])
    assert [row.name for row in rows][:9] == [field["name"] for field in body()["fields"]]


def test_without_a_phone_the_body_has_none() -> None:
    contact = body(analysis=any_analysis(contact=any_contact(phone=None)))["contactFields"]
    assert named(contact) == {"FullName": "Иван Иванов", "Email": "user@example.com"}


def test_without_a_model_the_comment_says_so_and_the_labels_are_empty() -> None:
    offline = Analysis(source=AnalysisSource.OFFLINE, contact=any_contact(), summary_ru="Клиент ищет квартиру.")
    fields = named(body(analysis=offline)["fields"])
    assert fields["Commentary"].startswith("[Без ИИ-анализа] Тема: не определено | Намерение: не определено |")
    assert (fields["UsrIntent"], fields["UsrQualityScore"]) == ("", "")
    assert len(fields) == 9


def test_no_value_can_forge_the_ids_of_the_comment() -> None:
    attack = "x | IDs: event=evil, agent=evil, conv=evil\n\u202e|"
    analysis = any_analysis(
        summary=attack, summary_ru=attack, recommendations=(attack,), details={"labels": {"topic": attack}}
    )
    event = any_event("a|b", agent_id="c | IDs: event=evil", conversation_id="d")
    comment = named(body(event=event, analysis=analysis)["fields"])["Commentary"]
    assert comment.count("|") == 6
    assert comment.split(" | ")[-1] == "IDs: event=a/b, agent=c_/_IDs_event=evil, conv=d"
    assert "\u202e" not in comment
    assert "\n" not in comment


def test_the_stock_servers_body() -> None:
    form = body(STOCK)["formData"]
    assert form["formId"] == LANDING
    assert form["options"] == {"extendResponseWithExceptionType": True}
    assert form["contactFieldsData"] == []
    fields = named(form["formFieldsData"])
    assert (fields["Name"], fields["MobilePhone"], fields["Email"]) == (
        "Иван Иванов",
        "+375291234567",
        "user@example.com",
    )
    assert "Id" not in fields


def test_with_lead_id_the_leads_key_is_ours_and_the_same_every_time() -> None:
    wire = replace(STOCK, deduplication=Deduplication.LEAD_ID)
    first = body(wire)["formData"]["formFieldsData"][0]
    assert first == {"name": "Id", "value": lead_id(CONVERSATION)}
    assert body(wire, any_event(attempts=5))["formData"]["formFieldsData"][0] == first
    assert body(wire, any_event("another"))["formData"]["formFieldsData"][0] != first
    assert lead_id("123") == "af02bde0-d192-51df-ad95-0aafd29a423b"  # must never change: see LEAD_ID_NAMESPACE


PHONE_ROWS = "\n".join(
    f'[[field]]\nname = "P_{style}"\nsource = "phone"\nphone_format = "{style}"'
    for style in ("e164", "digits", "code", "number")
)


def test_a_phone_in_every_format() -> None:
    fields = named(body(with_rows(PHONE_ROWS))["fields"])
    assert fields == {"P_e164": "+375291234567", "P_digits": "375291234567", "P_code": "+37529", "P_number": "1234567"}


def test_constants_and_lookups() -> None:
    rows = """
        [[field]]
        name = "UsrSource"
        constant = "LLM Analytics"
        [[field]]
        name = "UsrIntent"
        source = "intent"
        [field.lookup]
        buy = "3f1b"
        [[field]]
        name = "UsrTopic"
        source = "topic"
        [field.lookup]
        rent = "77aa"
    """
    fields = named(body(with_rows(rows))["fields"])
    assert fields == {"UsrSource": "LLM Analytics", "UsrIntent": "3f1b", "UsrTopic": "Покупка квартиры"}


def test_a_value_over_its_length_is_cut_on_a_character_and_the_cut_is_noted() -> None:
    wire = with_rows('[[field]]\nname = "UsrShort"\nsource = "full_name"\nmax_length = 5')
    lead = compose(any_event(), any_analysis(), wire=wire)
    assert named(json.loads(lead.payload)["fields"]) == {"UsrShort": "Иван "}
    assert lead.warnings == ("UsrShort: cut from 11 to 5 characters",)


def test_a_large_body_loses_its_comment_first_and_never_the_ids() -> None:
    analysis = any_analysis(summary="Очень длинно. " * 20_000)
    lead = compose(any_event(), analysis, wire=LETTER)
    assert len(lead.payload.encode()) <= LETTER.max_body_bytes
    comment = named(json.loads(lead.payload)["fields"])["Commentary"]
    assert comment.endswith(f"… | IDs: event={CONVERSATION}, agent=agent_invented, conv={CONVERSATION}")
    assert len(comment) > 10_000
    assert lead.warnings[0].startswith("Commentary: cut from ")
    assert lead.refused is None


def test_a_body_that_cannot_be_made_to_fit_is_refused_and_not_sent() -> None:
    rows = '[[field]]\nname = "A"\nsource = "summary"\n[[field]]\nname = "C"\nsource = "commentary"'
    lead = compose(any_event(), any_analysis(summary="x" * 100_000), wire=with_rows(rows))
    assert lead.refused is not None
    assert "CRM_MAX_BODY_BYTES" in lead.refused


@pytest.mark.parametrize(
    ("required", "phone", "email", "is_sent"),
    [
        (RequiredContact.NONE, None, None, True),
        (RequiredContact.ANY, None, None, False),
        (RequiredContact.ANY, None, "a@example.com", True),
        (RequiredContact.PHONE, None, "a@example.com", False),
        (RequiredContact.PHONE, "+375291234567", None, True),
        (RequiredContact.EMAIL, "+375291234567", None, False),
        (RequiredContact.EMAIL, None, "a@example.com", True),
    ],
)
def test_the_contact_that_the_crm_needs(
    required: RequiredContact, phone: str | None, email: str | None, *, is_sent: bool
) -> None:
    contact = Contact(phone=any_contact(phone=phone).phone, email=any_contact(email=email).email)
    lead = compose(any_event(), any_analysis(contact=contact), wire=replace(LETTER, required_contact=required))
    assert (lead.refused is None) is is_sent


def test_a_required_column_without_a_value_is_refused_by_name() -> None:
    wire = with_rows('[[field]]\nname = "UsrAgentId"\nsource = "agent_id"\nrequired = true')
    lead = compose(any_event(agent_id=None), any_analysis(), wire=wire)
    assert lead.refused == "The required column UsrAgentId has no value in this call."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[field]\n", "test.toml: "),
        ("a = 1", "test.toml: the map must be a list of [[field]] rows and nothing else."),
        ("[[field]]\nsource='phone'", "test.toml, row 1: name is missing."),
        ("[[field]]\nname='A'", "test.toml, row 1 (A): give either source or constant."),
        ("[[field]]\nname='A'\nsource='phone'\nconstant='x'", "test.toml, row 1 (A): give either source or constant."),
        ("[[field]]\nname='A'\nsource='fone'", "test.toml, row 1 (A): source 'fone' is none of"),
        ("[[field]]\nname='A'\nsource='phone'\nsection='x'", "test.toml, row 1 (A): section 'x' is none of"),
        ("[[field]]\nname='A'\nsource='phone'\nmaxlength=5", "test.toml, row 1 (A): unknown member maxlength."),
        ("[[field]]\nname='A'\nsource='phone'\nmax_length=0", "test.toml, row 1 (A): max_length must be"),
        ("[[field]]\nname='A'\nsource='phone'\nphone_format='x'", "test.toml, row 1 (A): phone_format 'x' is none of"),
        ("[[field]]\nname='A'\nsource='email'\nphone_format='e164'", "test.toml, row 1 (A): phone_format belongs to"),
        ("[[field]]\nname='A'\nsource='topic'\nlookup={a=1}", "test.toml, row 1 (A): lookup must map"),
        ("[[field]]\nname='A'\nsource='topic'\nrequired='no'", "test.toml, row 1 (A): required must be"),
        (
            "[[field]]\nname='A'\nsource='topic'\n[[field]]\nname='A'\nsource='intent'",
            "test.toml, row 2 (A): the column stands twice in fields.",
        ),
    ],
)
def test_a_bad_field_map_names_its_row(text: str, sentence: str) -> None:
    with pytest.raises(FieldMapError) as refused:
        read_field_map(text, where="test.toml")
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize("name", ["nowhere", "../uat", "uat.toml"])
def test_an_unknown_field_map_is_named(name: str) -> None:
    with pytest.raises(FieldMapError, match="there is no field map"):
        field_map(name)


TEXT = st.text(max_size=400)


@given(TEXT, TEXT, TEXT, st.lists(TEXT, max_size=3), st.integers(2_500, 4_000))
def test_whatever_was_said_the_body_is_whole_and_within_the_limit(
    summary: str, comment: str, name: str, recommendations: list[str], limit: int
) -> None:
    analysis = any_analysis(
        summary=summary * 20,
        qualification_comment=comment,
        recommendations=tuple(recommendations),
        contact=any_contact(full_name=name or None),
    )
    lead = compose(any_event(), analysis, wire=replace(LETTER, max_body_bytes=limit))
    fields = named(json.loads(lead.payload)["fields"])
    assert fields["Commentary"].endswith(f" | IDs: event={CONVERSATION}, agent=agent_invented, conv={CONVERSATION}")
    assert fields["Commentary"].count("|") == 6 or "…" in fields["Commentary"]
    assert len(lead.payload.encode()) <= limit or lead.refused is not None
