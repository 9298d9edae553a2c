"""Kept connections to one address of AWS's, over which a request is written in one piece.

They raise what botocore's own raise, so its rules say what is tried again. The answers are read by `http.client`, on
which botocore's rest as well; the two libraries between cost as much again as the exchange.
"""

from __future__ import annotations

import select
import socket
import ssl
from functools import cache
from http.client import HTTPException, HTTPResponse
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
    SSLError,
)

_KEPT = 10  # idle ones, as many as botocore keeps


class Connections:
    """Any thread may send at any time. `connect` and `read` are seconds: to a connection, and between two of its bytes.

    `authorities` is a file of certificates to trust instead of the usual ones.
    """

    def __init__(self, url: str, *, connect: float, read: float, authorities: str | None = None) -> None:
        self._url, self._address = url, urlsplit(url)
        self._connect, self._read, self._authorities = connect, read, authorities
        self._idle: list[socket.socket] = []

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """One exchange; the answer's body is read.

        Raises:
            ConnectTimeoutError: No connection in its time.
            EndpointConnectionError: No connection.
            SSLError: Nor one that can be trusted.
            ReadTimeoutError: No answer in its time; the request may have been served.
            ConnectionClosedError: The connection ended before the answer did; the same.
        """
        connection = self._idle_one() or self._new_one()
        try:
            connection.sendall(_written(request, self._address.netloc))
            answer = HTTPResponse(connection, method=request.method)
            answer.begin()
            body = answer.read()
        except TimeoutError as error:
            connection.close()
            raise ReadTimeoutError(endpoint_url=self._url, error=error) from error
        except (OSError, HTTPException) as error:
            connection.close()
            raise ConnectionClosedError(endpoint_url=self._url, error=error, request=request) from error
        if answer.will_close or len(self._idle) >= _KEPT:
            connection.close()
        else:
            self._idle.append(connection)
        raw: Any = SimpleNamespace(stream=lambda *_sizes, **_named: [body])
        return AWSResponse(request.url, answer.status, answer.headers, raw)  # type: ignore[arg-type]  # what theirs are

    def close(self) -> None:
        """Close those that are idle."""
        while self._idle:
            self._idle.pop().close()

    def _idle_one(self) -> socket.socket | None:
        """One that its other end has not closed meanwhile."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread took it
                return None
            if not select.select([connection], [], [], 0)[0]:
                return connection
            connection.close()
        return None

    def _new_one(self) -> socket.socket:
        try:
            connection = self._connected()
        except TimeoutError as error:
            raise ConnectTimeoutError(endpoint_url=self._url, error=error) from error
        except ssl.SSLError as error:
            raise SSLError(endpoint_url=self._url, error=error) from error
        except OSError as error:
            raise EndpointConnectionError(endpoint_url=self._url, error=error) from error
        connection.settimeout(self._read)
        return connection

    def _connected(self) -> socket.socket:
        is_secured, host = self._address.scheme == "https", self._address.hostname or ""
        port = self._address.port or (443 if is_secured else 80)
        connection = socket.create_connection((host, port), timeout=self._connect)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not is_secured:
            return connection
        try:
            return _trust(self._authorities).wrap_socket(connection, server_hostname=host)
        except OSError:
            connection.close()
            raise


@cache
def _trust(authorities: str | None) -> ssl.SSLContext:
    """Read once a process, at its first request: it takes as long as some exchanges."""
    import certifi  # noqa: PLC0415 — it brings in all of `importlib.resources`

    return ssl.create_default_context(cafile=authorities or certifi.where())


def _written(request: AWSPreparedRequest, host: str) -> bytes:
    """The request's bytes. Its headers are our own, none from outside; the answer is asked for as it is read, plain."""
    body: Any = request.body
    headers = {**request.headers, "Host": host, "Accept-Encoding": "identity", "Content-Length": len(body)}
    lines = [f"{request.method} / HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return b"".join(("\r\n".join(lines).encode("latin-1"), body))
