"""How a reply of the model's server is put together: status, headers, body, and the way it is sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tools.simulators.model import recorded
from tools.simulators.model.answers import JsonObject

MODEL = "model-stub"
TRICKLE_SECONDS = 0.25  # between two bytes


@dataclass(frozen=True)
class Response:
    """An HTTP answer.

    `behaviour` is `send`, `trickle` (byte by byte), `endless` (the body again and again), `hang` (nothing at all) or
    `reset`.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    behaviour: str = "send"


Scenario = Callable[[JsonObject], Response]


def as_json(value: Any, status: int = 200, **headers: str) -> Response:  # noqa: ANN401 — any JSON
    """A JSON answer; header names are written with underscores."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Response(
        status, json.dumps(value, ensure_ascii=False).encode(), {"content-type": "application/json"} | named
    )


def completion(
    content: str | None,
    *,
    finish: str = "stop",
    refusal: str | None = None,
    model: str = MODEL,
    usage: JsonObject | None = None,
) -> Response:
    """A chat completion with this content."""
    tokens = usage or {
        "prompt_tokens": 3000,
        "completion_tokens": 400,
        "total_tokens": 3400,
        "prompt_tokens_details": {"cached_tokens": 2000},
    }
    message = {"role": "assistant", "content": content, "refusal": refusal}
    return as_json(
        {
            "id": "chatcmpl-stub",
            "object": "chat.completion",
            "created": 1795000000,
            "model": model,
            "choices": [{"index": 0, "finish_reason": finish, "message": message}],
            "usage": tokens,
        },
        x_request_id="req_stub_1",
    )


def error(status: int, code: str | None, *, kind: str = "invalid_request_error", **headers: str) -> Response:
    """An error in OpenAI's form; the message quotes the request, as real ones do."""
    body = {"error": {"message": "Rejected: +375291234567 said something.", "type": kind, "param": None, "code": code}}
    return as_json(body, status, x_request_id="req_stub_error", **headers)


def of_llama_cpp(name: str) -> Response:
    """The recorded answer to one of the questions that llama.cpp's server was asked."""
    found = recorded.llama_cpp(name)
    return as_json(found.body, found.status)


def always(answer: Response) -> Scenario:
    """The same whatever is asked."""
    return lambda _request: answer


def text_of(value: JsonObject) -> str:
    """An answer as a model writes it."""
    return json.dumps(value, ensure_ascii=False)
