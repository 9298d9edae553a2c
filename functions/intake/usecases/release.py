"""Release a webhook from the quarantine after its cause is mended: judged again as at its own time, then taken in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from functions.intake.elevenlabs import Ignored
from functions.intake.signature import SignatureError
from functions.intake.usecases.ingest import Receipt
from postcall.domain.clock import Clock
from postcall.domain.errors import Rejected
from postcall.domain.event import IncomingCall
from postcall.domain.quarantine import Quarantined
from postcall.domain.said import said


class Released(StrEnum):
    """What became of the order to release."""

    RELEASED = "released"  # it is an event now (or was one already)
    IGNORED = "ignored"  # genuine, and none of ours: nothing to take in
    ALREADY_RELEASED = "already_released"
    REFUSED = "refused"  # its cause is not mended
    NOT_FOUND = "not_found"


@dataclass(frozen=True)
class Release:
    """The answer to the order; `reason` says why it was refused."""

    status: Released
    event_id: str | None = None
    reason: str | None = None


class Quarantine(Protocol):
    """What a release asks of the quarantine."""

    def get(self, quarantine_id: str) -> Quarantined | None:
        """An entry, or None."""

    def body(self, quarantine_id: str) -> bytes:
        """The bytes as they came."""

    def release(self, entry: Quarantined, *, event_id: str | None, by: str | None, now: datetime) -> None:
        """Note what became of it and by whom, and delete its bytes."""


def release(
    quarantine_id: str,
    *,
    released_by: str | None,
    quarantine: Quarantine,
    verify: Callable[[str | None, bytes, datetime], None],
    read: Callable[[bytes], IncomingCall | Ignored],
    ingest: Callable[[IncomingCall], Receipt],
    clock: Clock,
) -> Release:
    """Take in what was quarantined, if it is genuine by today's secrets. `released_by` is the token's name.

    `verify` judges a signature as at the moment when it came, or a day in the quarantine would make every signature
    stale; it raises `SignatureError`. May be repeated.

    Raises:
        Unavailable: The entry cannot be read, or its call not stored or sent, now.
    """
    entry = quarantine.get(quarantine_id)
    if entry is None:
        return Release(Released.NOT_FOUND)
    if entry.released_at is not None:
        return Release(Released.ALREADY_RELEASED, entry.event_id)
    body = quarantine.body(quarantine_id)
    try:
        verify(entry.signature, body, entry.received_at)
    except SignatureError as error:
        return Release(Released.REFUSED, reason=said(error.fault))
    try:
        call = read(body)
    except Rejected as error:
        return Release(Released.REFUSED, reason=str(error))
    ours = isinstance(call, IncomingCall)
    event_id = ingest(call).event_id if isinstance(call, IncomingCall) else None
    quarantine.release(entry, event_id=event_id, by=released_by, now=clock.now())
    return Release(Released.RELEASED if ours else Released.IGNORED, event_id)
