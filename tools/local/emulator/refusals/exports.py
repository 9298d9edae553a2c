"""An exported output that another stack imports can neither go nor change.

Source: CloudFormation's user guide, "Get exported outputs from a deployed CloudFormation stack": "You can't delete a
stack if another stack references one of its outputs"; "You can't modify or remove an output value that is referenced
by another stack".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping


def refused_update(
    before: Mapping[str, str], after: Mapping[str, str], importers: Callable[[str], list[str]]
) -> str | None:
    """AWS's sentence about a stack's new exports by name; `importers` tells which stacks use one."""
    for name, value in before.items():
        users = ", ".join(importers(name)) if after.get(name) != value else ""
        if users and name not in after:
            return f"Export {name} cannot be deleted as it is in use by {users}"
        if users:
            return f"Export {name} cannot be updated as it is in use by {users}"
    return None
