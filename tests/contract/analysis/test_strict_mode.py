"""The schema that goes to OpenAI holds every rule of its strict mode, and each broken rule would be noticed.

The rules are those of OpenAI's guide "Structured model outputs", section "Supported schemas" (February 2026), with the
limits of the older models where they are the tighter ones, and one that only its API's error message names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy

import pytest

from functions.analysis.model.schema import Schema, answer_schema
from functions.analysis.taxonomy import taxonomy
from tests.contract.analysis.analyst import judged
from tools.simulators.model import ModelStub

TYPES = {"string", "number", "integer", "boolean", "object", "array", "null"}
KEYWORDS = {
    *("type", "properties", "required", "additionalProperties", "items", "anyOf", "enum", "const", "description"),
    *("$ref", "$defs", "pattern", "format", "multipleOf", "minItems", "maxItems"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
}
MOST_PROPERTIES, MOST_LEVELS, MOST_ENUM_VALUES, MOST_CHARACTERS = 100, 5, 500, 15_000
LARGE_ENUM, LARGE_ENUM_CHARACTERS = 250, 7_500
NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def inner(schema: Schema) -> list[Schema]:
    items = [schema["items"]] if "items" in schema else []
    return [*schema.get("properties", {}).values(), *schema.get("anyOf", ()), *items]


def everywhere(schema: Schema) -> Iterator[Schema]:
    """The schema and all that lie in it."""
    yield schema
    for part in inner(schema):
        yield from everywhere(part)


def levels(schema: Schema) -> int:
    """How deep objects and lists lie in one another."""
    deepest = max(map(levels, inner(schema)), default=0)
    return deepest + ("properties" in schema or "items" in schema)


def broken(schema: Schema) -> set[str]:
    """The rules that a schema breaks."""
    found = {rule for part in everywhere(schema) for rule, is_broken in _of_one(part).items() if is_broken}
    properties = [name for part in everywhere(schema) for name in part.get("properties", ())]
    values = [str(value) for part in everywhere(schema) for value in part.get("enum", ())]
    whole = {
        "the root is an object": schema.get("type") != "object" or "anyOf" in schema,
        "so many properties": len(properties) > MOST_PROPERTIES,
        "so many levels": levels(schema) > MOST_LEVELS,
        "so many values in enums": len(values) > MOST_ENUM_VALUES,
        "so many characters in names and values": sum(map(len, properties + values)) > MOST_CHARACTERS,
    }
    return found | {rule for rule, is_broken in whole.items() if is_broken}


def _of_one(part: Schema) -> dict[str, bool]:
    kinds = part["type"] if isinstance(part.get("type"), list) else [part.get("type")]
    names = list(part.get("properties", ()))
    values = part.get("enum", ())
    firsts = [next(iter(one["properties"])) for one in part.get("anyOf", ()) if one.get("properties")]
    return {
        "only keywords that it knows": not set(part) <= KEYWORDS,
        "every part has a type": not ("anyOf" in part or set(kinds) <= TYPES),
        "objects are closed": "object" in kinds and part.get("additionalProperties") is not False,
        "all members are required": "object" in kinds and sorted(part.get("required", ())) != sorted(names),
        "a list says of what": "array" in kinds and "items" not in part,
        "a large enum is short": len(values) > LARGE_ENUM and sum(map(len, values)) > LARGE_ENUM_CHARACTERS,
        "alternatives begin differently": len(firsts) != len(set(firsts)),
    }


def test_the_answers_schema_breaks_no_rule() -> None:
    assert broken(answer_schema(taxonomy())) == set()


def test_the_form_that_is_sent_is_named_strict_and_breaks_no_rule() -> None:
    with ModelStub() as stub:
        judged(stub)
    form = stub.requests[0]["response_format"]["json_schema"]
    assert NAME.fullmatch(form["name"])
    assert form["strict"] is True
    assert broken(form["schema"]) == set()


def test_a_bounded_text_is_what_other_servers_get_more() -> None:
    bounded = answer_schema(taxonomy(), bounds_texts=True)
    assert broken(bounded) == {"only keywords that it knows"}
    assert set().union(*everywhere(bounded)) - KEYWORDS == {"maxLength"}


def _deeper(schema: Schema) -> None:
    for _ in range(MOST_LEVELS):
        schema["properties"] = {"more": deepcopy(schema)}
        schema["required"] = ["more"]


PLANTED: dict[str, Callable[[Schema], object]] = {
    "the root is an object": lambda schema: schema.update(anyOf=[{"type": "object"}]),
    "only keywords that it knows": lambda schema: schema["properties"]["summary"].update(minLength=1),
    "every part has a type": lambda schema: schema["properties"]["summary"].pop("type"),
    "objects are closed": lambda schema: schema["properties"]["evidence"]["items"].pop("additionalProperties"),
    "all members are required": lambda schema: schema["properties"]["contacts"]["required"].pop(),
    "a list says of what": lambda schema: schema["properties"]["recommendations"].pop("items"),
    "a large enum is short": lambda schema: schema["properties"]["topic"].update(
        enum=[f"{number:030}" for number in range(LARGE_ENUM + 1)]
    ),
    "alternatives begin differently": lambda schema: schema["properties"]["topic"].update(
        anyOf=[{"type": "object", "properties": {"a": {"type": "null"}}}] * 2
    ),
    "so many properties": lambda schema: schema["properties"].update(
        {str(number): {"type": "null"} for number in range(MOST_PROPERTIES)}
    ),
    "so many levels": _deeper,
    "so many values in enums": lambda schema: schema["properties"]["topic"].update(
        enum=[str(number) for number in range(MOST_ENUM_VALUES)]
    ),
    "so many characters in names and values": lambda schema: schema["properties"]["topic"].update(
        enum=["a" * MOST_CHARACTERS]
    ),
}


@pytest.mark.parametrize("rule", PLANTED)
def test_a_broken_rule_is_noticed(rule: str) -> None:
    schema = deepcopy(answer_schema(taxonomy()))
    PLANTED[rule](schema)
    assert rule in broken(schema)
