"""GET requests to ElevenLabs' API within one deadline: waits when it is told to, and says what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from postcall.domain.errors import Rejected, Unavailable
from postcall.domain.said import said
from postcall.http.body import read_json
from postcall.http.client import HttpClient
from postcall.http.message import FailureReason, Request, Response
from postcall.http.retry_after import retry_after

REQUEST_SECONDS = 30.0  # one request, from connecting to the last byte of the longest conversation
FIRST_WAIT_SECONDS = 1.0  # after a 429 that names no time; doubled each time
LONGEST_WAIT_SECONDS = 1e9  # whoever is asked to wait longer than a run may take gives up with that wait in hand
ANSWER_LIMIT_BYTES = 64 * 1024 * 1024

Parameters = Mapping[str, str | int | list[str]]


@dataclass(frozen=True)
class Time:
    """Time as the client needs it: `now` in Unix seconds, and a way to let some pass."""

    now: Callable[[], float]
    sleep: Callable[[float], None]


@dataclass(frozen=True)
class Account:
    """Whose conversations: the API's base URL, and the key to it."""

    url: str
    key: str = field(repr=False)


class ElevenLabsHttp:
    """One run's requests. After the deadline every one of them is `Unavailable`."""

    def __init__(self, account: Account, *, seconds: float, time: Time) -> None:
        """`seconds` is how long all requests together may take."""
        self._account = account
        self._client = HttpClient(ANSWER_LIMIT_BYTES)
        self._time = time
        self._deadline = time.now() + seconds

    def get(self, path: str, parameters: Parameters | None = None) -> Any:  # noqa: ANN401 — any JSON
        """The answer's JSON, or None for 404.

        Raises:
            Unavailable: ElevenLabs does not answer now, or refuses the key.
            Rejected: It is us who are wrong.
        """
        wait = FIRST_WAIT_SECONDS
        while True:
            answer = self._answer(path, parameters or {})
            if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
                return _content(answer)
            header = answer.headers.get("retry-after")
            asked = retry_after(header, now=self._time.now(), longest=LONGEST_WAIT_SECONDS)
            self._wait(wait if asked is None else asked)
            wait *= 2

    def _answer(self, path: str, parameters: Parameters) -> Response:
        query = f"?{urlencode(parameters, doseq=True)}" if parameters else ""
        headers = {"xi-api-key": self._account.key, "accept": "application/json", "user-agent": "postcall"}
        request = Request("GET", f"{self._account.url.rstrip('/')}{path}{query}", headers)
        found = self._client.exchange(request, seconds=min(REQUEST_SECONDS, self._left()))
        if isinstance(found, Response):
            return found
        if found.reason is FailureReason.TIMED_OUT:
            raise Unavailable(said("elevenlabs.timeout"))
        raise Unavailable(said("elevenlabs.unreachable", error=found.detail))

    def _left(self) -> float:
        left = self._deadline - self._time.now()
        if left <= 0:
            raise Unavailable(said("elevenlabs.too_much"))
        return left

    def _wait(self, seconds: float) -> None:
        if self._time.now() + seconds >= self._deadline:
            raise Unavailable(said("elevenlabs.later"), retry_after=seconds)
        self._time.sleep(seconds)


def _content(answer: Response) -> Any:  # noqa: ANN401 — any JSON
    status = answer.status
    if status == HTTPStatus.NOT_FOUND:
        return None
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise Rejected(said("elevenlabs.key_refused", status=status))
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.REQUEST_TIMEOUT:
        raise Rejected(said("elevenlabs.not_understood", status=status))
    if status != HTTPStatus.OK:
        raise Unavailable(said("elevenlabs.unavailable", status=status))
    if not answer.whole:
        raise Unavailable(said("elevenlabs.too_large"))
    try:
        return read_json(answer.body)
    except ValueError as error:
        raise Unavailable(said("elevenlabs.not_json")) from error
