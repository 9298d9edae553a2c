"""What a busy table leaves out of a batch, read or written, is asked for again, and how often and how long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from math import inf
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from postcall.domain.errors import Unavailable
from postcall.domain.said import said

TRIES = 8


def answers(
    ask: Callable[..., Any], request: dict[str, Any], *, left_out: str, what: str, seconds: float = inf
) -> Iterator[Any]:
    """Each answer to a batch, until nothing is left out. No try begins after so many seconds, save the first.

    `left_out` is the answer's member that holds what was, `what` the code of the sentence that says what fails.

    Raises:
        Unavailable: DynamoDB does not answer now, or not for all of them.
    """
    end = time.monotonic() + seconds
    for tried in range(TRIES):
        if tried and time.monotonic() > end:
            break
        try:
            answer = ask(RequestItems=request)
        except (ClientError, BotoCoreError) as error:
            raise Unavailable(said(what)) from error
        yield answer
        request = answer.get(left_out)
        if not request:
            return
    raise Unavailable(said("store.busy"))
