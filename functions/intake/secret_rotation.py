"""The webhook's secrets: one or, while it is being rotated, two; read again once when a signature does not match."""

from __future__ import annotations

import json
from http import HTTPStatus

from functions.intake.signature import Flaw, flaw_of
from postcall.aws.http import HttpError, Request
from postcall.aws.observe import count, logger
from postcall.aws.secrets import secret
from postcall.domain.clock import Clock

REREAD_EVERY_SECONDS = 30
_last_reread = 0.0


def verify(request: Request, *, secret_id: str, tolerance_seconds: int, clock: Clock) -> None:
    """Raises `HttpError` 401 unless the body is signed with a current secret."""
    flaw = _flaw(request, read_secrets(secret(secret_id)), tolerance_seconds, clock)
    if flaw in {Flaw.MISMATCH, Flaw.NO_SECRET} and _may_reread(clock):
        flaw = _flaw(request, read_secrets(secret(secret_id, fresh=True)), tolerance_seconds, clock)
    if flaw is None:
        return
    count("SignatureRejected")
    logger().warning("intake.refused", extra={"flaw": flaw.name, "bytes": len(request.body)})
    raise HttpError(HTTPStatus.UNAUTHORIZED, flaw.value)


def read_secrets(text: str) -> tuple[str, ...]:
    """The secrets in force: plain text is one; `{"current": …, "previous": …}` is two while rotating."""
    try:
        members = json.loads(text)
    except ValueError:
        members = None
    if not isinstance(members, dict):
        return (text.strip(),)
    return tuple(str(members[name]).strip() for name in ("current", "previous") if members.get(name))


def _flaw(request: Request, secrets: tuple[str, ...], tolerance_seconds: int, clock: Clock) -> Flaw | None:
    return flaw_of(
        request.headers.get("elevenlabs-signature"),
        request.body,
        secrets=secrets,
        now=clock.now().timestamp(),
        tolerance_seconds=tolerance_seconds,
    )


def _may_reread(clock: Clock) -> bool:
    """At most one reading in a while: a flood of forgeries must not become a flood of requests to Secrets Manager."""
    global _last_reread  # noqa: PLW0603 — one process, one invocation at a time
    now = clock.now().timestamp()
    if now - _last_reread < REREAD_EVERY_SECONDS:
        return False
    _last_reread = now
    return True
