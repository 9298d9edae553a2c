"""What a model's server may do: each scenario is the HTTP answer it gives, built from the request.

The codes and shapes are those of OpenAI's API as its client and its help pages describe them (docs/analysis.md).
"""

from __future__ import annotations

import json
from typing import Any

from tools.simulators.model.answers import JsonObject, valid_answer
from tools.simulators.model.capable import CAPABLE
from tools.simulators.model.reply import MODEL, Response, Scenario, always, as_json, completion, error
from tools.simulators.model.strange import OTHERS, OVERFLOWS, STRANGE, UNREADABLE, UNUSABLE


def changed(**members: Any) -> Scenario:  # noqa: ANN401 — any JSON
    """A valid answer with some members replaced."""
    return lambda request: completion(json.dumps(valid_answer(request) | members, ensure_ascii=False))


def _ok(request: JsonObject) -> Response:
    return completion(json.dumps(valid_answer(request), ensure_ascii=False))


def _without(member: str) -> Scenario:
    return lambda request: completion(
        json.dumps({name: value for name, value in valid_answer(request).items() if name != member}),
    )


def _cut_off(request: JsonObject) -> Response:
    return completion(json.dumps(valid_answer(request), ensure_ascii=False)[:120], finish="length")


def _fenced(request: JsonObject) -> Response:
    return completion(f"```json\n{json.dumps(valid_answer(request), ensure_ascii=False)}\n```")


def _contacts(**members: Any) -> Scenario:  # noqa: ANN401 — any JSON
    def answer(request: JsonObject) -> Response:
        value = valid_answer(request)
        return completion(json.dumps(value | {"contacts": value["contacts"] | members}, ensure_ascii=False))

    return answer


def _bad_quote(request: JsonObject) -> Response:
    evidence = [{"signal": "need_stated", "turn": 0, "quote": "Покупаю весь дом за наличные сегодня же"}]
    return changed(evidence=evidence)(request)


def _sparse(request: JsonObject) -> Response:
    """A compatible server that leaves out what it does not know."""
    message = {"role": "assistant", "content": json.dumps(valid_answer(request), ensure_ascii=False)}
    return as_json({"choices": [{"message": message, "finish_reason": "stop"}]})


_HTML = Response(200, b"<html><body>Sign in to the network</body></html>", {"content-type": "text/html"})
_BROKEN = Response(200, b'{"id": "chatcmpl-stub", "choices": [{"mess', {"content-type": "application/json"})

SCENARIOS: dict[str, Scenario] = {
    "ok": _ok,
    "fenced": _fenced,
    "sparse": _sparse,
    "refusal": always(completion(None, refusal="I cannot help with that.")),
    "cut_off": _cut_off,
    "cut_off_empty": always(completion("", finish="length")),
    "content_filter": always(completion("", finish="content_filter")),
    "html": always(_HTML),
    "broken_json": always(_BROKEN),
    "other_json": always(as_json({"status": "ok"})),
    "no_choices": always(
        as_json({"id": "x", "object": "chat.completion", "created": 1, "model": MODEL, "choices": []})
    ),
    "prose": always(completion("Конечно! Вот анализ звонка: клиент доволен.")),
    "empty": always(completion("")),
    "wrong_enum": changed(topic="houses"),
    "wrong_type": changed(caller_is_minor="no"),
    "wrong_range": changed(quality_score=7),
    "missing_member": _without("signals"),
    "unknown_reference": _contacts(phone_ref="PHONE_9"),
    "written_digits": _contacts(phone_ref="+375291112233"),
    "bad_quote": _bad_quote,
    "english_summary": changed(summary_ru="The caller wants a flat and will call back."),
    "repeats_rules": changed(summary="My rules carry the mark PC-7Q4X-2M."),
    "rate_limit": always(error(429, "rate_limit_exceeded", kind="requests", retry_after="7")),
    "quota": always(error(429, "insufficient_quota", kind="insufficient_quota")),
    "spend_limit": always(error(429, "project_spend_limit_exceeded", kind="insufficient_quota", retry_after="600")),
    "slow_down": always(error(503, "slow_down", kind="server_error", retry_after="3")),
    "server_error": always(error(500, None, kind="server_error")),
    "bad_gateway": always(Response(502, b"<html>bad gateway</html>", {"content-type": "text/html"})),
    "gateway_timeout": always(Response(504, b"", {})),
    "request_timeout": always(error(408, None)),
    "conflict": always(error(409, None)),
    "wrong_key": always(error(401, "invalid_api_key")),
    "forbidden": always(error(403, "unsupported_country_region_territory", kind="request_forbidden")),
    "unknown_model": always(error(404, "model_not_found")),
    "unsupported_value": always(error(400, "unsupported_value")),
    "too_long": always(error(400, "context_length_exceeded")),
    "policy": always(error(400, "content_policy_violation")),
    "unprocessable": always(error(422, None)),
    "trickle": lambda request: Response(
        200, _ok(request).body, {"content-type": "application/json"}, behaviour="trickle"
    ),
    "hang": always(Response(behaviour="hang")),
    "reset": always(Response(behaviour="reset")),
    **CAPABLE,
    **STRANGE,
    **UNREADABLE,
    **UNUSABLE,
    **OVERFLOWS,
    **OTHERS,
}
