"""Reading the CRM's answer: its code, its relaxed notation, and why one is not recognised."""

from __future__ import annotations

import json
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.dispatch.answer import EmptyResult, Result, UnrecognizedResponse, quote_names, read_answer
from postcall.domain.outcome import Outcome
from tests.unit.dispatch.test_classify import answered, stock


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


def test_a_sentence_that_looks_like_a_result_stays_a_sentence() -> None:
    forged = stock('{resultMessage:"a,resultCode:0,b:\\"{resultCode:0}\\"",resultCode:-1}')
    assert read_answer(forged) == Result(-1, 'a,resultCode:0,b:"{resultCode:0}"')
    assert answered(forged).outcome is Outcome.UNKNOWN


def test_escaped_slashes_and_control_characters_are_read() -> None:
    assert read_answer('{"SaveWebFormObjectDataResult":"{resultMessage:\\"a\\/b\\",resultCode:0}"}') == Result(0, "a/b")
    assert read_answer(stock('{resultMessage:"a\nb",resultCode:0}')) == Result(0, "a\nb")


def test_words_that_are_values_stay_values() -> None:
    assert json.loads(quote_names("{a:true,b:null,true:1,c:[false]}")) == {
        "a": True,
        "b": None,
        "true": 1,
        "c": [False],
    }


# As r"[a-z]\w{0,8}", which is drawn sign by sign and takes seconds.
NAMES = st.builds(
    str.__add__,
    st.sampled_from(string.ascii_lowercase),
    st.text(st.characters(categories=("L", "N"), include_characters="_"), max_size=8),
)


MEMBERS = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, MEMBERS, max_size=4))
def test_bare_and_quoted_names_read_the_same(value: Any) -> None:
    def bare(node: Any) -> str:
        if isinstance(node, dict):
            return "{" + ",".join(f"{name}:{bare(member)}" for name, member in node.items()) + "}"
        if isinstance(node, list):
            return "[" + ",".join(bare(member) for member in node) + "]"
        return json.dumps(node, ensure_ascii=False)

    assert json.loads(quote_names(bare(value)), strict=False) == value
    assert json.loads(quote_names(json.dumps(value)), strict=False) == value


def test_an_endless_nesting_is_no_answer() -> None:
    assert isinstance(read_answer("[" * 100_000), UnrecognizedResponse)
    assert isinstance(read_answer(stock("{a:" * 50_000)), UnrecognizedResponse)
    assert isinstance(read_answer(stock("")), EmptyResult)
