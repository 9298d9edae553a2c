"""The webhook's secrets: one or, while it is being rotated, two; read again once when a signature does not match."""

from __future__ import annotations

from datetime import datetime

from functions.intake.signature import OURS, Flaw, flaw_of
from functions.intake.webhook_secrets import read_secrets
from postcall.aws.secrets import secret
from postcall.domain.clock import Clock

REREAD_EVERY_SECONDS = 30
_last_reread = 0.0


def flaw_now(header: str | None, body: bytes, *, secret_id: str, tolerance_seconds: int, clock: Clock) -> Flaw | None:
    """What is wrong with a signature that has just come, by the secrets in force. Raises `Unavailable`."""
    now = clock.now()
    flaw = flaw_at(header, body, now, secret_id=secret_id, tolerance_seconds=tolerance_seconds)
    if flaw in {Flaw.MISMATCH, *OURS} and _may_reread(now):
        flaw = flaw_at(header, body, now, secret_id=secret_id, tolerance_seconds=tolerance_seconds, fresh=True)
    return flaw


def flaw_at(
    header: str | None,
    body: bytes,
    moment: datetime,
    *,
    secret_id: str,
    tolerance_seconds: int,
    fresh: bool = False,
) -> Flaw | None:
    """What is wrong with a signature that came at a moment. `fresh` reads the secrets anew. Raises `Unavailable`."""
    return flaw_of(
        header,
        body,
        secrets=read_secrets(secret(secret_id, fresh=fresh)),
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
