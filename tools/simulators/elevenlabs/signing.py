"""ElevenLabs' signature of a webhook: HMAC-SHA256 over the moment and the very bytes (docs/contracts/elevenlabs.md)."""

from __future__ import annotations

import hashlib
import hmac


def signature(body: bytes, *, secret: str, at: float) -> str:
    """The value of `ElevenLabs-Signature` for these bytes at a time in Unix seconds, of which whole ones count."""
    mac = hmac.new(secret.encode(), f"{int(at)}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={int(at)},v0={mac}"
