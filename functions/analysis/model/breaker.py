"""A breaker before the model: while it is open, calls wait without a request: an outage costs no time and no money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from functions.analysis.fallback_analyst import JudgementFailedError, ModelUnavailable
from functions.analysis.model.failures import RequestRejectedError
from postcall.domain.said import said

OPEN_SECONDS = 300.0  # after an error that a person must settle: a wrong key does not mend itself in a second
TIMED_OUT_SECONDS = 30.0  # after the first time-out; doubled with each further one
UNREADABLE_LIMIT = 2  # one reply that is none may be a hiccup; two are a proxy or a wrong address
REJECTED_LIMIT = 3  # calls in a row that a server refuses which took others: then it is no longer the calls


@dataclass
class Breaker:
    """Open until a moment, for a reason. It lives as long as the function's process."""

    now: Callable[[], float]  # a monotonic clock, in seconds
    _until: float = field(default=0.0, init=False)
    _error: ModelUnavailable | None = field(default=None, init=False)
    _unreadable: int = field(default=0, init=False)
    _timed_out: int = field(default=0, init=False)
    _rejected: int = field(default=0, init=False)
    _has_answered: bool = field(default=False, init=False)

    @property
    def has_timed_out(self) -> bool:
        """Whether the last questions timed out: the next one is a trial, and others wait behind it."""
        return self._timed_out > 0

    def trouble(self) -> ModelUnavailable | None:
        """What opened the breaker, with the wait that is left; None while it is closed."""
        left = self._until - self.now()
        return self._error.with_wait(retry_after=left) if self._error is not None and left > 0 else None

    def check(self) -> None:
        """Let a question through only while the breaker is closed.

        Raises:
            ModelUnavailable: What opened the breaker, with the wait that is left.
        """
        error = self.trouble()
        if error is not None:
            raise error

    def note(self, error: ModelUnavailable) -> ModelUnavailable:
        """Open for an error a person must settle, or for as long as the server asked; returns the error to raise."""
        wait = OPEN_SECONDS if error.misconfigured else (error.retry_after or 0.0)
        return self._open(error, wait)

    def note_timeout(self, error: ModelUnavailable) -> ModelUnavailable:
        """No answer in the whole time that an answer may take: others would wait as long, one after another.

        Of questions that waited side by side the first one counts.
        """
        if (open_for := self.trouble()) is not None and open_for.timed_out:
            return error.with_wait(retry_after=open_for.retry_after)
        self._timed_out += 1
        return self._open(error, min(OPEN_SECONDS, TIMED_OUT_SECONDS * 2 ** min(self._timed_out - 1, 8)))

    def note_unreadable(self) -> ModelUnavailable:
        """A reply that is none."""
        self._unreadable += 1
        repeated = self._unreadable >= UNREADABLE_LIMIT
        return self.note(
            ModelUnavailable(said("model.not_the_api"), misconfigured=repeated),
        )

    def rejected(self, error: RequestRejectedError, *, is_repair: bool) -> Exception:
        """A refused request: the call's own trouble where requests like it are answered, or else the settings'.

        A repair is never anybody else's trouble: the first request of its call was taken.
        """
        own = JudgementFailedError(
            "model_request_rejected", status=400, reason=error.word or None, request_id=error.request_id
        )
        if is_repair:
            return own
        self._rejected += 1
        if self._has_answered and self._rejected < REJECTED_LIMIT:
            return own
        return self.note(ModelUnavailable(str(error), misconfigured=True))

    def close(self) -> None:
        """The model has answered."""
        self._error, self._unreadable, self._timed_out, self._rejected, self._has_answered = None, 0, 0, 0, True

    def _open(self, error: ModelUnavailable, wait: float) -> ModelUnavailable:
        if wait > 0:
            self._until, self._error = self.now() + wait, error
        return error.with_wait(retry_after=wait or None)
