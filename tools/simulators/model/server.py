"""The stub as a server: threads of the standard library, a script of scenarios, a journal of requests."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain, repeat
from types import TracebackType
from typing import Any, Self

from tools.simulators.model.answers import Members
from tools.simulators.model.reply import MODEL, TRICKLE_SECONDS, Response, Scenario, as_json
from tools.simulators.model.scenarios import SCENARIOS

__all__ = ["MODEL", "ModelStub"]

LOOPBACK = "127.0.0.1"
LONGEST_HANG_SECONDS = 30.0


class ModelStub:
    """A server for as long as the `with` block lasts.

    Each request takes the next scenario of the script (names or functions of the request); the last one repeats. A
    request for the model `stub-NAME` gets the scenario NAME whatever the script says.
    """

    def __init__(self, *script: str | Scenario, port: int = 0) -> None:
        self.requests: list[Members] = []
        self.headers: list[dict[str, str]] = []
        self._script = _scenarios(script or ("ok",))
        self._lock = threading.Lock()
        self.closing = threading.Event()
        self._server = _Server((LOOPBACK, port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def base_url(self) -> str:
        """What `OPENAI_BASE_URL` must be."""
        return f"http://{LOOPBACK}:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, request: Members, headers: dict[str, str]) -> Response:
        """The next answer; notes the request."""
        with self._lock:
            self.requests.append(request)
            self.headers.append(headers)
            named = SCENARIOS.get(str(request.get("model", "")).removeprefix("stub-"))
            scenario = named or next(self._script)
        return scenario(request)


def _scenarios(script: tuple[str | Scenario, ...]) -> Iterator[Scenario]:
    found: list[Scenario] = [SCENARIOS[step] if isinstance(step, str) else step for step in script]
    return chain(found, repeat(found[-1]))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], stub: ModelStub) -> None:
        self.stub = stub
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        request = self.rfile.read(int(self.headers.get("content-length", "0")))
        if self.path != "/v1/chat/completions":
            self._send(as_json({"error": {"message": "unknown path", "code": "unknown_url"}}, 404))
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._perform(self.server.stub.answer(json.loads(request), headers))

    def do_GET(self) -> None:
        self._send(as_json({"object": "list", "data": [{"id": MODEL, "object": "model", "shutdown_date": None}]}))

    def _perform(self, answer: Response) -> None:
        performances: dict[str, Callable[[Response], None]] = {
            "send": self._send,
            "trickle": self._trickle,
            "hang": self._hang,
            "reset": self._reset,
        }
        performances[answer.behaviour](answer)

    def _send(self, answer: Response) -> None:
        self._begin(answer)
        self.wfile.write(answer.body)

    def _trickle(self, answer: Response) -> None:
        """Always a byte in time for a time-out per read, never a whole answer in time."""
        self._begin(answer)
        for byte in answer.body:
            if self.server.stub.closing.wait(TRICKLE_SECONDS):
                return
            try:
                self.wfile.write(bytes([byte]))
            except OSError:  # the client has gone, as it should
                self.close_connection = True
                return

    def _hang(self, _answer: Response) -> None:
        self.server.stub.closing.wait(LONGEST_HANG_SECONDS)
        self.close_connection = True

    def _reset(self, _answer: Response) -> None:
        self.close_connection = True

    def _begin(self, answer: Response) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(answer.body)))
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 — the base class's signature
        """Nothing: the journal is `ModelStub.requests`."""
