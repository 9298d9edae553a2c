"""A breaker before the model: while it is open, calls wait without a request: an outage costs no time and no money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from functions.analysis.patience import ModelUnavailable
from postcall.domain.said import said

OPEN_SECONDS = 300.0  # after an error that a person must settle: a wrong key does not mend itself in a second
UNREADABLE_LIMIT = 2  # one reply that is none may be a hiccup; two are a proxy or a wrong address


@dataclass
class Breaker:
    """Open until a moment, for a reason. It lives as long as the function's process."""

    now: Callable[[], float]  # a monotonic clock, in seconds
    _until: float = field(default=0.0, init=False)
    _error: ModelUnavailable | None = field(default=None, init=False)
    _unreadable: int = field(default=0, init=False)

    def check(self) -> None:
        """Raises what opened the breaker, with the wait that is left."""
        left = self._until - self.now()
        if self._error is not None and left > 0:
            raise ModelUnavailable(str(self._error), retry_after=left, misconfigured=self._error.misconfigured)

    def note(self, error: ModelUnavailable) -> ModelUnavailable:
        """Open for an error a person must settle, or for as long as the server asked; returns the error to raise."""
        wait = OPEN_SECONDS if error.misconfigured else (error.retry_after or 0.0)
        if wait > 0:
            self._until, self._error = self.now() + wait, error
        return ModelUnavailable(str(error), retry_after=wait or None, misconfigured=error.misconfigured)

    def note_unreadable(self) -> ModelUnavailable:
        """A reply that is none."""
        self._unreadable += 1
        repeated = self._unreadable >= UNREADABLE_LIMIT
        return self.note(
            ModelUnavailable(said("model.not_the_api"), misconfigured=repeated),
        )

    def close(self) -> None:
        """The model has answered."""
        self._error, self._unreadable = None, 0
