"""The document: each route with what it takes and answers, and every shape by its name."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter

from functions.intake.handler import serve_analyze
from functions.intake.webhook import serve_webhook
from functions.operations.route import JSON, Route
from functions.operations.router import ROUTES
from infra.openapi import answers, calls, numbers, requests
from infra.openapi.shape import Schemas, schemas
from postcall.domain.access import Right

FILE: Final = Path(__file__).resolve().parents[2] / ".local" / "openapi.json"
SHAPES: Final = (answers, calls, numbers, requests)
PROBLEM: Final = "application/problem+json"


INTAKE: Final = (
    Route("POST", "/webhooks/elevenlabs", serve_webhook, None).says(
        "Вход", "Вебхук ElevenLabs", {200: "Ingested"}, refuses=(413,), body="Webhook"
    ),
    Route("POST", "/api/analyze", serve_analyze, Right.BRING).says(
        "Вход", "Звонок из нашей системы", {200: "Ingested", 202: "Ingested"}, body="OwnCall"
    ),
)
ACCESS: Final = {"/webhooks/elevenlabs": "signature"}
TAGS: Final = {
    "Вход": "Звонки приходят сюда: вебхук ElevenLabs и наши собственные системы.",
    "Звонки": "Список, поиск, один звонок со всем, что с ним было.",
    "Действия": "Повторная отправка, решение по неизвестному исходу, удаление персональных данных.",
    "Очереди": "Что ждёт, что отложено, возврат отложенного.",
    "Карантин": "Отклонённые вебхуки, которые могут быть настоящими.",
    "Сводки": "Числа дня, сверка, состояние.",
    "Справка": "Это описание и его страница.",
}
ERRORS: Final = {
    "default": {
        "description": "Any other refusal or failure; 503 with Retry-After when later can help.",
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
SECURITY: Final = {
    "operator": {
        "type": "http",
        "scheme": "bearer",
        "description": "A named operator's token; its name stands on the record of what is ordered.",
    },
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "ElevenLabs-Signature",
        "description": "t=<unix seconds>,v0=<hex HMAC-SHA256 of t.body under the webhook's secret>",
    },
}


@cache
def document() -> dict[str, Any]:
    """The whole document.

    Raises:
        StopIteration: For a route that names a shape which is not there.
    """
    routes = (*INTAKE, *ROUTES)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Postcall",
            "version": "1",
            "summary": "ElevenLabs calls become leads in BPMsoft: every call once, none lost, each step on the record.",
            "description": "Times are ISO 8601 in UTC. Errors are problem details (RFC 9457). Lists are newest first; "
            "next_cursor leads to the next page and is null on the last.",
        },
        "servers": [{"url": ".."}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": paths,
        "components": {"schemas": schemas(_models(routes)), "securitySchemes": SECURITY},
    }


def document_file() -> Path:
    """The document as a file, which is made anew only where it says something else."""
    text = json.dumps(document(), ensure_ascii=False, indent=1)
    if not FILE.exists() or FILE.read_text(encoding="utf-8") != text:
        FILE.parent.mkdir(exist_ok=True)
        unfinished = FILE.with_suffix(f".{os.getpid()}")
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(FILE)
    return FILE


def _models(routes: Iterable[Route]) -> list[type[BaseModel]]:
    named = {name for route in routes for name in (*route.answers.values(), route.body) if name}
    return [_shape(name) for name in ("Problem", *sorted(named))]


def _shape(name: str) -> type[BaseModel]:
    found: type[BaseModel] = next(vars(module)[name] for module in SHAPES if name in vars(module))
    return found


def _operation(route: Route) -> dict[str, Any]:
    parameters = [_parameter(name, "path", {"type": "string"}) for name in route.path_parameters]
    parameters += [_parameter(name, "query", _query(name)) for name in route.query.split()]
    statuses = {*route.refusals, *route.answers}
    return {
        "tags": [route.tag],
        "summary": route.summary,
        **({"parameters": parameters} if parameters else {}),
        **({"requestBody": {"required": True, "content": _content(route.body, JSON)}} if route.body else {}),
        "responses": {str(status): _response(status, route) for status in sorted(statuses)} | ERRORS,
        "security": [] if route.is_public else [{ACCESS.get(route.path, "operator"): []}],
    }


def _parameter(name: str, place: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def _query(name: str) -> dict[str, Any]:
    schema = TypeAdapter(requests.QUERY[name]).json_schema(schema_generator=Schemas)
    return {key: value for key, value in schema.items() if key not in {"title", "description"}}


def _response(status: int, route: Route) -> dict[str, Any]:
    report: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if status in {HTTPStatus.NOT_MODIFIED, HTTPStatus.FOUND}:
        return report
    if status in route.answers:
        return report | {"content": _content(route.answers[status], *route.kinds)}
    return report | {"content": _content("Problem", PROBLEM)}


def _content(model: str | None, *kinds: str) -> dict[str, Any]:
    """A shape by its name; without one it is text, or any object where the kind is JSON."""
    free = {"type": "object"} if kinds == (JSON,) else {"type": "string"}
    return {kind: {"schema": {"$ref": f"#/components/schemas/{model}"} if model else free} for kind in kinds}
