"""The time of the running invocation: every call to our own store ends within it, whatever the store does.

A process serves one invocation at a time, so what is left of it is the process's own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import BotoCoreError
from botocore.httpsession import URLLib3Session

from postcall.domain.errors import Unavailable
from postcall.domain.said import said

SECONDS_TO_END = 1.5  # botocore's wait before a second try, and what the function does after the last one
LEAST_SECONDS = 0.1  # a try of less is none

R = TypeVar("R")


class OutOfTime(BotoCoreError):
    """No further try begins: nothing of this call has left."""

    fmt = "The invocation has no time left for a call."


@dataclass(frozen=True)
class _Invocation:
    """What there is of its time: in all, and now."""

    whole: float
    left: Callable[[], float]


_running = _Invocation(math.inf, lambda: math.inf)


def bounded(handler: Callable[[Any, Any], R]) -> Callable[[Any, Any], R]:
    """A handler whose calls to the store end before Lambda ends it."""

    @wraps(handler)
    def within(event: Any, context: Any) -> R:  # noqa: ANN401 — Lambda's own
        with invocation(context):
            return handler(event, context)

    return within


@contextmanager
def invocation(context: Any) -> Iterator[None]:  # noqa: ANN401 — Lambda's own class; by hand there is none
    """For as long as the block lasts, the time that Lambda's context tells bounds the calls."""
    global _running  # noqa: PLW0603 — the process's one invocation
    outer, tell = _running, getattr(context, "get_remaining_time_in_millis", None)
    if tell is not None:
        _running = _Invocation(tell() / 1000, lambda: float(tell()) / 1000)
    try:
        yield
    finally:
        _running = outer


def seconds_left() -> float:
    """What is left of the invocation; without end where nobody tells."""
    return _running.left()


def require_time(outside: float) -> None:
    """Go on only if a request of so many seconds to somebody else still fits, and half of the time beside it.

    Raises:
        Unavailable: Too little of the invocation is left.
    """
    if seconds_left() < outside + max(0.0, _running.whole - outside) / 2:
        raise Unavailable(said("store.no_time"))


def bound_try(request: AWSPreparedRequest, *, connect: float, read: float, **_named: object) -> AWSResponse | None:
    """What botocore asks before each try: None leaves the try to the client, with the client's own limits.

    Raises:
        OutOfTime: No further try begins: nothing of this call has left.
    """
    left = seconds_left() - SECONDS_TO_END
    if left >= connect + read:
        return None
    if left < LEAST_SECONDS:
        raise OutOfTime
    connect = min(connect, left / 2)
    return _session(connect, left - connect).send(request)


def _session(connect: float, read: float) -> URLLib3Session:
    return URLLib3Session(timeout=(connect, read))  # type: ignore[arg-type]  # a pair, as a client's own session has
