"""Plain values to DynamoDB items and back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer

Item = dict[str, Any]
_serializer = TypeSerializer()
_deserializer = TypeDeserializer()


def to_item(values: Item) -> dict[str, Any]:
    """A row for the low-level client. Members that are None are left out: an absent attribute keeps an index sparse."""
    return {name: to_attribute(value) for name, value in values.items() if value is not None}


def to_attribute(value: Any) -> dict[str, Any]:  # noqa: ANN401 — any JSON value or bytes
    """One attribute value."""
    return cast("dict[str, Any]", _serializer.serialize(_storable(value)))


def from_item(item: Item) -> Item:
    """A row in plain values: whole numbers are int, others float, binary is bytes."""
    return {name: _plain(_deserializer.deserialize(value)) for name, value in item.items()}


def _storable(value: Any) -> Any:  # noqa: ANN401 — recursive over JSON
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, str):  # a lone surrogate, which JSON can smuggle in, has no UTF-8 form
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {name: _storable(member) for name, member in value.items() if member is not None}
    if isinstance(value, list | tuple):
        return [_storable(member) for member in value]
    return value


def _plain(value: Any) -> Any:  # noqa: ANN401 — recursive over JSON
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, Binary):
        return bytes(value)  # type: ignore[call-overload]  # the stubs do not know __bytes__
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return value
