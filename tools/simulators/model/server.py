"""The stub as a server: a script of scenarios, a journal of requests."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from itertools import chain, repeat
from types import TracebackType
from typing import Self

from tools.simulators.http.messages import Request
from tools.simulators.http.messages import Response as HttpResponse
from tools.simulators.http.server import Listener
from tools.simulators.model.answers import JsonObject
from tools.simulators.model.reply import MODEL, TRICKLE_SECONDS, Response, Scenario, as_json
from tools.simulators.model.scenarios import SCENARIOS

__all__ = ["MODEL", "ModelStub"]

LONGEST_HANG_SECONDS = 30.0
_LISTED = {"id": MODEL, "object": "model", "shutdown_date": None}


class ModelStub:
    """A server for as long as the `with` block lasts.

    Each request takes the next scenario of the script (names or functions of the request); the last one repeats. A
    request for the model `stub-NAME` gets the scenario NAME whatever the script says.
    """

    def __init__(self, *script: str | Scenario, port: int = 0) -> None:
        self.requests: list[JsonObject] = []
        self.headers: list[dict[str, str]] = []
        self._script = _scenarios(script or ("ok",))
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._listener = Listener(self._served, port=port, name="model-stub")

    @property
    def base_url(self) -> str:
        """What `OPENAI_BASE_URL` must be."""
        return f"{self._listener.url}/v1"

    def __enter__(self) -> Self:
        self._listener.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._listener.stop()

    def answer(self, request: JsonObject, headers: dict[str, str]) -> Response:
        """The next answer; notes the request."""
        with self._lock:
            self.requests.append(request)
            self.headers.append(headers)
            named = SCENARIOS.get(str(request.get("model", "")).removeprefix("stub-"))
            scenario = named or next(self._script)
        return scenario(request)

    def _served(self, request: Request) -> HttpResponse | None:
        """One exchange; None closes the connection without an answer."""
        if request.method == "GET":
            return _plain(as_json({"object": "list", "data": [_LISTED]}))
        if request.path != "/v1/chat/completions":
            return _plain(as_json({"error": {"message": "unknown path", "code": "unknown_url"}}, 404))
        answer = self.answer(json.loads(request.body), request.headers)
        if answer.behaviour == "hang":
            self._closing.wait(LONGEST_HANG_SECONDS)
        return None if answer.behaviour in {"hang", "reset"} else _plain(answer)


def _plain(answer: Response) -> HttpResponse:
    """Trickled, a byte is always in time for a time-out per read, and the whole answer never."""
    drip = TRICKLE_SECONDS if answer.behaviour == "trickle" else 0.0
    return HttpResponse(answer.status, answer.body, tuple(answer.headers.items()), drip)


def _scenarios(script: tuple[str | Scenario, ...]) -> Iterator[Scenario]:
    found: list[Scenario] = [SCENARIOS[step] if isinstance(step, str) else step for step in script]
    return chain(found, repeat(found[-1]))
