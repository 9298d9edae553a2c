"""The edges of reading the CRM's answer: each of these once caught a mutant that all other tests missed."""

from __future__ import annotations

import json

import pytest

from functions.dispatch.answer import Result, UnrecognizedResponse, quote_names, read_answer
from functions.dispatch.classify import Exchange, Terms, TransportResult, _refusal, classify
from postcall.domain.deduplication import Deduplication
from postcall.domain.outcome import Outcome
from tests.unit.dispatch.test_classify import answered, refusal, stock


@pytest.mark.parametrize(
    ("status", "outcome"), [(300, Outcome.REJECTED_CONFIGURATION), (399, Outcome.REJECTED_CONFIGURATION)]
)
def test_every_redirect_is_a_wrong_address(status: int, outcome: Outcome) -> None:
    assert answered("", status).outcome is outcome


@pytest.mark.parametrize("status", [299, 402, 418, 451])
def test_a_status_of_no_row_is_unknown(status: int) -> None:
    assert answered("", status).outcome is Outcome.UNKNOWN


def test_the_verdict_keeps_how_long_it_took() -> None:
    exchange = Exchange(TransportResult.ANSWERED, status=200, text=stock("{resultCode:0}"), duration_ms=12)
    assert classify(exchange, Terms()).duration_ms == 12


def test_a_code_written_as_text_is_a_code() -> None:
    assert read_answer('{"resultCode": "-1", "resultMessage": "x"}') == Result(-1, "x")


@pytest.mark.parametrize("code", ["true", "1.5", '"-"', '"1x"', "null", "[]"])
def test_a_code_that_is_no_number_is_foreign(code: str) -> None:
    assert read_answer(f'{{"resultCode": {code}}}') == UnrecognizedResponse("the resultCode is not a number")


def test_space_between_the_marks_changes_nothing() -> None:
    assert json.loads(quote_names('{ a  :  1 ,\n\t b : { c :  "x : y" } }')) == {"a": 1, "b": {"c": "x : y"}}


def test_a_literal_as_a_name_is_a_name() -> None:
    assert json.loads(quote_names("{null  : true}")) == {"null": True}


def test_why_an_answer_is_foreign_stands_on_the_record() -> None:
    reasons = [read_answer(text) for text in ("<html>", "[]", "{}", stock("{resultCode"))]
    assert reasons == [
        UnrecognizedResponse("the answer is not JSON"),
        UnrecognizedResponse("the answer is not a JSON object"),
        UnrecognizedResponse("the answer has no resultCode"),
        UnrecognizedResponse("the result inside the answer cannot be read"),
    ]


@pytest.mark.parametrize(
    ("deduplication", "words"), [(Deduplication.LEAD_ID, "same lead id"), (Deduplication.NONE, "not the event's")]
)
def test_a_duplicate_key_is_explained_by_what_the_crm_guarantees(deduplication: Deduplication, words: str) -> None:
    text = refusal('23505: duplicate key value violates unique constraint "PK_Lead"')
    verdict = answered(text, terms=Terms(deduplication=deduplication))
    assert verdict.outcome is Outcome.UNKNOWN
    assert words in verdict.detail


def test_an_exceptions_name_is_told_and_nothing_in_its_place() -> None:
    assert "(SqlException)" in answered(refusal("?", "SqlException")).detail
    assert answered(refusal("?")).detail.startswith("Result code −1 with a text nobody has seen yet; ")


def test_an_answer_without_a_status_is_unknown_and_none_is_made_up_for_it() -> None:
    verdict = classify(Exchange(TransportResult.ANSWERED), Terms())
    assert (verdict.outcome, verdict.http_status) == (Outcome.UNKNOWN, None)
    assert verdict.detail.startswith("HTTP 0: ")


def test_a_row_of_the_table_knows_its_text_in_any_case_and_keeps_what_it_means() -> None:
    row = _refusal("лендинг отключ[её]н", Outcome.REJECTED_CONFIGURATION, "It is switched off.")
    assert row.pattern.match("ЛЕНДИНГ ОТКЛЮЧЁН")
    assert (row.outcome, row.detail) == (Outcome.REJECTED_CONFIGURATION, "It is switched off.")


def test_no_answer_after_the_request_was_sent_is_told_as_that() -> None:
    verdict = classify(Exchange(TransportResult.MAYBE_SENT, error="ReadTimeout"), Terms())
    assert verdict.outcome is Outcome.UNKNOWN
    assert "was sent and no answer came back (ReadTimeout)" in verdict.detail
