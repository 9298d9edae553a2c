"""What a verdict says beside its outcome: the sentence for a person, the status, how long it took."""

from __future__ import annotations

import pytest

from functions.dispatch.classify import Exchange, Terms, TransportResult, _refusal, classify
from postcall.domain.deduplication import Deduplication
from postcall.domain.outcome import Outcome
from postcall.domain.said import said
from tests.unit.dispatch.test_classify import answered, refusal, stock


def test_the_verdict_keeps_how_long_it_took() -> None:
    exchange = Exchange(TransportResult.ANSWERED, status=200, text=stock("{resultCode:0}"), duration_ms=12)
    assert classify(exchange, Terms()).duration_ms == 12


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


def test_an_answer_that_is_not_whole_is_told_as_that() -> None:
    exchange = Exchange(TransportResult.ANSWERED, status=200, text=stock("{resultCode:0}"), whole=False)
    assert classify(exchange, Terms()).detail == said("crm.not_whole", status=200)


def test_what_is_strange_about_an_answer_is_told() -> None:
    assert answered("[]").detail == said("crm.unrecognized", why=said("crm.unrecognized.not_object"))
    assert answered(stock("{resultCode:7}")).detail == said("crm.unknown_code", code=7)
