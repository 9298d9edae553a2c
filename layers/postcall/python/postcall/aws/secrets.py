"""Secrets by name, from Secrets Manager, kept in memory for five minutes."""

from __future__ import annotations

import time
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws import clients
from postcall.domain.errors import Unavailable
from postcall.domain.said import said

MAX_AGE_SECONDS = 300


@dataclass(frozen=True)
class _Known:
    text: str
    read_at: float  # on the monotonic clock


_known: dict[str, _Known] = {}


def secret(name: str, *, fresh: bool = False) -> str:
    """The secret's text, empty when it has no value yet.

    Raises:
        Unavailable: It cannot be read.
    """
    known = _known.get(name)
    if known is not None and not fresh and time.monotonic() - known.read_at < MAX_AGE_SECONDS:
        return known.text
    try:
        text = clients.secrets_manager().get_secret_value(SecretId=name).get("SecretString", "")
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return ""  # what a secret made without a value answers, as if it did not exist
        raise Unavailable(said("store.secret_unread", name=name)) from error
    except BotoCoreError as error:
        raise Unavailable(said("store.secret_unread", name=name)) from error
    _known[name] = _Known(text, time.monotonic())
    return text


def forget() -> None:
    """Drop what was read: for tests."""
    _known.clear()
