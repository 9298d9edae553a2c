"""Phase 1: send what is planned when it is due, whether earlier answers have come or not (an open loop).

An answer's time is counted from the moment the webhook was due, so that a system that stalls cannot hide it by making
the sender wait. What ElevenLabs sends again is sent again: no answer, 408, 429 and 5xx, up to five tries.
"""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import httpx

from tools.verify.load.plan import Plan, Send

TRIES = 5
PAUSES = (1.0, 2.0, 4.0, 8.0)  # ElevenLabs takes about 40 minutes over them
CONNECTIONS = 200
TIMEOUT_SECONDS = 35.0
NO_ANSWER = 0
_SENT_AGAIN = {NO_ANSWER, HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}

Post = Callable[[str], Awaitable[int]]


@dataclasses.dataclass
class Sent:
    """What came of phase 1, readable while it runs.

    `seconds`: from due to the answer of each first try, repeats too. `first_due`: by event, Unix time.
    `acknowledged`: events that were answered 200 at least once. `statuses`: all answers; 0 is none.
    """

    planned: int
    seconds: list[float] = dataclasses.field(default_factory=list)
    first_due: dict[str, float] = dataclasses.field(default_factory=dict)
    acknowledged: dict[str, float] = dataclasses.field(default_factory=dict)
    statuses: Counter[int] = dataclasses.field(default_factory=Counter)
    requests: int = 0
    latest_start: float = 0.0  # how far behind its plan the sender itself fell, at worst
    took: float = 0.0


async def send_all(plan: Plan, post: Post, sent: Sent) -> None:
    """Send everything; returns when the last answer has come."""
    began, began_at = time.monotonic(), time.time()
    async with asyncio.TaskGroup() as group:
        for send in plan.sends:
            wait = began + send.due - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            sent.latest_start = max(sent.latest_start, time.monotonic() - began - send.due)
            sent.first_due.setdefault(send.event_id, began_at + send.due)
            group.create_task(_deliver(send, post, sent, due=began + send.due))
    sent.took = time.monotonic() - began


async def _deliver(send: Send, post: Post, sent: Sent, *, due: float) -> None:
    for attempt in range(TRIES):
        if attempt:
            await asyncio.sleep(PAUSES[attempt - 1])
        status = await post(send.event_id)
        sent.requests += 1
        sent.statuses[status] += 1
        if attempt == 0:
            sent.seconds.append(time.monotonic() - due)
        if status == HTTPStatus.OK:
            sent.acknowledged.setdefault(send.event_id, time.time())
        if status not in _SENT_AGAIN and status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return


@dataclasses.dataclass(frozen=True)
class Stream:
    """A plan, what its webhooks are (the body and the signature's header, or none), and what came of it."""

    plan: Plan
    made: Callable[[str], tuple[bytes, str | None]]
    sent: Sent


def run(url: str, *streams: Stream) -> None:
    """All streams side by side, over HTTP."""

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            for stream in streams:
                group.create_task(_send(url, stream))

    asyncio.run(main())


async def _send(url: str, stream: Stream) -> None:
    """One stream over connections of its own: who sends the others is somebody else, and takes none of them."""
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx.AsyncClient(limits=limits, timeout=TIMEOUT_SECONDS, trust_env=False) as client:
        await send_all(stream.plan, _poster(client, url, stream), stream.sent)


def _poster(client: httpx.AsyncClient, url: str, stream: Stream) -> Post:
    # The client's own queue for a connection is gone through whole at every answer: a backlog would stop the sender.
    free = asyncio.Semaphore(CONNECTIONS)

    async def post(event_id: str) -> int:
        async with free:
            body, signature = stream.made(event_id)
            headers = {"Content-Type": "application/json"}
            if signature is not None:
                headers["ElevenLabs-Signature"] = signature
            try:
                answer = await client.post(url, content=body, headers=headers)
            except httpx.HTTPError:
                return NO_ANSWER
            return answer.status_code

    return post
