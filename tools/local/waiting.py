"""Waiting for something that happens elsewhere, with an end to it."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 30.0
POLL_SECONDS = 0.1


class NotInTimeError(Exception):
    """It did not become true; the sentence says what was waited for."""


def wait_until(
    true: Callable[[], bool],
    *,
    what: str,
    seconds: float = SECONDS,
    poll: float = POLL_SECONDS,
    instead: Callable[[], object] = lambda: "-",
    error: type[Exception] = NotInTimeError,
) -> None:
    """Ask again and again until it is true.

    Raises:
        error: It was not in time; the text says what was waited for and what there is instead.
    """
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise error(f"Waited {seconds:g} s in vain until {what}; there is: {instead()}.")
        time.sleep(poll)
