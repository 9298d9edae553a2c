"""Where the next page of a list goes on: the last key that DynamoDB named, as a text that travels in a URL."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from postcall.domain.clock import is_of_our_time
from postcall.domain.errors import Rejected
from postcall.domain.said import said

NOT_OURS = said("request.cursor")
Key = dict[str, Any]


def write_cursor(key: Mapping[str, Any]) -> str:
    """The cursor of a key."""
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def write_cursors(keys: list[Key]) -> str:
    """The cursor of a list that is read from several partitions: where each goes on that is not at its end."""
    return write_cursor({"keys": keys})


def read_cursors(cursor: str | None, *, partition: str, entry: str) -> list[Key] | None:
    """The keys to go on from, at least one, each as `read_cursor` gives it.

    Raises:
        Rejected: The cursor is not one of this list's.
    """
    if cursor is None:
        return None
    keys = _read(cursor).get("keys")
    if not isinstance(keys, list) or not keys:
        raise Rejected(NOT_OURS)
    return [_checked(key, partition=partition, entry=entry) for key in keys]


def read_cursor(cursor: str | None, *, partition: str, entry: str) -> Key | None:
    """The key to go on from: a whole one of an index, or its partition alone where a page ended between two days.

    A whole key is of `entry` (the table's own key), `partition` and `received_at`, each a text.

    Raises:
        Rejected: The cursor is not one of this list's.
    """
    if cursor is None:
        return None
    return _checked(_read(cursor), partition=partition, entry=entry)


def _read(cursor: str) -> Key:
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError) as error:
        raise Rejected(NOT_OURS) from error
    if not isinstance(found, dict):
        raise Rejected(NOT_OURS)
    return found


def _checked(key: Any, *, partition: str, entry: str) -> Key:  # noqa: ANN401 — unchecked JSON
    try:
        texts = {name: value["S"] for name, value in key.items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise Rejected(NOT_OURS) from error
    if set(texts) not in ({partition}, {entry, partition, "received_at"}):
        raise Rejected(NOT_OURS)
    if not all(isinstance(text, str) and text and text.isprintable() for text in texts.values()):
        raise Rejected(NOT_OURS)
    return {name: {"S": text} for name, text in texts.items()}


def cursor_day(key: Key) -> date:
    """The day that a key of an index by day is of.

    Raises:
        Rejected: Its day is no date of our time.
    """
    try:
        day = date.fromisoformat(key["day"]["S"][: len("2000-01-01")])
    except ValueError as error:
        raise Rejected(NOT_OURS) from error
    if not is_of_our_time(day):
        raise Rejected(NOT_OURS)
    return day
