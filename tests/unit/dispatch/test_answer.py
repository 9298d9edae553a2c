"""Reading the CRM's answer: its code, its relaxed notation, and why a foreign one is foreign."""

from __future__ import annotations

import json

import pytest

from functions.dispatch.answer import Result, UnrecognizedResponse, quote_names, read_answer
from tests.unit.dispatch.test_classify import stock


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
