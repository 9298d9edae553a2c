"""Waiting for something to become true, with an end to it."""

from __future__ import annotations

from collections.abc import Callable

from tools.local import waiting

DEADLINE_SECONDS = 75.0  # for a machine with other things to do; alone it takes a quarter


class Unexpected(Exception):
    """A schedule did not go as its sentence says; the text tells what was there instead."""


def wait_until(
    true: Callable[[], bool],
    *,
    what: str,
    seconds: float = DEADLINE_SECONDS,
    poll: float = waiting.POLL_SECONDS,
    instead: Callable[[], object] = lambda: "-",
) -> None:
    """`waiting.wait_until` within a schedule's time.

    Raises:
        Unexpected: A schedule did not go as its sentence says; the text tells what was there instead.
    """
    waiting.wait_until(true, what=what, seconds=seconds, poll=poll, instead=instead, error=Unexpected)


def expect(met: bool, what: str) -> None:  # noqa: FBT001 — it reads as the assertion it is
    """Go on only if it is met.

    Raises:
        Unexpected: It is not.
    """
    if not met:
        raise Unexpected(f"expected: {what}")
