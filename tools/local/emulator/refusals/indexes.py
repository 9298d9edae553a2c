"""What one update of a DynamoDB table may do to its global secondary indexes: make one, or drop one, and change none.

Sources: CloudFormation's reference of AWS::DynamoDB::GlobalTable and AWS::DynamoDB::Table ("You can only create or
delete one global secondary index in a single stack operation"), DynamoDB's UpdateTable.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

TABLES: Final = frozenset({"AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table"})
FIXED: Final = (
    "Cannot update GSI's properties other than Provisioned Throughput and Contributor Insights Specification. "
    "You can create a new GSI with a different name."
)
ONE_AT_A_TIME: Final = "Cannot perform more than one GSI creation or deletion in a single update"
UNDEFINED: Final = "Some index key attributes are not defined in AttributeDefinitions"

Properties = Mapping[str, Any]


def refused_update(old: Properties, new: Properties) -> str | None:
    """AWS's sentence about an update of a table's properties; nothing where it may be made."""
    before, after = _by_name(old), _by_name(new)
    if any(_fixed(before[name]) != _fixed(after[name]) for name in before.keys() & after.keys()):
        return FIXED
    if len(before.keys() ^ after.keys()) > 1:
        return ONE_AT_A_TIME
    return None


def refused_keys(table: Properties) -> str | None:
    """AWS's sentence about keys whose attributes have no type; nothing where all have one."""
    keys = [*table.get("KeySchema", []), *(key for index in _by_name(table).values() for key in index["KeySchema"])]
    defined = {each["AttributeName"] for each in table.get("AttributeDefinitions", [])}
    missing = sorted({key["AttributeName"] for key in keys} - defined)
    return f"One or more parameter values were invalid: {UNDEFINED}. Keys: {missing}" if missing else None


def _by_name(table: Properties) -> dict[str, Properties]:
    return {index["IndexName"]: index for index in table.get("GlobalSecondaryIndexes", [])}


def _fixed(index: Properties) -> tuple[object, object]:
    return index["KeySchema"], index["Projection"]
