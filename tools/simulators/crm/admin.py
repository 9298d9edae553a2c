"""The window on the simulated CRM, on its own port: what it saved and was asked, its settings, faults, and the page."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from tools.simulators.crm.behaviours import BEHAVIOURS, MARKS
from tools.simulators.crm.exchange import Response
from tools.simulators.crm.faults import FAULTS, UnknownFault
from tools.simulators.crm.profiles import ConfigurationError
from tools.simulators.crm.server import Handler

if TYPE_CHECKING:
    from tools.simulators.crm.simulator import CrmSimulator

_PAGE = Path(__file__).parent / "page"
_KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
_FILES = {f"/{path.name}": path for path in _PAGE.iterdir() if path.suffix in _KINDS} | {"/": _PAGE / "page.html"}
_SAFE = (
    (
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Cache-Control", "no-store"),
)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
Body = dict[str, Any]


class _BadRequest(ValueError):
    """One sentence for the caller."""


class Admin:
    """The admin API without its sockets."""

    def __init__(self, crm: "CrmSimulator") -> None:
        self._crm = crm
        self._routes: dict[tuple[str, str], Callable[[Body], Any]] = {
            ("GET", "/healthz"): self._health,
            ("GET", "/api/leads"): lambda query: crm.leads(query.get("event_id")),
            ("GET", "/api/web-form-data"): lambda _: crm.web_form_data(),
            ("GET", "/api/lookups"): lambda _: crm.lookups(),
            ("GET", "/api/contacts"): lambda _: crm.contacts(),
            ("GET", "/api/requests"): self._requests,
            ("GET", "/api/log"): lambda _: crm.log(),
            ("GET", "/api/config"): lambda _: crm.configuration,
            ("PUT", "/api/config"): self._configure,
            ("GET", "/api/faults"): lambda _: self._faults(),
            ("POST", "/api/faults"): self._fail,
            ("DELETE", "/api/faults"): self._clear_faults,
            ("POST", "/api/reset"): self._reset,
            ("GET", "/api/behaviours"): lambda _: self._behaviours(),
        }

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Response:
        if self._is_foreign(headers):
            return _json(403, {"error": "only pages of this address may ask"})
        parts = urlsplit(target)
        if method == "GET" and parts.path in _FILES:
            file = _FILES[parts.path]
            return Response(200, file.read_bytes(), (("Content-Type", f"{_KINDS[file.suffix]}; charset=utf-8"), *_SAFE))
        route = self._routes.get((method, parts.path))
        if route is None:
            return _json(404, {"error": f"there is no {method} {parts.path}"})
        try:
            if method in {"POST", "PUT"}:
                return _json(200, route(_object(body)))
            return _json(200, route(dict(parse_qsl(parts.query, keep_blank_values=True))))
        except (_BadRequest, ConfigurationError, UnknownFault) as error:
            return _json(400, {"error": str(error)})

    def _is_foreign(self, headers: Mapping[str, str]) -> bool:
        """Whether a page of another site asks, by its Origin or by a name that it lets point to loopback."""
        host, origin = headers.get("Host", ""), headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return True
        name = urlsplit(f"//{host}").hostname
        return self._crm.host in _LOOPBACK and name not in _LOOPBACK

    def _health(self, _: Body) -> Body:
        crm = self._crm
        return {
            "status": "ok",
            "profile": crm.configuration["profile"],
            "service_url": crm.service_url,
            "leads": crm.lead_count,
            "requests": crm.request_count,
            "pending_tasks": crm.pending_tasks,
        }

    def _requests(self, query: Body) -> list[dict[str, Any]]:
        """All requests on record, or the `last` so many."""
        last = query.get("last", "")
        if last and not str(last).isdecimal():
            raise _BadRequest("last must be a whole number")
        return self._crm.requests()[-int(last or 0) :]

    def _configure(self, changes: Body) -> Body:
        self._crm.configure(**changes)
        return self._crm.configuration

    def _faults(self) -> Body:
        known = [
            {"name": f.name, "stage": f.stage, "saved": f.saved, "statement": f.statement} for f in FAULTS.values()
        ]
        return {"waiting": self._crm.waiting_faults(), "known": known}

    def _fail(self, order: Body) -> Body:
        """`{"fault": name, "count": 1, "number": seconds or Retry-After}`."""
        count, number = order.get("count", 1), order.get("number")
        if not isinstance(count, int) or count < 1:
            raise _BadRequest("count must be a positive whole number")
        if number is not None and not isinstance(number, int | float):
            raise _BadRequest("number must be a number: seconds of a delay, or Retry-After")
        self._crm.fail_next(str(order.get("fault")), count, number)
        return self._faults()

    def _clear_faults(self, _: Body) -> Body:
        self._crm.clear_faults()
        return self._faults()

    def _reset(self, _: Body) -> Body:
        self._crm.reset()
        return self._health({})

    def _behaviours(self) -> Body:
        rows = [
            {"id": b.id, "statement": b.statement, "mark": b.mark, "section": b.section} for b in BEHAVIOURS.values()
        ]
        return {"marks": MARKS, "behaviours": rows}


def _object(body: bytes) -> Body:
    """A JSON object, {} for an empty body. Raises _BadRequest."""
    try:
        found = json.loads(body or b"{}")
    except ValueError as error:
        raise _BadRequest(f"the body is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise _BadRequest("the body must be a JSON object")
    return found


def _json(status: int, value: object) -> Response:
    body = json.dumps(value, ensure_ascii=False, default=str).encode()
    return Response(status, body, (("Content-Type", "application/json; charset=utf-8"), *_SAFE))


def admin_handler(crm: "CrmSimulator") -> type[Handler]:
    admin = Admin(crm)

    class AdminHandler(Handler):
        server_version = "crm-simulator"

        def answered(self, method: str) -> Response:
            return admin.answer(method, self.path, dict(self.headers.items()), self.body())

    return AdminHandler
