"""The wire under the model's SDK: our one HTTP client, so that its server is met by the rules of every other."""

from __future__ import annotations

import threading
from http import HTTPStatus

import httpx2

from functions.analysis.model.reply import LARGEST_REPLY
from postcall.http.body import read_json
from postcall.http.client import HttpClient
from postcall.http.message import Failure, FailureReason, Request, Response

ERROR_LIMIT_BYTES = 256 * 1024  # the SDK reads all of it for a word; some servers quote what they were sent
_READING = threading.Lock()  # one answer at a time: ten large ones at once would not fit the memory
# The client's own affair: what it unpacked is packed no more.
_NOT_PASSED_ON = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection"})


class Transport(httpx2.BaseTransport):
    """Serves the SDK's requests. Its `read` time-out is taken for the whole exchange."""

    def __init__(self) -> None:
        self._client = HttpClient(LARGEST_REPLY)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """One exchange.

        Raises:
            httpx2.TransportError: As transports do.
        """
        asked = Request(request.method, str(request.url), dict(request.headers), request.read())
        found = self._client.exchange(asked, seconds=float(request.extensions["timeout"]["read"]))
        if isinstance(found, Failure):
            kind = httpx2.ReadTimeout if found.reason is FailureReason.TIMED_OUT else httpx2.NetworkError
            raise kind(found.detail, request=request)
        headers = {name: value for name, value in found.headers.items() if name not in _NOT_PASSED_ON}
        return httpx2.Response(found.status, headers=headers, content=_bounded(found, request), request=request)


def _bounded(response: Response, request: httpx2.Request) -> bytes:
    """The body, if it is whole and nests no deeper than an answer of this API. Raises `httpx2.RemoteProtocolError`."""
    if response.status >= HTTPStatus.BAD_REQUEST and len(response.body) > ERROR_LIMIT_BYTES:
        return b""
    if not response.whole:
        raise httpx2.RemoteProtocolError("the answer broke off, or is larger than any", request=request)
    if "json" in response.headers.get("content-type", ""):
        try:
            with _READING:
                read_json(response.body)
        except ValueError:
            return b""
    return response.body
