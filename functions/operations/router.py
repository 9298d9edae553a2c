"""Which path is whose and who may ask: one table, and the rules that hold for all of it (a token, a size, 404, 405).

A table and not Powertools' resolver: it costs no import. The API's description is made of it (infra/openapi).
"""

from __future__ import annotations

from http import HTTPStatus

from functions.operations.route import Route
from functions.operations.routes import (
    actions,
    attention,
    console,
    erasing,
    events,
    export,
    ledger,
    me,
    numbers,
    quarantine,
    queues,
    revisions,
    runbooks,
)
from functions.operations.routes.refusal import as_asked
from functions.operations.wiring import access
from functions.operations.wiring import events as events_table
from postcall.aws.http import HttpError, Request, Response, require_size
from postcall.domain.access import Right
from postcall.domain.said import said

MAXIMUM_BODY_BYTES = 65_536


LOOK, ACT, ERASE = Right.LOOK, Right.ACT, Right.ERASE
CALLS, ACTIONS, QUEUES, QUARANTINE, SUMS, HELP = "Звонки", "Действия", "Очереди", "Карантин", "Сводки", "Справка"
OF_EVENT = "/api/events/{event_id}"
RANGE = "since until topic quality cause"  # query parameters of every list
SHEETS = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
ROUTES = (
    Route("GET", "/api/me", me.show, None).says(HELP, "Что разрешено этому токену", {200: "Me"}),
    Route("GET", "/api/events", events.listed, LOOK).says(
        CALLS, "Список звонков", {200: "Events"}, query=f"status zone day agent_id stalled {RANGE} limit cursor"
    ),
    Route("GET", OF_EVENT, events.show, LOOK).says(CALLS, "Один звонок", {200: "Record"}, refuses=(404,)),
    Route("GET", f"{OF_EVENT}/call", events.call, LOOK).says(CALLS, "Разговор", {200: "Call"}, refuses=(404, 410)),
    Route("POST", "/api/search", events.search, LOOK).says(
        CALLS,
        "Поиск по event_id или его началу, телефону, e-mail или имени",
        {200: "Events"},
        body="SearchPage",
        refuses=(413, 503),
    ),
    Route("POST", f"{OF_EVENT}/resend-crm", actions.resend, ACT).says(
        ACTIONS, "Отправить лид ещё раз", {202: "Ordered"}, query="force reason", refuses=(404, 409)
    ),
    Route("GET", f"{OF_EVENT}/revisions", revisions.listed, LOOK).says(
        CALLS, "Содержания под одним id", {200: "Revisions"}, refuses=(404,)
    ),
    Route("POST", f"{OF_EVENT}/use-revision", revisions.use, ACT).says(
        ACTIONS,
        "Взять другое содержание и проанализировать заново",
        {202: "Reanalysis"},
        body="RevisionOrder",
        refuses=(404, 409),
    ),
    Route("POST", f"{OF_EVENT}/resolve", actions.resolve, ACT).says(
        ACTIONS, "Решить неизвестный исход", {200: "Resolved"}, body="ResolveOrder", refuses=(404, 409)
    ),
    Route("POST", f"{OF_EVENT}/reanalyze", actions.reanalyze, ACT).says(
        ACTIONS, "Проанализировать заново", {202: "Reanalysis"}, body="Reason", refuses=(404, 409)
    ),
    Route("POST", f"{OF_EVENT}/continue", actions.continue_step, ACT).says(
        ACTIONS, "Продолжить остановившийся шаг", {202: "Continued"}, refuses=(404, 409)
    ),
    Route("POST", f"{OF_EVENT}/withdraw", actions.withdraw, ACT).says(
        ACTIONS, "Отозвать открытый заказ", {200: "Withdrawn"}, refuses=(404, 409)
    ),
    Route("POST", f"{OF_EVENT}/close", actions.close, ACT).says(
        ACTIONS, "Закрыть звонок без лида", {200: "Closed"}, body="Reason", refuses=(404, 409)
    ),
    Route("POST", f"{OF_EVENT}/erase", erasing.event, ERASE).says(
        ACTIONS, "Удалить персональные данные звонка", {200: "Erased"}, body="Reason", refuses=(404, 409)
    ),
    Route("POST", "/api/erase-person", erasing.person, ERASE).says(
        ACTIONS, "Удалить все звонки человека", {200: "ErasedPerson"}, body="PersonErasure", refuses=(503,)
    ),
    Route("POST", "/api/erasures/again", erasing.again, ERASE).says(
        ACTIONS,
        "Повторить записанные удаления, как после восстановления таблиц",
        {200: "ErasedAgain"},
        body="ErasuresAgain",
    ),
    Route("GET", "/api/export", export.show, LOOK).says(
        CALLS,
        "Список файлом для таблицы",
        {200: None},
        query=f"list format lang zone status day days agent_id {RANGE}",
        kinds=SHEETS,
        refuses=(404,),
    ),
    Route("POST", "/api/export", export.found, LOOK).says(
        CALLS,
        "Найденное файлом для таблицы",
        {200: None},
        query="format lang zone",
        body="Search",
        kinds=SHEETS,
        refuses=(413, 503),
    ),
    Route("GET", "/api/attention", attention.show, LOOK).says(
        SUMS, "Что ждёт человека, по причинам", {200: "Attention"}
    ),
    Route("GET", "/api/runbooks/{name}", runbooks.show, LOOK).says(
        HELP, "Что делать по тревоге", {200: "Runbook"}, query="lang", refuses=(404,)
    ),
    Route("GET", "/api/queues", queues.depths, LOOK).says(QUEUES, "Глубина очередей", {200: "Queues"}),
    Route("POST", "/api/queues/{queue}/redrive", queues.redrive, ACT).says(
        QUEUES,
        "Вернуть отложенные сообщения",
        {200: "Redrive", 202: "Redrive"},
        body="RedriveOrder",
        refuses=(404, 409),
    ),
    Route("GET", "/api/numbers", numbers.of_days, LOOK).says(
        SUMS, "Числа дня, недели или месяца", {200: "Numbers"}, query="day days zone"
    ),
    Route("GET", "/api/health", numbers.health, LOOK).says(SUMS, "Состояние", {200: "Health"}),
    Route("GET", "/api/quarantine", quarantine.listed, LOOK).says(
        QUARANTINE, "Список", {200: "Quarantine"}, query="limit cursor"
    ),
    Route("POST", "/api/quarantine/{quarantine_id}/release", quarantine.release, ACT).says(
        QUARANTINE, "Принять", {200: "Released"}, refuses=(404, 409)
    ),
    Route("DELETE", "/api/quarantine/{quarantine_id}", quarantine.discard, ACT).says(
        QUARANTINE, "Удалить", {200: "Discarded"}, query="reason", refuses=(404,)
    ),
    Route("GET", "/api/ledger/{day}", ledger.show, LOOK).says(SUMS, "Сверка дня", {200: "Ledger"}, refuses=(400, 404)),
    Route("POST", "/api/ledger/{day}", ledger.make, ACT).says(
        SUMS, "Сверка дня заново", {200: "Ledger"}, refuses=(400, 409)
    ),
    Route("POST", "/api/reconcile", ledger.reconcile, ACT).says(
        SUMS, "Найти недоставленные звонки", {200: "Reconciled"}, body="Reconciliation", refuses=(409, 503)
    ),
    Route("GET", "/api/openapi.json", console.openapi, None, is_public=True).says(
        HELP, "Это описание", {200: None, 304: None}
    ),
    Route("GET", "/api/docs", console.docs, None, is_public=True).says(
        HELP, "Его страница", {200: None, 304: None}, kinds=("text/html",)
    ),
    Route("GET", "/", console.front, None, is_public=True).says(HELP, "Путь к консоли", {302: None}),
    Route("GET", "/console", console.page, None, is_public=True).says(
        HELP, "Консоль", {200: None, 304: None}, kinds=("text/html",)
    ),
    Route("GET", "/console/{file}", console.file, None, is_public=True).says(
        HELP, "Файлы консоли", {200: None, 304: None}, kinds=("text/javascript",), refuses=(404,)
    ),
)
_NOTHING_HERE = Route("", "none", lambda *_: {}, None)


def serve(request: Request) -> Response:
    """Answer one request.

    Raises:
        HttpError: What the routes raise.
    """
    require_size(request, limit=MAXIMUM_BODY_BYTES)
    here = [(route, parts) for route in ROUTES if (parts := route.match(request.path)) is not None]
    here.sort(key=lambda found: found[0].literal_length, reverse=True)
    route, parts = next((each for each in here if each[0].method == request.method), (_NOTHING_HERE, ()))
    if route.is_public:
        return route.serve(request, "", *parts)
    return access().serve(
        request,
        lambda known: _served(known, route, parts, nearest=here[0][0] if here else _NOTHING_HERE),
        route=f"{request.method} {here[0][0].path if here else 'none'}",
        right=route.right,
        event_id=parts[0] if "{event_id}" in route.path else None,
    )


def _served(request: Request, route: Route, parts: tuple[str, ...], *, nearest: Route) -> Response:
    """`nearest` is the route of the longest path, whatever its method: `e1/close` is that action unless it is an id."""
    if nearest is _NOTHING_HERE:
        raise HttpError(HTTPStatus.NOT_FOUND, said("request.no_path"))
    if route is _NOTHING_HERE:
        raise HttpError(HTTPStatus.METHOD_NOT_ALLOWED, said("request.no_method"))
    who = request.token.name if request.token else ""
    if "{event_id}" not in route.path:
        return route.serve(request, who, *parts)
    given, *rest = parts
    event = events_table().find(given)
    if event is None and nearest.path != route.path:
        raise HttpError(HTTPStatus.METHOD_NOT_ALLOWED, said("request.no_method"))
    key = given if event is None else event.event_id
    return as_asked(lambda: route.serve(request, who, key, *rest), key=key, given=given)
