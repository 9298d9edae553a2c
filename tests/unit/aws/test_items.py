"""Plain values to DynamoDB's and back: as boto3's own serializer writes them, floats and lone surrogates besides."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from boto3.dynamodb.types import TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from postcall.aws.items import from_item, to_attribute, to_item

numbers = st.integers(-(10**37), 10**37) | st.decimals(-(10**9), 10**9, places=4)
scalars = st.none() | st.booleans() | numbers | st.text(st.characters(exclude_categories=["Cs"])) | st.binary()
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


class Word(StrEnum):
    """A word of the domain."""

    NEW = "new"


def without_none(value: Any) -> Any:
    """What is stored: members that are None are left out."""
    if isinstance(value, dict):
        return {name: without_none(member) for name, member in value.items() if member is not None}
    return [without_none(member) for member in value] if isinstance(value, list) else value


@given(values)
def test_a_value_is_written_as_boto3_writes_it(value: Any) -> None:
    assert to_attribute(value) == TypeSerializer().serialize(without_none(value))


@given(st.dictionaries(st.text(min_size=1, max_size=5), st.none() | st.booleans() | st.integers(-(10**37), 10**37)))
def test_what_was_written_is_read_again(item: dict[str, Any]) -> None:
    assert from_item(to_item(item)) == without_none(item)


@pytest.mark.parametrize(
    ("value", "attribute"),
    [
        (0.1, {"N": "0.1"}),
        (-2.5e-7, {"N": "-2.5E-7"}),
        (Word.NEW, {"S": "new"}),
        ("\ud83d", {"S": "?"}),
        ((1, "a"), {"L": [{"N": "1"}, {"S": "a"}]}),
    ],
)
def test_what_boto3_does_not_take_is_written_too(value: Any, attribute: dict[str, Any]) -> None:
    assert to_attribute(value) == attribute


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("Infinity"), object(), {1, 2}])
def test_what_dynamodb_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        to_attribute(value)


@pytest.mark.parametrize("value", [10**39 + 1, 1e300, Decimal("1e-200")])
def test_a_number_is_refused_rather_than_cut(value: Any) -> None:
    with pytest.raises(ArithmeticError):
        to_attribute(value)


def test_numbers_are_read_as_int_where_they_are_whole_and_as_float_else() -> None:
    read = from_item({"whole": {"N": "3"}, "long": {"N": "3.0"}, "part": {"N": "0.5"}, "none": {"NULL": True}})
    assert read == {"whole": 3, "long": 3, "part": 0.5, "none": None}
    assert [type(read[name]) for name in ("whole", "long", "part")] == [int, int, float]
