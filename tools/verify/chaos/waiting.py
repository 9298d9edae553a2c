"""Waiting for something to become true, with an end to it."""

from __future__ import annotations

import time
from collections.abc import Callable

POLL_SECONDS = 0.1
DEADLINE_SECONDS = 75.0  # for a machine with other things to do; alone it takes a quarter


class Unexpected(Exception):
    """A schedule did not go as its sentence says; the text tells what was there instead."""


def wait_until(
    true: Callable[[], bool],
    *,
    what: str,
    seconds: float = DEADLINE_SECONDS,
    poll: float = POLL_SECONDS,
    instead: Callable[[], object] = lambda: "-",
) -> None:
    """Ask again and again. Raises `Unexpected` with what was waited for and what there is instead."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise Unexpected(f"waited {seconds:.0f} s in vain until {what}; there is: {instead()}")
        time.sleep(poll)


def expect(met: bool, what: str) -> None:  # noqa: FBT001 — it reads as the assertion it is
    """Raises `Unexpected` unless it is met."""
    if not met:
        raise Unexpected(f"expected: {what}")
