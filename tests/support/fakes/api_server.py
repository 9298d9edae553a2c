"""An HTTP server on loopback that answers from a table and remembers what it was asked: an environment's stand-in."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Reply:
    """One answer."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


Serve = Callable[[Asked], Reply]


@dataclass
class ApiServer:
    """`on` sets the answers to a path, in their order; the last one stays."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    serve: Serve | None = None
    _table: dict[tuple[str, str], list[Reply]] = field(default_factory=dict)

    def on(self, method: str, path: str, *replies: Any) -> None:
        """Answer this path so; a plain object is an HTTP 200."""
        self._table[method, path] = [each if isinstance(each, Reply) else Reply(200, each) for each in replies]

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        if self.serve is not None:
            return self.serve(asked)
        replies = self._table.get((asked.method, asked.path))
        if not replies:
            return Reply(404, {"detail": "There is nothing at this path.", "status": 404})
        return replies.pop(0) if len(replies) > 1 else replies[0]

    def calls(self) -> list[tuple[str, str]]:
        """What was asked, in order."""
        return [(asked.method, asked.path) for asked in self.asked]


@contextmanager
def api_server(serve: Serve | None = None) -> Iterator[ApiServer]:
    """The server, up for the block."""
    api = ApiServer(serve=serve)

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            parts = urlsplit(self.path)
            text = self.rfile.read(int(self.headers.get("content-length") or 0))
            reply = api.answer(
                Asked(
                    self.command,
                    parts.path,
                    dict(parse_qsl(parts.query)),
                    {name.lower(): value for name, value in self.headers.items()},
                    json.loads(text) if text else None,
                )
            )
            body = b"" if reply.body is None else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = _serve  # noqa: N815 — the library's names

        def log_message(self, *_: Any) -> None:
            """Nothing: a test looks at what was asked."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
