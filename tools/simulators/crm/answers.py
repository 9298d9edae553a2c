"""What the simulated CRM writes back: the service's result in its own notation, and pages of the servers around it."""

import json
import re
from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from tools.simulators.crm.exchange import Refused
from tools.simulators.http.messages import Response

HTML = ("Content-Type", "text/html; charset=utf-8")
CORS = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Allow-Methods", "POST"),
    ("Access-Control-Allow-Headers", "Content-Type, Accept"),
)
_ESCAPED = re.compile("[\u2028\u2029\U00010000-\U0010ffff]")
LOGIN_PATH = "/Login/NuiLogin.aspx"
_NOTHING: Mapping[str, str | None] = MappingProxyType({})

_TEXTS: dict[str, tuple[str, str]] = {
    "ok": ("Данные успешно сохранены", "Data successfully saved"),
    "unknown_form": ("Неизвестный идентификатор формы.", "Unknown landing identifier."),
    "no_schema": ("Не найдена схема для лендинга.", "Landing's specified schema was not found."),
    "landing_off": ("Лендинг отключен в данный момент", "Landing is disabled at this moment."),
    "url": ("URL, с которого выполнен запрос, не разрешен в системе", "Not allowed request URL."),
    "preprocess": ("Ошибка предобработки данных формы", "Webform data preprocessing error"),
    "postprocess": (
        "Ошибка постобработки данных формы (после создания объекта)",
        "Web form data postprocessing error (entity was created).",
    ),
    "format": ("Входная строка имела неверный формат.", "Input string was not in a correct format."),
    "lookup": (
        'Запись не добавлена в объект "{0}". Недостаточно прав или данных.',
        'Record was not added to the "{0}" object. Not enough rights or data.',
    ),
    "deadlock": (
        "Транзакция (идентификатор процесса 61) вызвала взаимоблокировку ресурсов и стала ее жертвой.",
        "Transaction (Process ID 61) was deadlocked on lock resources and has been chosen as the deadlock victim.",
    ),
    "contact_required": (
        "Не заполнены обязательные контактные данные",
        "Required contact data is missing",
    ),
}

_KEY_TAKEN = {
    ("mssql", False): "Cannot insert duplicate key row in object 'dbo.Lead' with unique index '{0}'.",
    ("mssql", True): "Violation of PRIMARY KEY constraint '{0}'. Cannot insert duplicate key in object 'dbo.Lead'.",
    ("postgres", False): '23505: duplicate key value violates unique constraint "{0}"',
    ("postgres", True): '23505: duplicate key value violates unique constraint "{0}"',
}


def key_taken(index: str, value: str, *, is_primary: bool, database: str) -> Refused:
    """The database's own words about a key that is there already; SQL Server tells the value too."""
    report = _KEY_TAKEN[database, is_primary].format(index)
    if database == "mssql":
        return Refused(f"{report} The duplicate key value is ({value}).", "SqlException")
    return Refused(report, "PostgresException")


def text(key: str, culture: str, *values: str) -> str:
    """The message under `key` in the language of the CRM's system user."""
    russian, english = _TEXTS[key]
    return (russian if culture == "ru" else english).format(*values)


def inner(
    code: int,
    message: str,
    extra: Mapping[str, str | None] = _NOTHING,
    *,
    quoted: bool = False,
    code_first: bool = False,
) -> str:
    """The string inside the result: an object whose keys stand without quotes, so no JSON, unless `quoted`."""
    members = [*extra.items(), ("resultMessage", message), ("resultCode", code)]
    if code_first:
        members.reverse()
    quote = '"' if quoted else ""
    written = (f"{quote}{key}{quote}:{json.dumps(value, ensure_ascii=False)}" for key, value in members)
    return "{" + ",".join(written) + "}"


def result(inner_string: str | None) -> Response:
    """The outer JSON of what the method returned, escaped as .NET's writer does: `/`, line separators, and what lies
    beyond the basic plane.
    """
    outer = json.dumps({"SaveWebFormObjectDataResult": inner_string}, ensure_ascii=False, separators=(",", ":"))
    escaped = _ESCAPED.sub(lambda found: json.dumps(found.group())[1:-1], outer.replace("/", "\\/"))
    return Response(200, escaped.encode(), (("Content-Type", "application/json; charset=utf-8"), CORS[0]))


def page(status: int, title: str, sentence: str, *headers: tuple[str, str]) -> Response:
    """An HTML page of a server that has nothing else to say."""
    body = f"<h1>{escape(title)}</h1><p>{escape(sentence)}</p>"
    html = f"<!DOCTYPE html>\n<html><head><title>{escape(title)}</title></head><body>{body}</body></html>"
    return Response(status, html.encode(), (HTML, *headers))


def request_error(status: int = 400) -> Response:
    """The page of WCF for a body it cannot read and for an exception that nobody caught."""
    return page(status, "Request Error", "The server encountered an error processing the request.", CORS[0])


def login_page() -> Response:
    form = (
        '<form action="/ServiceModel/AuthService.svc/Login"><input name="UserName"><input name="UserPassword"></form>'
    )
    html = f"<!DOCTYPE html>\n<html><head><title>BPMSoft</title></head><body>{form}</body></html>"
    return Response(200, html.encode(), (HTML,))


def server_error() -> Response:
    """ASP.NET's yellow page."""
    return page(500, "Runtime Error", "Server Error in '/0' Application. An application error occurred on the server.")


def redirect_to_login() -> Response:
    return page(
        302, "Object moved", "Object moved to here.", ("Location", f"{LOGIN_PATH}?ReturnUrl=%2f0%2fServiceModel")
    )
