"""From findings to settings: each rule, and that what was not asked is not advised."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.uat.builders import ROWS, SETTINGS, heard, result, results
from tools.postcall.uat.advice import advice
from tools.postcall.uat.advised import Advice, Sureness
from tools.postcall.uat.result import Result

EMPTY = heard("rejected_contract", code="crm.empty_letter")
REFUSED = heard("rejected_configuration", code="crm.not_trusted")
STOCK_ROWS = tuple(row for row in ROWS if row["section"] == "fields")


def advised(*found: Result, rows: Any = STOCK_ROWS, **settings: Any) -> dict[str, Advice]:
    return {each.setting: each for each in advice(SETTINGS | settings, rows, results(*found))}


def test_nothing_asked_nothing_advised() -> None:
    assert advised() == {}


def test_an_empty_result_to_the_letter_and_a_lead_from_the_widgets_body_mean_web_form() -> None:
    found = advised(result("letter_body", EMPTY), result("referer", heard()))["CRM_WIRE_FORMAT"]
    assert (found.value, found.sureness, found.changes) == ("web_form", Sureness.SHOWN, True)


def test_without_a_lead_from_the_widgets_body_it_is_only_likely() -> None:
    found = advised(result("letter_body", EMPTY), result("referer", REFUSED))["CRM_WIRE_FORMAT"]
    assert (found.value, found.sureness) == ("web_form", Sureness.LIKELY)


def test_a_server_that_takes_the_letter_alone_keeps_it() -> None:
    found = advised(result("letter_body", heard()), result("referer", heard("unknown", 500)))["CRM_WIRE_FORMAT"]
    assert (found.value, found.changes) == ("letter", False)


def test_a_server_that_takes_both_keeps_what_is_in_force() -> None:
    both = (result("letter_body", heard()), result("referer", heard()))
    assert advised(*both)["CRM_WIRE_FORMAT"].value == "letter"
    assert advised(*both, CRM_WIRE_FORMAT="web_form")["CRM_WIRE_FORMAT"].value == "web_form"


def test_the_scenario_alone_tells_too() -> None:
    assert advised(result("B", EMPTY))["CRM_WIRE_FORMAT"].value == "web_form"
    assert advised(result("B", heard()))["CRM_WIRE_FORMAT"].changes is False


def test_a_referer_that_opens_the_door_is_kept() -> None:
    found = advised(result("origin_only", REFUSED), result("referer", heard()))["CRM_REFERER"]
    assert (found.value, found.changes) == ("https://mir.utlik.pro/", False)


def test_a_referer_that_does_not_is_a_question_to_the_owner() -> None:
    found = advised(result("origin_only", REFUSED), result("referer", REFUSED))["CRM_REFERER"]
    assert (found.sureness, found.changes) == (Sureness.ASK, True)
    assert advised(result("B", REFUSED))["CRM_REFERER"].sureness is Sureness.ASK


def test_a_repeated_id_that_left_one_lead_means_lead_id() -> None:
    probes = (result("letter_body", EMPTY), result("referer", heard()), result("same_id", heard(), heard(), seen=1))
    found = advised(*probes)["CRM_DEDUPLICATION"]
    assert (found.value, found.sureness) == ("lead_id", Sureness.SHOWN)


def test_a_repeated_id_that_nobody_looked_at_is_only_likely() -> None:
    found = advised(result("same_id", heard(), heard()), CRM_WIRE_FORMAT="web_form")["CRM_DEDUPLICATION"]
    assert (found.value, found.sureness) == ("lead_id", Sureness.LIKELY)


def test_a_repeated_id_that_made_two_leads_is_not_lead_id() -> None:
    found = advised(
        result("same_id", heard(), heard(), seen=2), result("E", heard(), seen=2), CRM_WIRE_FORMAT="web_form"
    )
    assert found["CRM_DEDUPLICATION"].value == "none"


def test_in_the_letters_body_there_is_no_id_to_rely_on() -> None:
    found = advised(result("letter_body", heard()), result("same_id", heard(), heard(), seen=1))
    assert "CRM_DEDUPLICATION" not in found


@pytest.mark.parametrize(
    "answer",
    [
        heard("already_there"),
        heard("unknown", 409),
        heard("unknown", answer="Cannot insert duplicate key row with unique index 'IUX_Lead_UsrEventId'"),
    ],
)
def test_a_refused_repeat_means_event_id(answer: Any) -> None:
    assert advised(result("B", heard(), seen=1), result("E", answer))["CRM_DEDUPLICATION"].value == "event_id"


def test_a_repeat_that_left_one_lead_means_event_id_unless_our_own_id_did_it() -> None:
    found = (result("B", heard(), seen=1), result("E", heard(), seen=1))
    assert advised(*found)["CRM_DEDUPLICATION"].value == "event_id"
    assert "CRM_DEDUPLICATION" not in advised(*found, CRM_DEDUPLICATION="lead_id")


def test_a_repeat_that_made_two_leads_means_none() -> None:
    found = advised(result("B", heard(), seen=1), result("E", heard(), seen=2))["CRM_DEDUPLICATION"]
    assert (found.value, found.changes) == ("none", False)
    assert "2 лида" in found.why


@pytest.mark.parametrize(
    ("email_only", "nothing", "value"),
    [
        (heard(), heard(), "none"),
        (heard(), heard("rejected_contract", 400), "any"),
        (heard("rejected_contract", 400), heard("rejected_contract", 400), "phone"),
    ],
)
def test_what_the_crm_wants_of_a_contact(email_only: Any, nothing: Any, value: str) -> None:
    found = advised(result("B", heard()), result("C", email_only), result("C2", nothing))
    assert found["CRM_REQUIRE_CONTACT"].value == value


def test_contacts_are_not_blamed_while_nothing_is_taken() -> None:
    assert "CRM_REQUIRE_CONTACT" not in advised(result("B", EMPTY), result("C", EMPTY), result("C2", EMPTY))


def test_our_own_refusal_says_nothing_about_the_crm() -> None:
    own = heard("rejected_data", None)
    assert "CRM_REQUIRE_CONTACT" not in advised(result("B", heard()), result("C", own), result("C2", own))


def test_the_contact_section_is_left_in_web_form() -> None:
    found = advised(result("contact_fields", heard("accepted_unconfirmed")), rows=ROWS, CRM_WIRE_FORMAT="web_form")
    assert found["CRM_FIELD_MAP"].sureness is Sureness.SHOWN
    assert "`Phone`" in found["CRM_FIELD_MAP"].why
    assert "CRM_FIELD_MAP" not in advised(rows=ROWS)
    assert "CRM_FIELD_MAP" not in advised(CRM_WIRE_FORMAT="web_form")


def test_empty_columns_are_named_to_the_owner() -> None:
    found = advised(result("B", heard(), seen=1, empty=("UsrIntent", "UsrEventId")))
    assert found["Столбцы лида в CRM"].value == "создать: `UsrIntent`, `UsrEventId`"


def test_a_word_taken_for_a_number_means_there_is_no_number_column() -> None:
    assert advised(result("bad_integer", heard()))["Столбец `UsrQualityScore`"].sureness is Sureness.ASK
    assert "Столбец `UsrQualityScore`" not in advised(result("bad_integer", heard("partial")))


@pytest.mark.parametrize(
    ("answer", "in_force", "value"),
    [
        (heard("rejected_data", 413), 60_000, "60000"),
        (heard("rejected_data", 413), 200_000, "60000"),
        (heard(), 200_000, "200000"),
    ],
)
def test_the_largest_body(answer: Any, in_force: int, value: str) -> None:
    found = advised(result("large_comment", answer), CRM_MAX_BODY_BYTES=in_force)["CRM_MAX_BODY_BYTES"]
    assert (found.value, found.changes) == (value, str(in_force) != value)


def test_a_slow_crm_gets_more_time() -> None:
    assert advised(result("B", heard(duration_ms=900)))["CRM_TIMEOUT_SECONDS"].changes is False
    assert advised(result("B", heard(duration_ms=21_000)))["CRM_TIMEOUT_SECONDS"].value == "50"


@pytest.mark.parametrize(
    ("answer", "setting"),
    [
        (heard(None, None, detail="ConnectTimeout"), "Доступ по IP"),
        (heard(None, 403), "Доступ по IP"),
        (heard(None, 404), "CRM_SERVICE_URL"),
        (heard(None, 302), "CRM_SERVICE_URL"),
        (heard(None, None, detail="self-signed certificate", code="crm.certificate"), "CRM_CA_BUNDLE"),
    ],
)
def test_a_crm_that_cannot_be_reached_is_the_owners_to_open(answer: Any, setting: str) -> None:
    assert advised(result("reach", answer))[setting].sureness is Sureness.ASK


def test_after_the_dry_run_comes_the_real_one() -> None:
    found = advised(result("A"), EXTERNAL_CRM_DRY_RUN=True)["EXTERNAL_CRM_DRY_RUN"]
    assert (found.value, found.changes) == ("false", True)
    assert "EXTERNAL_CRM_DRY_RUN" not in advised(result("A"))
