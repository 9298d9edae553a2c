"""Which webhooks a run sends and when: made from a seed, so that a failed id can be made and looked up again.

Some events come twice or three times, as ElevenLabs' retries bring them: the same bytes, at once or seconds later.
"""

from __future__ import annotations

import dataclasses
import hashlib
import random

TWICE, THREE_TIMES = 0.10, 0.05
AT_ONCE = 0.3  # of the repeats: while the first is still being served
LATEST_REPEAT_SECONDS = 5.0


@dataclasses.dataclass(frozen=True)
class Send:
    """One webhook. `due` is in seconds from the beginning; `copy` counts from 0, which is the event's first."""

    event_id: str
    due: float
    copy: int = 0


@dataclasses.dataclass(frozen=True)
class Plan:
    """All webhooks of a run, in the order they are due."""

    sends: tuple[Send, ...]

    @property
    def event_ids(self) -> tuple[str, ...]:
        """Each event once, in the order of their first webhook."""
        return tuple(send.event_id for send in self.sends if send.copy == 0)


def event_id(seed: int, number: int) -> str:
    """An id of ElevenLabs' form: `conv_` and 28 characters."""
    return f"conv_{hashlib.sha256(f'{seed}/{number}'.encode()).hexdigest()[:28]}"


def planned(*, events: int, rate: float, seed: int) -> Plan:
    """So many events at `rate` a second, evenly; the repeats come on top of it."""
    chance = random.Random(seed)  # noqa: S311 — a plan, not a secret
    sends: list[Send] = []
    for number in range(events):
        name, due = event_id(seed, number), number / rate
        sends.append(Send(name, due))
        drawn = chance.random()
        repeats = 2 if drawn < THREE_TIMES else int(drawn < THREE_TIMES + TWICE)
        sends += [Send(name, due + _later(chance), copy) for copy in range(1, 1 + repeats)]
    return Plan(tuple(sorted(sends, key=lambda send: (send.due, send.event_id, send.copy))))


def _later(chance: random.Random) -> float:
    return 0.0 if chance.random() < AT_ONCE else chance.uniform(0.1, LATEST_REPEAT_SECONDS)
