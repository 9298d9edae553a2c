"""Sockets: HTTP/1.1 over plain or TLS connections, which can be answered slowly or closed without a word.

A server is a function of a request; every simulated and every test's server is one of these.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tools.simulators.http.messages import Request, Response

LARGEST_BODY = 16 * 1024 * 1024
HANDSHAKE_SECONDS = 10
Answer = Callable[[Request], Response | None]  # None: the connection is cut


class Listener(ThreadingHTTPServer):
    """A threading server which closes its open connections when it stops, and takes no handshake error to heart."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        answer: Answer,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        name: str = "simulator",
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.answer = answer
        self.name = name
        self.scheme = "https" if context else "http"
        self.host = host
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        self._context = context
        self._loop = threading.Thread(target=self.serve_forever, name=f"{name}-loop", daemon=True)
        try:
            super().__init__((host, port), Handler)
        except OSError as error:
            raise OSError(error.errno, f"cannot listen on {host}:{port}: {error.strerror}") from error

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def start(self) -> None:
        self._loop.start()

    def stop(self) -> None:
        """Stop listening and cut what is open; returns when the port is free."""
        if self._loop.is_alive():
            self._end_loop()
        self.server_close()
        with self._open_lock:
            still_open = list(self._open)
        for connection in still_open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _end_loop(self) -> None:
        stopping = threading.Thread(target=self.shutdown)
        stopping.start()
        with contextlib.suppress(OSError):  # a caller wakes the loop, which else looks at its flag twice a second
            socket.create_connection((str(self.server_address[0]), self.port), timeout=1).close()
        stopping.join()
        self._loop.join()

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 — socketserver's types
        """The TLS handshake belongs to the connection's own thread: a slow client must not hold up the others."""
        try:
            if self._context is not None:
                request.settimeout(HANDSHAKE_SECONDS)
                request = self._context.wrap_socket(request, server_side=True)
                request.settimeout(None)
        except OSError:
            request.close()
            return
        with self._open_lock:
            self._open.add(request)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._open_lock:
                self._open.discard(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 — socketserver's types
        """A client that went away is nothing to print; anything else is a fault of the simulator and is."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Reads whole requests and writes whole answers; what they mean is the listener's function."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    sys_version = ""
    server: Listener

    def do(self) -> None:
        """Any method."""
        answer = self.server.answer(self._request())
        if answer is None:
            self._cut()
        else:
            self._write(answer)

    def __getattr__(self, name: str) -> Callable[[], None]:  # http.server asks for do_GET, do_POST, do_WHATEVER
        if name.startswith("do_"):
            return self.do
        raise AttributeError(name)

    def _request(self) -> Request:
        host = self.headers.get("Host", self.server.host)
        return Request(
            method=self.command,
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.body(),
            client_ip=str(self.client_address[0]),
            base_url=f"{self.server.scheme}://{host}",
        )

    def body(self) -> bytes:
        """The whole body; one over the largest is left unread and the connection closed after the answer."""
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return b"".join(self._chunks())
        declared = self.headers.get("Content-Length") or "0"
        length = int(declared) if declared.isdecimal() else 0
        if length > LARGEST_BODY:
            self.close_connection = True
            return b" " * LARGEST_BODY
        return self.rfile.read(length)

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass

    def _cut(self) -> None:
        """Close without an answer."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _write(self, answer: Response) -> None:
        head = [f"HTTP/1.1 {answer.status} {responses.get(answer.status, '')}"]
        head += [f"Server: {self.server.name}", f"Date: {self.date_time_string()}"]
        head += [f"{name}: {value}" for name, value in answer.headers]
        head.append(f"Content-Length: {len(answer.body)}")
        if self.close_connection:
            head.append("Connection: close")
        start = ("\r\n".join(head) + "\r\n\r\n").encode("latin-1")
        body = b"" if self.command == "HEAD" else answer.body
        with contextlib.suppress(OSError):
            if not answer.drip_seconds:
                self.wfile.write(start + body)
                return
            self.wfile.write(start)
            for byte in body:
                time.sleep(answer.drip_seconds)
                self.wfile.write(bytes([byte]))

    def log_message(self, *_: object) -> None:
        """The record of requests is the log."""
