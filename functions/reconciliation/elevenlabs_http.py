"""GET requests to ElevenLabs' API within one deadline: waits when it is told to, and says what went wrong."""

from __future__ import annotations

import email.utils
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

import httpx

from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.said import said

STEP_SECONDS = 10.0  # connecting, or waiting for the next bytes
FIRST_WAIT_SECONDS = 1.0  # after a 429 that names no time; doubled each time
ANSWER_LIMIT_BYTES = 64 * 1024 * 1024

Parameters = Mapping[str, str | int | list[str]]


@dataclass(frozen=True)
class Time:
    """Time as the client needs it: `now` in Unix seconds, and a way to let some pass."""

    now: Callable[[], float]
    sleep: Callable[[float], None]


@dataclass(frozen=True)
class Answer:
    """An answer that arrived whole."""

    status: int
    body: bytes
    retry_after: str | None


class ElevenLabsHttp:
    """One run's requests. After the deadline every one of them is `Unavailable`."""

    def __init__(self, client: httpx.Client, *, seconds: float, time: Time) -> None:
        """`client` knows the base URL and the key; `seconds` is how long all requests together may take."""
        self._client = client
        self._time = time
        self._deadline = time.now() + seconds

    def get(self, path: str, parameters: Parameters | None = None) -> Any:  # noqa: ANN401 — any JSON
        """The answer's JSON, or None for 404. Raises `Unavailable`, or `Rejected` when it is us who are wrong."""
        wait = FIRST_WAIT_SECONDS
        while True:
            answer = self._answer(path, parameters or {})
            if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
                return _content(answer)
            asked = retry_after(answer.retry_after, now=self._time.now())
            self._wait(wait if asked is None else asked)
            wait *= 2

    def _answer(self, path: str, parameters: Parameters) -> Answer:
        try:
            with self._client.stream("GET", path, params=dict(parameters), timeout=self._step()) as response:
                body = b"".join(self._parts(response))
        except httpx.TimeoutException as error:
            raise Unavailable(said("elevenlabs.timeout")) from error
        except httpx.HTTPError as error:
            raise Unavailable(said("elevenlabs.unreachable", error=type(error).__name__)) from error
        return Answer(response.status_code, body, response.headers.get("retry-after"))

    def _parts(self, response: httpx.Response) -> Iterator[bytes]:
        """The body as it comes; each part must come before the deadline, and all of them fit the memory."""
        size = 0
        for part in response.iter_bytes():
            size += len(part)
            if size > ANSWER_LIMIT_BYTES:
                raise Unavailable(said("elevenlabs.too_large"))
            yield part
            self._step()

    def _step(self) -> float:
        """How long the next step may take."""
        left = self._deadline - self._time.now()
        if left <= 0:
            raise Unavailable(said("elevenlabs.too_much"))
        return min(STEP_SECONDS, left)

    def _wait(self, seconds: float) -> None:
        if self._time.now() + seconds >= self._deadline:
            raise Unavailable(said("elevenlabs.later"), retry_after=seconds)
        self._time.sleep(seconds)


def _content(answer: Answer) -> Any:  # noqa: ANN401 — any JSON
    status = answer.status
    if status == HTTPStatus.NOT_FOUND:
        return None
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise Rejected(said("elevenlabs.key_refused", status=status))
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.REQUEST_TIMEOUT:
        raise Rejected(said("elevenlabs.not_understood", status=status))
    if status != HTTPStatus.OK:
        raise Unavailable(said("elevenlabs.unavailable", status=status))
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise Unavailable(said("elevenlabs.not_json")) from error


def retry_after(header: str | None, *, now: float) -> float | None:
    """The wait in seconds that a `Retry-After` header asks for: a number, or an HTTP date. `now` in Unix seconds."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment: datetime = email.utils.parsedate_to_datetime(text)
        return max(0.0, moment.timestamp() - now)
    except ValueError:
        return None
