"""The routes: what each takes, and every status that is its own. `default` stands for the errors any route may have."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from functions.operations.openapi.parts import (
    ANY_OBJECT,
    FLAG,
    MOMENT,
    TEXT,
    WHOLE,
    Schema,
    described,
    members,
    ref,
    words,
)
from postcall.domain.status import Status

JSON = "application/json"
PROBLEM = "application/problem+json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_REASON = TEXT | {"minLength": 1, "maxLength": 500}
_DAY: Schema = {"type": "string", "format": "date"}
_PAGE: dict[str, Schema] = {"limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 25}, "cursor": TEXT}
_ERRORS = {
    "default": {
        "description": "Any other refusal or failure; 503 with Retry-After when later can help.",
        "content": {PROBLEM: {"schema": ref("Problem")}},
    }
}


def _operation(
    tag: str,
    summary: str,
    answers: dict[int, Schema | None],
    *,
    path: tuple[str, ...] = (),
    query: dict[str, Schema] | None = None,
    body: Schema | None = None,
    kind: str | tuple[str, ...] = JSON,
    access: str = "operator",
) -> dict[str, Any]:
    """One operation. An answer without a schema is a problem."""
    parameters = [_parameter(name, "path", TEXT) for name in path]
    parameters += [_parameter(name, "query", schema) for name, schema in (query or {}).items()]
    if access == "operator" and summary != OF_ANY_TOKEN:
        answers |= {HTTPStatus.FORBIDDEN: None}
    wanted = {"requestBody": {"required": True, "content": {JSON: {"schema": body}}}} if body else {}
    return {
        "tags": [tag],
        "summary": summary,
        **({"parameters": parameters} if parameters else {}),
        **wanted,
        "responses": {str(int(status)): _answer(status, schema, kind) for status, schema in answers.items()} | _ERRORS,
        "security": [{access: []}] if access else [],
    }


def _parameter(name: str, place: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def _answer(status: int, schema: Schema | None, kind: str | tuple[str, ...]) -> dict[str, Any]:
    told: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if status in {HTTPStatus.NOT_MODIFIED, HTTPStatus.FOUND}:
        return told
    kinds = (PROBLEM,) if schema is None else (kind,) if isinstance(kind, str) else kind
    return told | {"content": {each: {"schema": schema or ref("Problem")} for each in kinds}}


_EVENT = ("event_id",)
_RANGE: dict[str, Schema] = {
    "since": MOMENT,
    "until": MOMENT,
    "topic": TEXT,
    "quality": WHOLE | {"minimum": 1, "maximum": 5},
}
OF_ANY_TOKEN = "Что разрешено этому токену"  # noqa: S105 — a sentence
PATHS: dict[str, dict[str, Any]] = {
    "/webhooks/elevenlabs": {
        "post": _operation(
            "Вход",
            "Вебхук ElevenLabs",
            {200: ref("Taken"), 400: None, 401: None, 413: None},
            body=ANY_OBJECT,
            access="signature",
        )
    },
    "/api/analyze": {
        "post": _operation(
            "Вход",
            "Звонок из нашей системы",
            {200: ref("Taken"), 202: ref("Taken"), 400: None, 401: None},
            body={
                "type": "object",
                "properties": {
                    "event_id": TEXT,
                    "transcript": described({}, "Реплики (role, message) или текст с именами говорящих."),
                    "contacts": members({"full_name": TEXT, "phone": TEXT, "email": TEXT}),
                    "agent_id": TEXT,
                    "conversation_id": TEXT,
                },
                "required": ["event_id", "transcript"],
            },
        )
    },
    "/api/me": {"get": _operation("Справка", OF_ANY_TOKEN, {200: ref("Me"), 401: None})},
    "/api/events": {
        "get": _operation(
            "Звонки",
            "Список звонков",
            {200: ref("Events"), 400: None, 401: None},
            query={"status": words(*Status), "day": _DAY, "agent_id": TEXT, "stalled": FLAG, **_RANGE, **_PAGE},
        )
    },
    "/api/events/{event_id}": {
        "get": _operation("Звонки", "Один звонок", {200: ref("Record"), 401: None, 404: None}, path=_EVENT)
    },
    "/api/events/{event_id}/call": {
        "get": _operation("Звонки", "Разговор", {200: ref("Call"), 401: None, 404: None, 410: None}, path=_EVENT)
    },
    "/api/search": {
        "post": _operation(
            "Звонки",
            "Поиск по event_id или его началу, телефону, e-mail или имени",
            {200: ref("Found"), 400: None, 401: None, 413: None, 503: None},
            body=members(query=TEXT | {"maxLength": 320}),
        )
    },
    "/api/events/{event_id}/resend-crm": {
        "post": _operation(
            "Действия",
            "Отправить лид ещё раз",
            {202: ref("Ordered"), 400: None, 401: None, 404: None, 409: None},
            path=_EVENT,
            query={"force": FLAG, "reason": _REASON},
        )
    },
    "/api/events/{event_id}/resolve": {
        "post": _operation(
            "Действия",
            "Решить неизвестный исход",
            {200: ref("Resolved"), 400: None, 401: None, 404: None, 409: None},
            path=_EVENT,
            body=members(outcome=words("delivered", "not_delivered"), reason=_REASON),
        )
    },
    "/api/events/{event_id}/reanalyze": {
        "post": _operation(
            "Действия",
            "Проанализировать заново",
            {202: ref("Reanalysis"), 400: None, 401: None, 404: None, 409: None},
            path=_EVENT,
            body=members(reason=_REASON),
        )
    },
    "/api/events/{event_id}/continue": {
        "post": _operation(
            "Действия",
            "Продолжить остановившийся шаг",
            {202: ref("Continued"), 401: None, 404: None, 409: None},
            path=_EVENT,
        )
    },
    "/api/events/{event_id}/withdraw": {
        "post": _operation(
            "Действия",
            "Отозвать открытый заказ",
            {200: ref("Withdrawn"), 401: None, 404: None, 409: None},
            path=_EVENT,
        )
    },
    "/api/events/{event_id}/close": {
        "post": _operation(
            "Действия",
            "Закрыть звонок без лида",
            {200: ref("Closed"), 400: None, 401: None, 404: None, 409: None},
            path=_EVENT,
            body=members(reason=_REASON),
        )
    },
    "/api/events/{event_id}/erase": {
        "post": _operation(
            "Действия",
            "Удалить персональные данные звонка",
            {200: ref("Erased"), 400: None, 401: None, 404: None, 409: None},
            path=_EVENT,
            body=members(reason=_REASON),
        )
    },
    "/api/erase-person": {
        "post": _operation(
            "Действия",
            "Удалить все звонки человека",
            {200: ref("ErasedPerson"), 400: None, 401: None, 503: None},
            body=members(
                {
                    "phone": TEXT,
                    "email": TEXT,
                    "preview": described(FLAG, "Only show what there is; needs no reason."),
                    "mentioned": described(FLAG, "Also the calls of others in which the person was mentioned."),
                    "reason": _REASON,
                }
            ),
        )
    },
    "/api/erasures/again": {
        "post": _operation(
            "Действия",
            "Повторить записанные удаления, как после восстановления таблиц",
            {200: ref("ErasedAgain"), 400: None, 401: None},
            body=members({"reason": _REASON, "after": described(TEXT, "The answer's next_cursor, to go on.")}),
        )
    },
    "/api/export": {
        "get": _operation(
            "Звонки",
            "Список файлом для таблицы",
            {200: TEXT, 400: None, 401: None},
            query={"format": words("csv", "xlsx"), "lang": words("en", "ru"), "zone": TEXT, "status": words(*Status)}
            | {"day": _DAY, "agent_id": TEXT, **_RANGE},
            kind=("text/csv", XLSX),
        )
    },
    "/api/attention": {
        "get": _operation("Сводки", "Что ждёт человека, по причинам", {200: ref("Attention"), 401: None})
    },
    "/api/queues": {"get": _operation("Очереди", "Глубина очередей", {200: ref("Queues"), 401: None})},
    "/api/queues/{queue}/redrive": {
        "post": _operation(
            "Очереди",
            "Вернуть отложенные сообщения",
            {200: ref("Redrive"), 202: ref("Redrive"), 400: None, 401: None, 404: None, 409: None},
            path=("queue",),
            body=members({"preview": FLAG, "reason": _REASON, "cause": TEXT}),
        )
    },
    "/api/quarantine": {
        "get": _operation("Карантин", "Список", {200: ref("Quarantine"), 400: None, 401: None}, query=_PAGE)
    },
    "/api/quarantine/{quarantine_id}/release": {
        "post": _operation(
            "Карантин",
            "Принять",
            {200: ref("Released"), 401: None, 404: None, 409: None},
            path=("quarantine_id",),
        )
    },
    "/api/quarantine/{quarantine_id}": {
        "delete": _operation(
            "Карантин",
            "Удалить",
            {200: ref("Discarded"), 400: None, 401: None, 404: None},
            path=("quarantine_id",),
            query={"reason": _REASON},
        )
    },
    "/api/runbooks/{name}": {
        "get": _operation(
            "Справка",
            "Что делать по тревоге",
            {200: ref("Runbook"), 400: None, 401: None, 404: None},
            path=("name",),
            query={"lang": words("ru", "en")},
        )
    },
    "/api/numbers": {
        "get": _operation(
            "Сводки",
            "Числа дня, недели или месяца",
            {200: ref("Numbers"), 400: None, 401: None},
            query={"day": _DAY, "days": WHOLE | {"minimum": 1, "maximum": 31, "default": 1}, "zone": TEXT},
        )
    },
    "/api/ledger/{day}": {
        "get": _operation("Сводки", "Сверка дня", {200: ref("Ledger"), 400: None, 401: None, 404: None}, path=("day",)),
        "post": _operation(
            "Сводки", "Сверка дня заново", {200: ref("Ledger"), 400: None, 401: None, 409: None}, path=("day",)
        ),
    },
    "/api/reconcile": {
        "post": _operation(
            "Сводки",
            "Найти недоставленные звонки",
            {200: ref("Reconciled"), 400: None, 401: None, 409: None, 503: None},
            body=members({"dry_run": FLAG, "reason": _REASON}, since={"type": "string", "format": "date-time"}),
        )
    },
    "/api/health": {"get": _operation("Сводки", "Состояние", {200: ref("Health"), 401: None})},
    "/api/openapi.json": {"get": _operation("Справка", "Это описание", {200: ANY_OBJECT, 304: None}, access="")},
    "/api/docs": {"get": _operation("Справка", "Его страница", {200: TEXT, 304: None}, kind="text/html", access="")},
    "/": {"get": _operation("Справка", "Путь к консоли", {302: None}, access="")},
    "/console": {"get": _operation("Справка", "Консоль", {200: TEXT, 304: None}, kind="text/html", access="")},
    "/console/{file}": {
        "get": _operation(
            "Справка",
            "Файлы консоли",
            {200: TEXT, 304: None, 404: None},
            path=("file",),
            kind="text/javascript",
            access="",
        )
    },
}
