"""A call as ElevenLabs would report it just now: the sample with an id of its own, signed."""

from __future__ import annotations

import dataclasses
import json
import secrets
from typing import Any

from tools.local.paths import ROOT
from tools.simulators.elevenlabs.signing import signature

SAMPLE = ROOT / "tests/samples/elevenlabs/01-ru-inbound-twilio-data-collection.json"
IN_SECONDS = ("_unix_secs", "event_timestamp")
IN_MILLISECONDS = ("_unix_ms",)


@dataclasses.dataclass(frozen=True)
class SignedCall:
    """What is posted: the bytes, and the signature over exactly these bytes."""

    conversation_id: str
    body: bytes
    signature: str


def fresh_call(*, secret: str, now: int) -> SignedCall:
    """The sample as if the call had ended at `now` (Unix seconds). Russian text goes as UTF-8."""
    sample = json.loads(SAMPLE.read_text(encoding="utf-8"))
    conversation_id = f"conv_{secrets.token_hex(14)}"
    moved = _moved(sample, now - sample["event_timestamp"])
    text = json.dumps(moved, ensure_ascii=False).replace(sample["data"]["conversation_id"], conversation_id)
    body = text.encode()
    return SignedCall(conversation_id, body, signature(body, secret=secret, at=now))


def _moved(value: Any, seconds: int, name: str = "") -> Any:  # noqa: ANN401 — any JSON
    """The same with every moment in time later by this much; ElevenLabs names them by their unit."""
    if isinstance(value, dict):
        return {key: _moved(member, seconds, key) for key, member in value.items()}
    if isinstance(value, list):
        return [_moved(member, seconds, name) for member in value]
    if isinstance(value, int) and not isinstance(value, bool):
        if name.endswith(IN_SECONDS):
            return value + seconds
        if name.endswith(IN_MILLISECONDS):
            return value + seconds * 1000
    return value
