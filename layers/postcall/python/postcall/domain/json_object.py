"""JSON that nobody has checked, read by kind: an object, a list, a text, or nothing of the kind."""

from __future__ import annotations

import json
from typing import Any

from postcall.domain.errors import Rejected
from postcall.domain.said import said

JsonObject = dict[str, Any]


def as_object(value: object) -> JsonObject:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def as_objects(value: object) -> list[JsonObject]:
    """The objects of a list; what is none is left out."""
    return [each for each in as_list(value) if isinstance(each, dict)]


def as_text(value: object) -> str | None:
    """The value if it is a text with something in it, without the space around it."""
    return value.strip() or None if isinstance(value, str) else None


def read_object(
    body: bytes | str, *, not_json: str = said("request.not_json"), not_object: str = said("request.not_object")
) -> JsonObject:
    """The object's members; the sentences for what is none repeat nothing of it.

    Raises:
        Rejected: It is no JSON, or JSON of another kind.
    """
    try:
        members = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Rejected(not_json) from error
    if not isinstance(members, dict):
        raise Rejected(not_object)
    return members
