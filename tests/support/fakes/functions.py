"""Lambda's client, as far as one step calls another: the handlers run in this process."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from typing import Any

Handler = Callable[[dict[str, Any], object], Any]


class InProcessFunctions:
    """Calls a handler by its function's name. One that raises answers as Lambda does, with `FunctionError`."""

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        self._handlers = handlers

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 — boto's own names
        try:
            result = self._handlers[FunctionName](json.loads(Payload), None)
        except Exception as error:  # noqa: BLE001 — whatever a function may raise
            report = json.dumps({"errorType": type(error).__name__}).encode()
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(report)}
        return {"Payload": io.BytesIO(json.dumps(result).encode())}
