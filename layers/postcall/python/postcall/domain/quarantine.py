"""The quarantine: webhooks that were refused but may be genuine, kept within limits until somebody has looked.

The sender is told 401 or 400 all the same. What is kept is enough to judge it again later: the bytes, the signature as
it came, and when it came.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

LONGEST_HEADER = 1_024  # characters: a real signature has 80


class Kind(StrEnum):
    """What was wrong, coarsely: what strangers send cannot push out what is genuine, nor one genuine kind another."""

    UNSIGNED = "unsigned"  # no signature at all: hardly ever genuine
    SIGNATURE = "signature"  # signed by a stranger, not with a secret of ours: mostly forged
    VENDOR = "vendor"  # from an address of ElevenLabs, not signed with a secret of ours: our secret may be wrong
    TIME = "time"  # rightly signed, too long ago: whoever sent it knows the secret
    CONTENT = "content"  # rightly signed just now, and yet not what we can read
    UNKNOWN_TYPE = "unknown_type"  # rightly signed, about a conversation, in a form that we do not know


@dataclass(frozen=True)
class Limits:
    """How much of one kind is kept. Sizes are in bytes of the body as it came."""

    entries_per_minute: int
    entries_per_day: int
    bytes_per_day: int
    largest_body: int


@dataclass(frozen=True)
class Quarantined:
    """One refused webhook. `bytes` is the size of its body.

    `event_id` is the event it became when it was released at `released_at`, by the token named `released_by`.
    """

    quarantine_id: str
    kind: Kind
    reason: str
    received_at: datetime
    bytes: int
    signature: str | None = None
    released_at: datetime | None = None
    released_by: str | None = None
    event_id: str | None = None


def quarantined(kind: Kind, reason: str, body: bytes, *, signature: str | None, now: datetime) -> Quarantined:
    """A refused webhook, named by what it is: the same bytes under the same signature are one entry."""
    header = None if signature is None else signature.encode("utf-8", "replace").decode()
    name = hashlib.sha256((header or "").encode() + b"\0" + body).hexdigest()[:32]
    return Quarantined(
        quarantine_id=name,
        kind=kind,
        reason=reason,
        received_at=now,
        bytes=len(body),
        signature=None if header is None else header[:LONGEST_HEADER],
    )


FORGEABLE = frozenset({Kind.UNSIGNED, Kind.SIGNATURE})  # whoever knows our address can send these
STRANGERS = "strangers"  # they share one budget: a flood of two kinds writes no more than one of one kind


def budget(kind: Kind) -> str:
    """Under which name an entry of this kind is counted."""
    return STRANGERS if kind in FORGEABLE else kind.value


def limits(*, entries_per_minute: int, entries_per_day: int, bytes_per_day: int) -> dict[Kind, Limits]:
    """The limits of each kind: of what anybody can forge a sixtieth a minute and a twentieth a day.

    So a flood writes next to nothing a minute, however fast it is. Without a signature only what is small is kept.
    """
    genuine = Limits(entries_per_minute, entries_per_day, bytes_per_day, largest_body=6_291_456)
    forged = Limits(
        entries_per_minute=max(1, entries_per_minute // 60),
        entries_per_day=max(1, entries_per_day // 20),
        bytes_per_day=max(65_536, bytes_per_day // 20),
        largest_body=6_291_456,
    )
    unsigned = replace(forged, largest_body=65_536)
    return dict.fromkeys(Kind, genuine) | {Kind.SIGNATURE: forged, Kind.UNSIGNED: unsigned}
