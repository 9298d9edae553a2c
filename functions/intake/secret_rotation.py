"""The webhook's secrets: one or, while it is being rotated, two; read again once when a signature does not match."""

from __future__ import annotations

from datetime import datetime

from functions.intake.signature import OUR_FAULTS, SignatureError, SignatureFault, verify_signature
from functions.intake.webhook_secrets import read_secrets
from postcall.aws.secrets import secret
from postcall.domain.clock import Clock

REREAD_EVERY_SECONDS = 30
_last_reread = 0.0


_MENDED_BY_REREADING = {SignatureFault.MISMATCH, *OUR_FAULTS}


def verify_now(header: str | None, body: bytes, *, secret_id: str, tolerance_seconds: int, clock: Clock) -> None:
    """Verify a signature that has just come, by the secrets in force.

    Raises:
        SignatureError: The signature is missing, wrong, or of another time.
        Unavailable: The secrets cannot be read.
    """
    now = clock.now()
    try:
        verify_at(header, body, now, secret_id=secret_id, tolerance_seconds=tolerance_seconds)
    except SignatureError as error:
        if error.fault not in _MENDED_BY_REREADING or not _may_reread(now):
            raise
        verify_at(header, body, now, secret_id=secret_id, tolerance_seconds=tolerance_seconds, fresh=True)


def verify_at(
    header: str | None,
    body: bytes,
    moment: datetime,
    *,
    secret_id: str,
    tolerance_seconds: int,
    fresh: bool = False,
) -> None:
    """Verify a signature as at the moment when it came. `fresh` reads the secrets anew.

    Raises:
        SignatureError: The signature is missing, wrong, or of another time.
        Unavailable: The secrets cannot be read.
    """
    verify_signature(
        header,
        body,
        secrets=lambda: read_secrets(secret(secret_id, fresh=fresh)),
        now=moment.timestamp(),
        tolerance_seconds=tolerance_seconds,
    )


def _may_reread(now: datetime) -> bool:
    """At most one reading in a while: a flood of forgeries must not become a flood of requests to Secrets Manager."""
    global _last_reread  # noqa: PLW0603 — one process, one invocation at a time
    if now.timestamp() - _last_reread < REREAD_EVERY_SECONDS:
        return False
    _last_reread = now.timestamp()
    return True
