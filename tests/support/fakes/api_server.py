"""An HTTP server on loopback that answers from a table and remembers what it was asked: an environment's stand-in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tools.simulators.http.messages import Request, Response
from tools.simulators.http.server import Listener


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

    def answer(request: Request) -> Response:
        parts = urlsplit(request.path)
        body = json.loads(request.body) if request.body else None
        reply = api.answer(Asked(request.method, parts.path, dict(parse_qsl(parts.query)), request.headers, body))
        text = b"" if reply.body is None else json.dumps(reply.body).encode()
        return Response(reply.status, text, tuple(reply.headers.items()))

    with Listener(answer) as server:
        api.url = server.url
        yield api
