"""A server that heeds what a request asks of it (form, limit, turns), and such that do not, in one respect each."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from tools.simulators.model.answers import JsonObject, valid_answer
from tools.simulators.model.reply import Response, Scenario, completion, error, of_llama_cpp

PROSE = "The sea is wide and grey. " * 20
_LIMITS = ("max_completion_tokens", "max_tokens")


def server(
    *,
    enforces: tuple[str, ...] = ("json_schema", "json_object"),
    heeds: tuple[str, ...] = _LIMITS,
    refuses: tuple[str, ...] = (),
    window: int = 1_000_000,
) -> Scenario:
    """What it enforces of `response_format`, heeds of limits, refuses of members; `window` in tokens."""

    def scenario(request: JsonObject) -> Response:
        if any(name in request for name in refuses):
            return error(400, "unsupported_parameter")
        tokens = sum(len(message["content"]) for message in request["messages"]) // 3
        if tokens > window:
            return of_llama_cpp("overflow")
        return _written(request, tokens, enforces, heeds)

    return scenario


def _written(request: JsonObject, tokens: int, enforces: tuple[str, ...], heeds: tuple[str, ...]) -> Response:
    text = _text(request, enforces)
    written = len(text.split())
    limit = min((request[name] for name in heeds if name in request), default=10**6)
    is_cut = written > limit
    usage = {"prompt_tokens": tokens, "completion_tokens": min(written, limit)}
    content = " ".join(text.split()[:limit]) if is_cut else text
    return completion(content, finish="length" if is_cut else "stop", usage=usage)


def _text(request: JsonObject, enforces: tuple[str, ...]) -> str:
    asked = request.get("response_format", {})
    is_the_analysis = "candidates" in request["messages"][1]["content"]
    if asked.get("type") not in enforces:
        return json.dumps(valid_answer(request), ensure_ascii=False) if is_the_analysis else PROSE
    schema = asked.get("json_schema", {}).get("schema", {})
    return json.dumps(valid_answer(request) if is_the_analysis else _least(schema), ensure_ascii=False)


def _least(schema: JsonObject) -> Any:  # noqa: ANN401 — any JSON
    """The first value that fits a flat form."""
    return {name: member["enum"][0] for name, member in schema.get("properties", {}).items()}


def _one_turn_each(request: JsonObject) -> Response:
    """A template that takes system and user alone: it refuses what an assistant is said to have answered."""
    if any(message["role"] == "assistant" for message in request["messages"]):
        return of_llama_cpp("two_user_turns")
    return server()(request)


def alternating(request: JsonObject) -> Response:
    """A template whose users and assistants must take turns."""
    roles = [message["role"] for message in request["messages"] if message["role"] != "system"]
    if any(one == next_ for one, next_ in pairwise(roles)):
        return of_llama_cpp("two_user_turns")
    return server()(request)


CAPABLE: dict[str, Scenario] = {
    "capable": server(),
    "alternating": alternating,
    "schema_ignored": server(enforces=()),
    "schema_as_json_object": server(enforces=("json_object",)),
    "completion_limit_ignored": server(heeds=("max_tokens",)),
    "limits_ignored": server(heeds=()),
    "completion_limit_refused": server(refuses=("max_completion_tokens",)),
    "effort_refused": server(refuses=("reasoning_effort",)),
    "one_turn_each": _one_turn_each,
    "small_window": server(window=2_048),
}
