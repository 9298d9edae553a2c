"""A body that must be one JSON object."""

from __future__ import annotations

import json
from typing import Any

from postcall.domain.errors import Rejected
from postcall.domain.said import said


def read_object(body: bytes) -> dict[str, Any]:
    """The object's members. Raises `Rejected` with a sentence that repeats nothing of the body."""
    try:
        members = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Rejected(said("request.not_json")) from error
    if not isinstance(members, dict):
        raise Rejected(said("request.not_object"))
    return members
