"""How long a queue keeps trying: the receives a message may have, from the waits between them.

A failed message waits a random time between zero and `min(cap, base * 2**(n - 1))` before receive n + 1 ("full
jitter"). Such a wait has the mean half its ceiling and the variance ceiling² / 12. An outage is survived when even an
unlucky message, three standard deviations below the mean, is still being retried at its end.
"""

import math
from typing import Final, Self

from pydantic import Field, model_validator

from infra.environments.shape import Shape

LONGEST_VISIBILITY_SECONDS: Final = 12 * 3600  # what SQS accepts
UNLUCKY: Final = 3.0  # standard deviations


class Retry(Shape):
    """Waits between receives, and either how many there are or the outage they must outlast."""

    base_seconds: float = Field(gt=0)
    cap_seconds: float = Field(gt=0, le=LONGEST_VISIBILITY_SECONDS)
    outage_hours: float | None = Field(default=None, gt=0, le=72)
    receives: int | None = Field(default=None, ge=1, le=1000)

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.outage_hours is None) == (self.receives is None):
            raise ValueError("give either outage_hours or receives")
        if self.base_seconds > self.cap_seconds:
            raise ValueError("base_seconds must not exceed cap_seconds")
        return self

    @property
    def max_receives(self) -> int:
        """The queue's maxReceiveCount: given, or the fewest receives that outlast the outage.

        Raises:
            AssertionError: Neither is given, which the validator refuses.
        """
        if self.receives is not None:
            return self.receives
        if self.outage_hours is None:  # the validator above forbids it
            raise AssertionError
        count = 1
        while self.surely_tried_for_seconds(count) < self.outage_hours * 3600:
            count += 1
        return count

    def ceilings(self, receives: int) -> list[float]:
        """The longest possible wait after each receive but the last, in seconds."""
        return [min(self.cap_seconds, self.base_seconds * 2 ** min(n, 40)) for n in range(receives - 1)]

    def mean_seconds(self, receives: int) -> float:
        return sum(self.ceilings(receives)) / 2

    def longest_seconds(self, receives: int) -> float:
        return sum(self.ceilings(receives))

    def surely_tried_for_seconds(self, receives: int) -> float:
        """The time from first to last receive that only about one message in a thousand falls short of."""
        deviation = math.sqrt(sum(ceiling**2 / 12 for ceiling in self.ceilings(receives)))
        return self.mean_seconds(receives) - UNLUCKY * deviation
