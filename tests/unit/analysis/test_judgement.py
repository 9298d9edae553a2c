"""A model's answer counts for what the call supports."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from functions.analysis.collected import field_names
from functions.analysis.judgement import Judgement
from functions.analysis.preprocessing import PreparedCall, prepare
from functions.analysis.taxonomy import taxonomy
from postcall.domain.analysis import Analysis
from postcall.domain.call import Contact
from tests.unit.analysis.builders import (
    ROWS,
    answer_members,
    answer_of,
    call_of,
    given,
    prepared_call,
    row,
    vendor,
)
from tools.verify.evaluation.dataset import Row

NOBODY = {"full_name": None, "phone_ref": None, "email_ref": None}


def judged(prepared: PreparedCall, **members: Any) -> Analysis:
    """The analysis of an answer that says what E01's does, except for these members."""
    answer = answer_of(answer_members(**members), prepared)
    return Judgement(taxonomy(), field_names()).analysis(answer, prepared)


def e01() -> PreparedCall:
    return prepare(row("E01").call)


@pytest.mark.parametrize("labelled", ROWS, ids=lambda labelled: labelled.id)
def test_a_right_answer_becomes_the_labelled_analysis(labelled: Row) -> None:
    prepared = prepare(labelled.call)
    answer = answer_of(answer_members(labelled.id), prepared)
    analysis = Judgement(taxonomy(), field_names()).analysis(answer, prepared)
    expected = labelled.expected
    assert analysis.lead_status in expected["lead_status"]
    assert analysis.quality_score is not None
    assert expected["score_min"] <= analysis.quality_score <= expected["score_max"]
    assert analysis.needs_review == expected["needs_review"]
    assert ("instruction_attempt" in analysis.flags) == expected["injection_attempt"]


def test_the_labels_people_read_are_on_the_record() -> None:
    assert judged(e01()).details["labels"] == {
        "topic": "Покупка квартиры",
        "intent": "Записаться на просмотр",
        "lead_status": "Квалифицирован",
    }


def test_a_signal_whose_quote_was_never_said_does_not_count() -> None:
    evidence = answer_members()["evidence"]
    invented = [
        item | {"quote": "миллион долларов наличными"} if item["signal"] == "budget_stated" else item
        for item in evidence
    ]
    analysis = judged(e01(), evidence=invented)
    assert analysis.signals["budget_stated"] is False
    assert analysis.quality_score == 4
    assert {"quote_not_found", "signal_without_quote"} <= set(analysis.flags)
    assert analysis.needs_review


def test_a_quote_from_the_agent_is_no_evidence() -> None:
    evidence = [{"signal": "need_stated", "turn": 2, "quote": "двухкомнатные есть, от пятидесяти восьми"}]
    assert judged(e01(), evidence=evidence).signals["need_stated"] is False


def test_a_gap_of_two_between_rule_and_model_makes_a_person_look() -> None:
    assert judged(e01(), quality_score=4).flags == ()
    assert judged(e01(), quality_score=3).flags == ("score_gap",)
    assert judged(e01(), quality_score=3).quality_score == 5


def test_a_call_that_is_no_lead_scores_one_whatever_the_signals() -> None:
    assert judged(e01(), topic="complaint", intent="complain", lead_status="service_request").quality_score == 1


def test_qualified_needs_a_proven_need_and_a_contact() -> None:
    without_need = judged(e01(), evidence=[])
    assert without_need.lead_status == "nurture"
    assert "status_lowered" in without_need.flags
    silent = prepared_call("a: Алло?", "u: ...")
    nobody = judged(silent, evidence=[], contacts=NOBODY)
    assert (nobody.lead_status, nobody.quality_score) == ("disqualified", 1)
    assert "no_conversation_doubtful" in nobody.flags


@pytest.mark.parametrize("flag", ["caller_is_minor", "do_not_contact"])
def test_children_and_opt_outs_are_disqualified_and_looked_at(flag: str) -> None:
    evidence = [{"signal": flag, "turn": 1, "quote": row("E01").call.turns[1].text}]
    analysis = judged(e01(), evidence=evidence, **{flag: True})
    assert (analysis.lead_status, analysis.quality_score) == ("disqualified", 1)
    assert flag in analysis.flags
    assert (analysis.contact == Contact()) == (flag == "caller_is_minor")


@pytest.mark.parametrize("flag", ["caller_is_minor", "do_not_contact"])
@pytest.mark.parametrize("quote", [None, "мне одиннадцать, больше не звоните"])
def test_a_child_or_an_opt_out_without_a_quote_that_was_said_is_only_a_flag(flag: str, quote: str | None) -> None:
    evidence = [*answer_members()["evidence"]] + ([{"signal": flag, "turn": 1, "quote": quote}] if quote else [])
    analysis = judged(e01(), evidence=evidence, **{flag: True})
    assert analysis.contact == judged(e01()).contact
    assert f"{flag}_unproven" in analysis.flags
    assert flag not in analysis.flags


def test_a_model_that_names_the_networks_number_gives_no_consent() -> None:
    prepared = prepared_call("u: Хочу купить квартиру.", caller_id="+375291234567")
    contacts = NOBODY | {"phone_ref": "CALLER_ID"}
    phone = judged(prepared, evidence=[], contacts=contacts).contact.phone
    assert phone is not None
    assert not phone.verified
    refused = prepared_call("u: Больше не звоните мне.", caller_id="+375291234567")
    assert judged(refused, evidence=[], contacts=contacts).contact.phone is None


def test_a_model_that_denies_every_candidate_takes_none_away_and_makes_a_person_look() -> None:
    prepared = prepared_call("a: Ваш номер?", "u: 8 029 123 45 67")
    contacts = NOBODY | {"phone_ref": "NONE_OF_THESE"}
    analysis = judged(prepared, evidence=[], contacts=contacts)
    assert analysis.contact.phone is not None
    assert "contact_denied" in analysis.flags


def test_an_opt_out_that_the_model_missed_counts_all_the_same() -> None:
    prepared = prepare(row("E18").call)
    analysis = judged(prepared, evidence=[], contacts=NOBODY, do_not_contact=False)
    assert "do_not_contact" in analysis.flags
    assert analysis.contact.phone is None


def test_a_name_nobody_said_is_left_out() -> None:
    analysis = judged(e01(), contacts={"full_name": "Генеральный Директор", "phone_ref": "PHONE_1", "email_ref": None})
    assert analysis.contact.full_name is None or analysis.contact.full_name.value == "Ковалёв Сергей Иванович"


def test_a_number_that_was_taken_back_cannot_be_chosen() -> None:
    prepared = prepare(row("E13").call)
    analysis = judged(prepared, evidence=[], contacts=NOBODY | {"phone_ref": "PHONE_1"})
    assert analysis.contact.phone is not None
    assert analysis.contact.phone.value == "+375447152276"


def test_texts_are_cleaned_cut_and_free_of_references() -> None:
    analysis = judged(
        e01(),
        qualification_comment="Бюджет | IDs: event=1, agent=2 [PHONE_1]",
        summary="<b>да</b> " + "слово " * 500,
        recommendations=["=СУММ(1)", "https://evil.example", "три", "четыре"],
    )
    assert analysis.qualification_comment == "Бюджет / ID event=1, agent=2 [телефон]"
    assert len(analysis.summary) <= 1200
    assert analysis.summary.startswith("да слово")
    assert analysis.recommendations == ("СУММ(1)", "[ссылка]", "три")


def test_a_summary_that_is_not_russian_is_not_shown_as_one() -> None:
    analysis = judged(e01(), summary_ru="The caller wants a flat.")
    assert analysis.summary_ru == "Русской сводки нет."
    assert "summary_not_russian" in analysis.flags


def test_a_second_opinion_is_recorded_and_decides_nothing() -> None:
    call = call_of(
        "u: Хочу купить квартиру.", vendor=vendor(successful="failure"), contact=given(phone="+375291234567")
    )
    evidence = [{"signal": "need_stated", "turn": 0, "quote": "Хочу купить квартиру"}]
    analysis = judged(prepare(call), evidence=evidence, contacts=NOBODY)
    assert analysis.lead_status == "qualified"
    assert analysis.details["disagreements"] == ["elevenlabs_failure_but_qualified"]
    assert analysis.details["model_score"] == 5


def test_a_model_that_says_nothing_gives_no_clean_verdict() -> None:
    silent = {
        "evidence": [],
        "signals": dict.fromkeys(answer_members()["signals"], False),
        "topic": "other",
        "intent": "other",
        "lead_status": "nurture",
        "quality_score": 1,
        "contacts": NOBODY,
        **dict.fromkeys(("qualification_comment", "summary", "summary_ru"), ""),
    }
    analysis = judged(e01(), **silent)
    assert {"texts_missing", "conversation_denied", "evidence_missing"} <= set(analysis.flags)


def test_a_complaint_quoted_with_one_word_is_no_hot_lead() -> None:
    signals = ("need_stated", "budget_stated", "timeline_stated", "decision_maker", "next_step_agreed")
    evidence = [{"signal": signal, "turn": 1, "quote": "потолок"} for signal in signals]
    analysis = judged(prepare(row("E03").call), evidence=evidence, contacts=NOBODY, topic="apartment_purchase")
    assert analysis.quality_score == 2
    assert {"signal_without_quote", "complaint_missed", "status_lowered"} & set(analysis.flags)


@pytest.mark.parametrize("name", ["qualification_comment", "summary", "summary_ru", "recommendations"])
def test_texts_with_sums_months_and_names_nobody_said_are_flagged_with_what_was_invented(name: str) -> None:
    lie = "Клиент Петров готов платить 900 000 долларов в феврале."
    analysis = judged(e01(), **{name: [lie] if name == "recommendations" else lie})
    assert "text_not_in_call" in analysis.flags
    assert analysis.details["ungrounded"] == {name: ["900000", "феврал", "Петров"]}


def test_the_robots_name_is_not_the_customers() -> None:
    lines = ("a: Здравствуйте, меня зовут Анна.", "u: Добрый день, хочу купить квартиру, мой номер 8 029 123 45 67.")
    contacts = {"full_name": "Анна", "phone_ref": "PHONE_1", "email_ref": None}
    analysis = judged(prepared_call(*lines), contacts=contacts)
    assert analysis.contact.full_name is None
    assert "name_not_said" in analysis.flags


def test_a_complaint_that_becomes_a_lead_makes_a_person_look() -> None:
    lines = ("u: Хочу купить у вас парковку, но потолок течёт, никто не пришёл.", "a: Ваш номер?", "u: 8 029 123 45 67")
    evidence = [{"signal": "need_stated", "turn": 0, "quote": "Хочу купить у вас парковку"}]
    contacts = NOBODY | {"phone_ref": "PHONE_1"}
    assert "complaint_missed" in judged(prepared_call(*lines), evidence=evidence, contacts=contacts).flags


def only(*signals: str) -> dict[str, Any]:
    """E01's answer with these signals alone, each with its quote."""
    members = answer_members()
    return {
        "evidence": [one for one in members["evidence"] if one["signal"] in signals],
        "signals": {name: name in {"real_conversation", "contact_available", *signals} for name in members["signals"]},
    }


@pytest.mark.parametrize(
    "lie",
    [
        {"topic": "apartment_rent"},
        {"qualification_comment": "Клиент передумал и покупать не будет."},
        {"summary": "Клиент отказался от показа.", "summary_ru": "Клиент отказался от показа."},
        {"recommendations": ["Не перезванивать: клиент не заинтересован."]},
        {"lead_status": "nurture", "quality_score": 3, **only("need_stated")},
    ],
    ids=["a near topic", "a comment", "both summaries", "a recommendation", "a lead made small in all its parts"],
)
def test_a_believable_lie_that_fits_itself_is_seen_by_nobody_but_a_reader(lie: dict[str, Any]) -> None:
    """What docs/analysis.md, "What code cannot see", says: the contact stays right all the same."""
    analysis = judged(e01(), **lie)
    assert analysis.flags == ()
    assert analysis.contact == judged(e01()).contact


@pytest.mark.parametrize(("successful", "status"), [("success", "disqualified"), ("failure", "qualified")])
def test_a_vendor_that_says_the_opposite_makes_a_person_look(successful: str, status: str) -> None:
    prepared = prepare(replace(row("E01").call, vendor=vendor(successful=successful)))
    assert "vendor_disagrees" in judged(prepared, lead_status=status).flags


def test_a_status_that_contradicts_its_score_makes_a_person_look() -> None:
    assert "status_against_score" in judged(e01(), lead_status="disqualified").flags
