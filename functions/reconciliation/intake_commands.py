"""intake's use case, called through its function: reconciliation has no way of its own into the tables."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from typing import Any

from functions.reconciliation.usecases.conversation import Envelope
from functions.reconciliation.usecases.reconcile import IngestResult
from postcall.domain.said import read_said_members

# A call of a function carries six megabytes; a longer conversation goes packed, which makes it several times smaller.
PLAIN_LIMIT_BYTES = 1_000_000
Command = dict[str, Any]


class IntakeCommands:
    """Orders intake to take in what nobody delivered."""

    def __init__(self, commands: Callable[[Command], Command]) -> None:
        self._commands = commands

    def ingest(self, envelope: Envelope) -> IngestResult:
        """Take one call in.

        Raises:
            Unavailable: Intake does not answer now, or fails.
        """
        result = self._commands({"command": "ingest", "source": "reconciliation"} | _body(envelope))
        return IngestResult(str(result.get("status")), read_said_members(result, "reason") or "")


def _body(envelope: Envelope) -> Command:
    text = _text(envelope)
    if len(text) <= PLAIN_LIMIT_BYTES:
        return {"envelope": envelope}
    return {"packed": _packed(text)}


def packed(envelope: Envelope) -> str:
    """A webhook as a command carries it: compressed, in base64."""
    return _packed(_text(envelope))


def _packed(text: bytes) -> str:
    return base64.b64encode(zlib.compress(text)).decode()


def _text(envelope: Envelope) -> bytes:
    return json.dumps(envelope, ensure_ascii=False).encode("utf-8", "surrogatepass")
