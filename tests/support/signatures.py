"""What intake says of a signature, as a value that tests can compare."""

from __future__ import annotations

from collections.abc import Iterable

from functions.intake.signature import SignatureError, SignatureFault, verify_signature


def signature_fault(
    header: str | None, body: bytes, *, secrets: Iterable[str], now: float, tolerance_seconds: int = 3600
) -> SignatureFault | None:
    """The fault that is raised, or None where the signature holds."""
    try:
        verify_signature(header, body, secrets=lambda: secrets, now=now, tolerance_seconds=tolerance_seconds)
    except SignatureError as error:
        return error.fault
    return None
