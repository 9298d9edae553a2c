"""When a queue shows a message again: exponential, capped, with full jitter, never before the other side's own wish."""

from __future__ import annotations

from collections.abc import Callable

MAXIMUM_VISIBILITY_SECONDS = 43_200  # SQS's own limit: 12 hours


def retry_delay(
    received: int,
    *,
    base: float,
    cap: float,
    retry_after: float | None,
    random: Callable[[], float],
) -> int:
    """Whole seconds until the next try, at least 1.

    `received` is how often the message has been received, counting from 1; `random` gives numbers in [0, 1). Jitter
    stretches over the whole interval so that the messages of one outage do not come back together; it is added on top
    of `retry_after`, which is a floor.
    """
    ceiling = min(cap, base * 2 ** min(received - 1, 32))
    return int(min(MAXIMUM_VISIBILITY_SECONDS, max(1.0, (retry_after or 0.0) + ceiling * random())))
