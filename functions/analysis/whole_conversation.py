"""The whole conversation behind an event that came as spans: fetched by reconciliation, which alone has the key."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable
from typing import Any

from functions.analysis.telemetry import report_spans_alone
from postcall.domain.errors import Unavailable

SECONDS = 10.0  # the spans are at hand: nobody waits long for more than they hold
LARGEST_BYTES = 64 * 1024 * 1024
Commands = Callable[[dict[str, Any]], dict[str, Any]]


def whole_conversation(conversation_id: str, *, reconciliation: Commands) -> bytes | None:
    """The conversation as its webhook of the first form, or None where there is no key or it is not to be had."""
    try:
        command = {"command": "fetch", "conversation_id": conversation_id, "seconds": SECONDS}
        result = reconciliation(command)
    except Unavailable as error:
        result = {"status": "unavailable", "reason": str(error)}
    if result.get("status") != "done":
        report_spans_alone(conversation_id, reason=result.get("status"))
        return None
    return zlib.decompressobj().decompress(base64.b64decode(result["packed"]), LARGEST_BYTES)
