"""What a model's server may do: each scenario is the HTTP answer it gives, built from the request.

The codes and shapes are those of OpenAI's API as its client and its help pages describe them (docs/analysis.md).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tools.model_stub.answers import Members, valid_answer

MODEL = "model-stub"
TRICKLE_SECONDS = 0.25  # between two bytes


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. `behaviour` is `send`, `trickle` (byte by byte), `hang` (nothing at all) or `reset`."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    behaviour: str = "send"


Scenario = Callable[[Members], Answer]


def as_json(value: Any, status: int = 200, **headers: str) -> Answer:  # noqa: ANN401 — any JSON
    """A JSON answer; header names are written with underscores."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status, json.dumps(value, ensure_ascii=False).encode(), {"content-type": "application/json"} | named)


def completion(
    content: str | None,
    *,
    finish: str = "stop",
    refusal: str | None = None,
    model: str = MODEL,
    usage: Members | None = None,
) -> Answer:
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


def error(status: int, code: str | None, *, kind: str = "invalid_request_error", **headers: str) -> Answer:
    """An error in OpenAI's form; the message quotes the request, as real ones do."""
    body = {"error": {"message": "Rejected: +375291234567 said something.", "type": kind, "param": None, "code": code}}
    return as_json(body, status, x_request_id="req_stub_error", **headers)


def changed(**members: Any) -> Scenario:  # noqa: ANN401 — any JSON
    """A valid answer with some members replaced."""
    return lambda request: completion(json.dumps(valid_answer(request) | members, ensure_ascii=False))


def _ok(request: Members) -> Answer:
    return completion(json.dumps(valid_answer(request), ensure_ascii=False))


def _without(member: str) -> Scenario:
    return lambda request: completion(
        json.dumps({name: value for name, value in valid_answer(request).items() if name != member}),
    )


def _cut_off(request: Members) -> Answer:
    return completion(json.dumps(valid_answer(request), ensure_ascii=False)[:120], finish="length")


def _fenced(request: Members) -> Answer:
    return completion(f"```json\n{json.dumps(valid_answer(request), ensure_ascii=False)}\n```")


def _contacts(**members: Any) -> Scenario:  # noqa: ANN401 — any JSON
    def answer(request: Members) -> Answer:
        value = valid_answer(request)
        return completion(json.dumps(value | {"contacts": value["contacts"] | members}, ensure_ascii=False))

    return answer


def _bad_quote(request: Members) -> Answer:
    evidence = [{"signal": "need_stated", "turn": 0, "quote": "Покупаю весь дом за наличные сегодня же"}]
    return changed(evidence=evidence)(request)


def _sparse(request: Members) -> Answer:
    """A compatible server that leaves out what it does not know."""
    message = {"role": "assistant", "content": json.dumps(valid_answer(request), ensure_ascii=False)}
    return as_json({"choices": [{"message": message, "finish_reason": "stop"}]})


def _always(answer: Answer) -> Scenario:
    return lambda _request: answer


_HTML = Answer(200, b"<html><body>Sign in to the network</body></html>", {"content-type": "text/html"})
_BROKEN = Answer(200, b'{"id": "chatcmpl-stub", "choices": [{"mess', {"content-type": "application/json"})

SCENARIOS: dict[str, Scenario] = {
    "ok": _ok,
    "fenced": _fenced,
    "sparse": _sparse,
    "refusal": _always(completion(None, refusal="I cannot help with that.")),
    "cut_off": _cut_off,
    "cut_off_empty": _always(completion("", finish="length")),
    "content_filter": _always(completion("", finish="content_filter")),
    "html": _always(_HTML),
    "broken_json": _always(_BROKEN),
    "other_json": _always(as_json({"status": "ok"})),
    "no_choices": _always(
        as_json({"id": "x", "object": "chat.completion", "created": 1, "model": MODEL, "choices": []})
    ),
    "prose": _always(completion("Конечно! Вот анализ звонка: клиент доволен.")),
    "empty": _always(completion("")),
    "wrong_enum": changed(topic="houses"),
    "wrong_type": changed(caller_is_minor="no"),
    "wrong_range": changed(quality_score=7),
    "missing_member": _without("signals"),
    "unknown_reference": _contacts(phone_ref="PHONE_9"),
    "written_digits": _contacts(phone_ref="+375291112233"),
    "bad_quote": _bad_quote,
    "english_summary": changed(summary_ru="The caller wants a flat and will call back."),
    "repeats_rules": changed(summary="My rules carry the mark PC-7Q4X-2M."),
    "rate_limit": _always(error(429, "rate_limit_exceeded", kind="requests", retry_after="7")),
    "quota": _always(error(429, "insufficient_quota", kind="insufficient_quota")),
    "spend_limit": _always(error(429, "project_spend_limit_exceeded", kind="insufficient_quota", retry_after="600")),
    "slow_down": _always(error(503, "slow_down", kind="server_error", retry_after="3")),
    "server_error": _always(error(500, None, kind="server_error")),
    "bad_gateway": _always(Answer(502, b"<html>bad gateway</html>", {"content-type": "text/html"})),
    "gateway_timeout": _always(Answer(504, b"", {})),
    "request_timeout": _always(error(408, None)),
    "conflict": _always(error(409, None)),
    "wrong_key": _always(error(401, "invalid_api_key")),
    "forbidden": _always(error(403, "unsupported_country_region_territory", kind="request_forbidden")),
    "unknown_model": _always(error(404, "model_not_found")),
    "unsupported_value": _always(error(400, "unsupported_value")),
    "too_long": _always(error(400, "context_length_exceeded")),
    "policy": _always(error(400, "content_policy_violation")),
    "unprocessable": _always(error(422, None)),
    "trickle": lambda request: Answer(
        200, _ok(request).body, {"content-type": "application/json"}, behaviour="trickle"
    ),
    "hang": _always(Answer(behaviour="hang")),
    "reset": _always(Answer(behaviour="reset")),
}
