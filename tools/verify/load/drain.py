"""Between the phases: wait until everything has come to rest, and redrive dead letters as an operator would."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable

from tools.verify.load.store import Store
from tools.verify.load.watch import Look, Watcher

QUEUES = ("analysis", "dispatch")
CALM_LOOKS = 3  # one look may fall between two steps of an event
NO_LOOK_SECONDS = 60.0


@dataclasses.dataclass(frozen=True)
class GracePeriods:
    """Seconds: without any movement before it is given up; and for the last messages after the last lead.

    A repeat whose event is just being sent comes again only when the lease of that attempt is over.
    """

    stalled: float = 120.0
    rest: float = 120.0


@dataclasses.dataclass
class Drained:
    """`redriven`: dead letters moved back, by queue, in so many redrives. `left`: messages that are still there."""

    redrives: int = 0
    redriven: dict[str, int] = dataclasses.field(default_factory=lambda: dict.fromkeys(QUEUES, 0))
    left: int = 0


def drain(
    watch: Watcher,
    store: Store,
    *,
    expected: int,
    grace_period: GracePeriods,
    clock: Callable[[], float] = time.monotonic,
) -> Drained:
    """Wait for `expected` leads and then for empty queues."""
    drained, calm = Drained(), 0
    before, moved_at = _next(watch), clock()
    complete_at: float | None = None
    while calm < CALM_LOOKS:
        look, now = _next(watch), clock()
        drained.left = look.waiting + look.dead_letters
        if look.dead_letters:
            _redrive(store, drained)
        if _counts(look) != _counts(before):
            before, moved_at = look, now
        if look.delivered >= expected:
            complete_at = complete_at or now
            calm = 0 if drained.left else calm + 1
        if now - moved_at > grace_period.stalled or (complete_at is not None and now - complete_at > grace_period.rest):
            break
    return drained


def _next(watch: Watcher) -> Look:
    look = watch.next(NO_LOOK_SECONDS)
    if look is None:
        raise RuntimeError("The local stack does not answer any more.")
    return look


def _counts(look: Look) -> tuple[int, int, int]:
    return look.delivered, look.waiting, look.dead_letters


def _redrive(store: Store, drained: Drained) -> None:
    for queue in QUEUES:
        if store.depths().dead[queue] and (moved := store.redrive(queue)):
            drained.redrives += 1
            drained.redriven[queue] += moved
