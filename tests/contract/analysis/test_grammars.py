"""The answer's schema compiles in the grammar engines of model servers, and they allow a right answer."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from llguidance import LLMatcher
from outlines_core.json_schema import build_regex_from_schema

from functions.analysis.model.schema import Schema, answer_schema
from functions.analysis.model.servers import bounds_texts
from functions.analysis.taxonomy import taxonomy
from tests.unit.analysis.builders import answer_members

# What OpenAI's strict mode takes, of what stands in the schema: it knows no greatest length of a text.
STRICT = {"type", "properties", "required", "additionalProperties", "items", "enum", "minimum", "maximum", "maxItems"}
SCHEMAS = [answer_schema(taxonomy()), answer_schema(taxonomy(), bounds_texts=True)]


def keywords(schema: Schema) -> set[str]:
    """The keywords of a schema and of all that lie in it."""
    inner = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
    return set(schema).union(*map(keywords, inner))


def in_order(value: Any, schema: Schema) -> Any:
    """A value with its members in the schema's order, as a grammar makes a model write them."""
    if isinstance(value, list):
        return [in_order(item, schema["items"]) for item in value]
    if isinstance(value, dict):
        return {name: in_order(value[name], part) for name, part in schema["properties"].items()}
    return value


@pytest.mark.parametrize("schema", SCHEMAS, ids=["for OpenAI", "with texts bounded"])
def test_the_schema_compiles_and_allows_a_right_answer(schema: Schema) -> None:
    grammar = LLMatcher.grammar_from_json_schema(json.dumps(schema))
    assert LLMatcher.validate_grammar(grammar) == ""
    expression = build_regex_from_schema(json.dumps(schema))
    answer = in_order(answer_members(), schema)
    assert re.fullmatch(expression, json.dumps(answer, ensure_ascii=False))


def test_what_goes_to_openai_holds_only_what_its_strict_mode_takes() -> None:
    assert keywords(SCHEMAS[0]) <= STRICT
    assert keywords(SCHEMAS[1]) - STRICT == {"maxLength"}


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
