"""How large DynamoDB takes an item to be, and what of it lies in an index: by AWS's published rules.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from typing import Any

Entry = dict[str, dict[str, Any]]
"""An item, or an index's share of it, as attribute values by name."""
_UNIT_BYTES = 1024
_OF_A_COLLECTION, _OF_A_MEMBER = 3, 1  # bytes on top


def size_of(entry: Entry | None) -> int:
    """The bytes of an item, 0 of none: its attributes' names in UTF-8, and their values."""
    return sum(len(name.encode()) + _value(value) for name, value in (entry or {}).items())


def write_units(size: int) -> int:
    """The units that a write of so many bytes costs: one for each kilobyte begun."""
    return max(1, math.ceil(size / _UNIT_BYTES))


def entry_of(item: Entry | None, partition: str, sort: str, projected: Sequence[str]) -> Entry | None:
    """What an index holds of an item: nothing where the item lacks one of the index's keys."""
    if item is None or partition not in item or sort not in item:
        return None
    return {name: item[name] for name in (partition, sort, *projected) if name in item}


def _value(attribute: dict[str, Any]) -> int:
    """A number has about a byte for two digits and one more; zeros before and behind do not count."""
    ((kind, value),) = attribute.items()
    match kind:
        case "S":
            return len(value.encode())
        case "N":
            return math.ceil(len(value.lstrip("-").replace(".", "").strip("0") or "0") / 2) + 1
        case "B":
            return len(base64.b64decode(value) if isinstance(value, str) else value)
        case "L":
            return _OF_A_COLLECTION + sum(_OF_A_MEMBER + _value(member) for member in value)
        case "M":
            members = sum(_OF_A_MEMBER + len(name.encode()) + _value(member) for name, member in value.items())
            return _OF_A_COLLECTION + members
    return 1  # a truth value, or null
