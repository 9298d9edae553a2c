"""Plain values to DynamoDB items and back, in one pass.

boto3 has a serializer of its own; it takes no floats and gives `Decimal`s, so that both ways needed a second pass over
every value, and importing it brings in the whole of boto3.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from decimal import Clamped, Context, Decimal, Inexact, Overflow, Rounded, Underflow
from typing import Any

Item = dict[str, Any]
# A number in DynamoDB: 38 digits, up to 9.99e125. Anything else is refused here rather than cut.
_NUMBERS = Context(prec=38, Emin=-128, Emax=126, traps=[Clamped, Inexact, Overflow, Rounded, Underflow])


def to_item(values: Item) -> dict[str, Any]:
    """A row for the low-level client. Members that are None are left out: an absent attribute keeps an index sparse."""
    return {name: to_attribute(value) for name, value in values.items() if value is not None}


def to_attribute(value: Any) -> dict[str, Any]:  # noqa: ANN401 — any JSON value or bytes
    """One attribute value. `TypeError` for what is neither JSON nor bytes, `ArithmeticError` for a huge number.

    Raises:
        TypeError: The value is of another type.
    """
    write = _WRITE.get(type(value)) or next((_WRITE[kind] for kind in _WRITE if isinstance(value, kind)), None)
    if write is None:
        raise TypeError(f"DynamoDB cannot hold a {type(value).__name__}.")
    return write(value)


def from_item(item: Item) -> Item:
    """A row in plain values: whole numbers are int, others float, binary is bytes."""
    return {name: _plain(value) for name, value in item.items()}


def _text(value: str) -> dict[str, Any]:
    """A lone surrogate, which JSON can smuggle in, has no UTF-8 form."""
    return {"S": value.encode("utf-8", "replace").decode()}


def _number(value: float | Decimal) -> dict[str, Any]:
    number = _NUMBERS.create_decimal(repr(value) if isinstance(value, float) else value)
    if not number.is_finite():
        raise TypeError("DynamoDB cannot hold a number that is not finite.")
    return {"N": str(number)}


_WRITE: dict[type, Callable[[Any], dict[str, Any]]] = {
    str: _text,
    bool: lambda value: {"BOOL": value},
    int: _number,
    float: _number,
    Decimal: _number,
    bytes: lambda value: {"B": value},
    dict: lambda value: {"M": to_item(value)},
    list: lambda value: {"L": [to_attribute(member) for member in value]},
    tuple: lambda value: {"L": [to_attribute(member) for member in value]},
    type(None): lambda _: {"NULL": True},
}


def _plain(attribute: dict[str, Any]) -> Any:  # noqa: ANN401 — recursive over JSON
    kind, value = next(iter(attribute.items()))
    match kind:
        case "N":
            number = Decimal(value)
            return int(number) if number == number.to_integral_value() else float(number)
        case "M":
            return from_item(value)
        case "L":
            return [_plain(member) for member in value]
        case "NULL":
            return None
        case "B" if isinstance(value, str):  # as it stands in an answer: see `json_protocol`
            return b64decode(value)
    return value  # a text, a truth value or bytes are themselves
