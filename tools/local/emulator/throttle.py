"""A stage's throttle: a token bucket of the burst limit, refilled at the rate limit, as API Gateway's is."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Mapping
from typing import Any


@dataclasses.dataclass
class Bucket:
    """Tokens at a moment; each admitted request takes one."""

    rate: float
    burst: float
    tokens: float
    at: float


class Throttle:
    """The buckets of all APIs; a stage without limits admits everything."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}

    def admits(self, api_id: str, stage: Mapping[str, Any]) -> bool:
        """Whether one more request may pass now."""
        settings = stage.get("defaultRouteSettings") or {}
        rate, burst = _limit(settings, "ThrottlingRateLimit"), _limit(settings, "ThrottlingBurstLimit")
        if rate is None or burst is None:
            return True
        now = self._clock()
        bucket = self._buckets.get(api_id)
        if bucket is None or (bucket.rate, bucket.burst) != (rate, burst):
            bucket = self._buckets[api_id] = Bucket(rate, burst, tokens=burst, at=now)
        bucket.tokens = min(burst, bucket.tokens + (now - bucket.at) * rate)
        bucket.at = now
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True


def _limit(settings: Mapping[str, Any], name: str) -> float | None:
    """A limit as the template spells it, or as the service's API does."""
    value = settings.get(name, settings.get(name[0].lower() + name[1:]))
    return None if value is None else float(value)
