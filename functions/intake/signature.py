"""ElevenLabs' webhook signature over the raw bytes: `ElevenLabs-Signature: t=<unix seconds>,v0=<hex>`.

Rules and the vendor's own verifiers' quirks: docs/contracts/elevenlabs.md, "Signature".
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable
from enum import StrEnum

FUTURE_TOLERANCE_SECONDS = 300
_TIMESTAMP = re.compile(r"\d{1,12}", re.ASCII)
_MAXIMUM_PARTS = 16  # nobody rotates that many secrets; a longer header is an attempt to make us work


class Flaw(StrEnum):
    """Why a signature does not hold: the code of what is said of it."""

    MISSING = "signature.missing"
    MALFORMED = "signature.malformed"
    MISMATCH = "signature.mismatch"
    STALE = "signature.stale"
    FUTURE = "signature.future"
    NO_SECRET = "signature.no_secret"  # noqa: S105 — a sentence
    WRAPPED_SECRET = "signature.wrapped_secret"  # noqa: S105 — a sentence


# Our own fault: whoever signed the call did well, and must try again.
OURS = frozenset({Flaw.NO_SECRET, Flaw.WRAPPED_SECRET})


def flaw_of(
    header: str | None,
    body: bytes,
    *,
    secrets: Iterable[str] | Flaw,
    now: float,
    tolerance_seconds: int,
) -> Flaw | None:
    """What is wrong with the signature of these bytes, or None when it holds.

    `secrets` may be what is wrong with how ours are stored. Any `v0` may match any secret, so that both sides can
    rotate. The MAC is judged before the time: `STALE` and
    `FUTURE` mean that the sender knows the secret. `now` is in Unix seconds.
    """
    if not header or not header.strip():
        return Flaw.MISSING
    parsed = _parse(header)
    if parsed is None:
        return Flaw.MALFORMED
    timestamp, given = parsed
    if isinstance(secrets, Flaw):
        return secrets
    keys = [key for key in secrets if key]
    if not keys:
        return Flaw.NO_SECRET
    if not _matches(timestamp, body, keys=keys, given=given):
        return Flaw.MISMATCH
    return _flaw_of_time(int(timestamp), now=now, tolerance_seconds=tolerance_seconds)


def _flaw_of_time(timestamp: int, *, now: float, tolerance_seconds: int) -> Flaw | None:
    if timestamp < now - tolerance_seconds:
        return Flaw.STALE
    return Flaw.FUTURE if timestamp > now + FUTURE_TOLERANCE_SECONDS else None


def _parse(header: str) -> tuple[str, list[str]] | None:
    parts = [part.strip().partition("=") for part in header.split(",")]
    timestamps = {value.strip() for name, _, value in parts if name.strip() == "t"}  # an equal header twice is one
    signatures = [value.strip().lower() for name, _, value in parts if name.strip() == "v0"]
    if len(parts) > _MAXIMUM_PARTS or len(timestamps) != 1:
        return None
    (timestamp,) = timestamps
    return (timestamp, signatures) if _TIMESTAMP.fullmatch(timestamp) and any(signatures) else None


def _matches(timestamp: str, body: bytes, *, keys: list[str], given: list[str]) -> bool:
    """Whether any signature is right; every pair is compared, so the time taken tells nothing."""
    found = False
    for key in keys:
        mac = hmac.new(key.encode(), timestamp.encode() + b".", hashlib.sha256)
        mac.update(body)
        expected = mac.hexdigest().encode()
        for signature in given:
            found |= hmac.compare_digest(expected, signature.encode("utf-8", "replace"))
    return found
