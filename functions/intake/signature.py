"""ElevenLabs' webhook signature over the raw bytes: `ElevenLabs-Signature: t=<unix seconds>,v0=<hex>`.

Rules and the vendor's own verifiers' quirks: docs/contracts/elevenlabs.md, "Signature".
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable
from enum import StrEnum

FUTURE_TOLERANCE_SECONDS = 300
_TIMESTAMP = re.compile(r"\d{1,12}", re.ASCII)
_MAXIMUM_PARTS = 16  # nobody rotates that many secrets; a longer header is an attempt to make us work


class SignatureFault(StrEnum):
    """Why a signature does not hold: the code of what is said of it."""

    MISSING = "signature.missing"
    MALFORMED = "signature.malformed"
    MISMATCH = "signature.mismatch"
    STALE = "signature.stale"
    FUTURE = "signature.future"
    NO_SECRET = "signature.no_secret"  # noqa: S105 — a sentence
    WRAPPED_SECRET = "signature.wrapped_secret"  # noqa: S105 — a sentence
    SHORT_SECRET = "signature.short_secret"  # noqa: S105 — a sentence


# Our own fault: whoever signed the call did well, and must try again.
OUR_FAULTS = frozenset({SignatureFault.NO_SECRET, SignatureFault.WRAPPED_SECRET, SignatureFault.SHORT_SECRET})


class SignatureError(Exception):
    """A signature that does not hold."""

    def __init__(self, fault: SignatureFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def verify_signature(
    header: str | None,
    body: bytes,
    *,
    secrets: Callable[[], Iterable[str]],
    now: float,
    tolerance_seconds: int,
) -> None:
    """Verify the signature of these bytes. `now` is in Unix seconds.

    Any `v0` may match any secret, so that both sides can rotate. The MAC is judged before the time: `STALE` and
    `FUTURE` mean that the sender knows the secret. The secrets are read only for a header of the right form.

    Raises:
        SignatureError: It is missing, wrong, or of another time, or our own secrets cannot be used (`OUR_FAULTS`).
    """
    if not header or not header.strip():
        raise SignatureError(SignatureFault.MISSING)
    timestamp, signatures = _parse(header)
    keys = [key for key in secrets() if key]
    if not keys:
        raise SignatureError(SignatureFault.NO_SECRET)
    if not _matches(timestamp, body, keys=keys, signatures=signatures):
        raise SignatureError(SignatureFault.MISMATCH)
    if int(timestamp) < now - tolerance_seconds:
        raise SignatureError(SignatureFault.STALE)
    if int(timestamp) > now + FUTURE_TOLERANCE_SECONDS:
        raise SignatureError(SignatureFault.FUTURE)


def _parse(header: str) -> tuple[str, list[str]]:
    parts = [part.strip().partition("=") for part in header.split(",")]
    timestamps = {value.strip() for name, _, value in parts if name.strip() == "t"}  # an equal header twice is one
    signatures = [value.strip().lower() for name, _, value in parts if name.strip() == "v0"]
    timestamp = "".join(timestamps)
    if (
        len(parts) > _MAXIMUM_PARTS
        or len(timestamps) != 1
        or not _TIMESTAMP.fullmatch(timestamp)
        or not any(signatures)
    ):
        raise SignatureError(SignatureFault.MALFORMED)
    return timestamp, signatures


def _matches(timestamp: str, body: bytes, *, keys: list[str], signatures: list[str]) -> bool:
    """Whether any signature is right; every pair is compared, so the time taken tells nothing."""
    found = False
    for key in keys:
        mac = hmac.new(key.encode(), timestamp.encode() + b".", hashlib.sha256)
        mac.update(body)
        expected = mac.hexdigest().encode()
        for signature in signatures:
            found |= hmac.compare_digest(expected, signature.encode("utf-8", "replace"))
    return found
