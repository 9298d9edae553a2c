"""A server that sends bytes, well-formed or not: what an HTTP client has to live with."""

from __future__ import annotations

import re
import socket
import ssl
import struct
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from types import TracebackType
from typing import Self

Play = Callable[[socket.socket], None]


def sends(*parts: bytes) -> Play:
    """Sends these bytes and closes."""

    def play(connection: socket.socket) -> None:
        for part in parts:
            connection.sendall(part)

    return play


def resets(connection: socket.socket) -> None:
    """Ends the connection with a reset instead of a close."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """An answer's bytes, with the length that the body has, or another."""
    report = len(body) if length is None else length
    head = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Length: {report}", *headers))
    return f"{head}\r\n\r\n".encode("latin-1") + body


class RawServer:
    """Plays to each connection, once its request has come whole. Keeps the requests; one connection at a time."""

    def __init__(self, play: Play, *, tls: ssl.SSLContext | None = None) -> None:
        self.play = play
        self.requests: list[bytes] = []
        self.connections = 0
        self._tls = tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._thread = Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        scheme = "https" if self._tls else "http"
        return f"{scheme}://127.0.0.1:{self._listening.getsockname()[1]}/save"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self.connections += 1
                with connection, suppress(OSError):
                    self._converse(connection)

    def _converse(self, connection: socket.socket) -> None:
        if self._tls is None:
            self._answer(connection)
            return
        with self._tls.wrap_socket(connection, server_side=True) as secured:
            self._answer(secured)

    def _answer(self, connection: socket.socket) -> None:
        self.requests.append(read_request(connection))
        self.play(connection)


def read_request(connection: socket.socket) -> bytes:
    """One whole request, or what came of it."""
    received = b""
    while (data := connection.recv(65_536)) != b"":
        received += data
        head, found, body = received.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if found and len(body) >= (int(length[1]) if length else 0):
            break
    return received
