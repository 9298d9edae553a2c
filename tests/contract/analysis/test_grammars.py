"""The answer's schema compiles in the grammar engines of model servers, and they allow a right answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from llguidance import LLMatcher, LLTokenizer
from lmformatenforcer import JsonSchemaParser
from outlines_core.json_schema import build_regex_from_schema

from functions.analysis.model.schema import Schema, answer_schema
from functions.analysis.model.servers import bounds_texts
from functions.analysis.taxonomy import taxonomy
from tests.unit.analysis.builders import answer_members

SCHEMAS = [answer_schema(taxonomy()), answer_schema(taxonomy(), bounds_texts=True)]


def in_order(value: Any, schema: Schema) -> Any:
    """A value with its members in the schema's order, as a grammar makes a model write them."""
    if isinstance(value, list):
        return [in_order(item, schema["items"]) for item in value]
    if isinstance(value, dict):
        return {name: in_order(value[name], part) for name, part in schema["properties"].items()}
    return value


def llguidance(schema: Schema, text: str) -> bool:
    grammar = LLMatcher.grammar_from_json_schema(json.dumps(schema))
    tokenizer = LLTokenizer("byte")
    matcher, tokens = LLMatcher(tokenizer, grammar), tokenizer.tokenize_str(text)
    assert LLMatcher.validate_grammar(grammar) == ""
    return bool(matcher.consume_tokens(tokens)) and matcher.is_accepting()


def outlines_core(schema: Schema, text: str) -> bool:
    return re.fullmatch(build_regex_from_schema(json.dumps(schema)), text) is not None


def lm_format_enforcer(schema: Schema, text: str) -> bool:
    parser: Any = JsonSchemaParser(schema)
    parser.config.alphabet = "".join({*parser.config.alphabet, *text})
    for character in text:
        if character not in parser.get_allowed_characters():
            return False
        parser = parser.add_character(character)
    return bool(parser.can_end())


@pytest.mark.parametrize("allows", [llguidance, outlines_core, lm_format_enforcer], ids=lambda engine: engine.__name__)
@pytest.mark.parametrize("schema", SCHEMAS, ids=["for OpenAI", "with texts bounded"])
def test_the_schema_compiles_and_allows_right_answers_and_no_other(
    allows: Callable[[Schema, str], bool], schema: Schema
) -> None:
    nobody = dict.fromkeys(("full_name", "phone_ref", "email_ref"))
    for members in (answer_members(), answer_members(contacts=nobody)):
        answer = in_order(members, schema)
        assert allows(schema, json.dumps(answer, ensure_ascii=False))
        assert not allows(schema, json.dumps(answer | {"topic": "houses"}, ensure_ascii=False))


@pytest.mark.parametrize(
    ("address", "bounded"),
    [
        (None, False),
        ("https://api.openai.com/v1", False),
        ("https://ours.openai.azure.com/openai/v1", False),
        ("http://127.0.0.1:8080/v1", True),
        ("https://openai.com.example/v1", True),
    ],
)
def test_texts_are_bounded_where_the_server_knows_how(address: str | None, bounded: bool) -> None:  # noqa: FBT001 — a row of the table
    assert bounds_texts(address) is bounded
