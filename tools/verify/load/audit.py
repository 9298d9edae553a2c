"""Phase 2's judgement over every id: pure, so that it can be shown to fail."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping

from postcall.domain.status import Status

WAITS = frozenset(
    {
        *(Status.RECEIVED, Status.ANALYZED, Status.SENDING, Status.RETRYING),
        *(Status.UNKNOWN, Status.REJECTED, Status.PARTIAL, Status.DRY_RUN, Status.DISABLED),
    }
)


@dataclasses.dataclass(frozen=True)
class Lead:
    """A lead of the CRM: its own id, our event's, and when it was saved (Unix time). `updated` counts overwrites."""

    lead_id: str
    event_id: str
    created_at: float
    updated: int = 0


@dataclasses.dataclass(frozen=True)
class Stored:
    """An event as our store has it."""

    event_id: str
    status: str
    attempts: int = 0
    duplicates: int = 0
    sweeps: int = 0


@dataclasses.dataclass(frozen=True)
class Findings:
    """What is wrong, by event id; all empty when every acknowledged call is exactly one lead.

    `lost`: acknowledged, no lead, and in no state that names what it waits for. `waiting`: no lead yet, with that
    state. `doubled`: how many leads. `never_acknowledged`: never answered 200, and no lead: ElevenLabs knows of it.
    `strangers`: leads of events that nobody sent. `disagreeing`: a lead is there and our record does not say so.
    """

    lost: tuple[str, ...] = ()
    waiting: Mapping[str, str] = dataclasses.field(default_factory=dict)
    doubled: Mapping[str, int] = dataclasses.field(default_factory=dict)
    never_acknowledged: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()
    disagreeing: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not any(getattr(self, field.name) for field in dataclasses.fields(self))

    @property
    def named(self) -> list[str]:
        """The ids that a person should look at, each once."""
        groups: Iterable[Iterable[str]] = (getattr(self, field.name) for field in dataclasses.fields(self))
        return list(dict.fromkeys(name for group in groups for name in group))


def audited(
    sent: Collection[str], acknowledged: Collection[str], leads: Iterable[Lead], stored: Mapping[str, Stored]
) -> Findings:
    """Judge every id that was sent, and every lead there is."""
    count: dict[str, int] = {}
    for lead in leads:
        count[lead.event_id] = count.get(lead.event_id, 0) + 1
    known = set(sent)
    without = [name for name in sent if name not in count]
    status = {name: stored[name].status if name in stored else "not stored" for name in known}
    return Findings(
        lost=tuple(name for name in without if name in acknowledged and status[name] not in WAITS),
        waiting={name: status[name] for name in without if status[name] in WAITS},
        doubled={name: number for name, number in count.items() if number > 1},
        never_acknowledged=tuple(name for name in without if name not in acknowledged and status[name] not in WAITS),
        strangers=tuple(name for name in count if name not in known),
        disagreeing={name: status[name] for name in count if name in known and status[name] != Status.DELIVERED},
    )
