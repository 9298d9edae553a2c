"""The window on the simulated CRM, on its own port: what it saved and was asked, its settings, faults, and the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tools.simulators.crm.behaviours import BEHAVIOURS, MARKS
from tools.simulators.crm.crm import Crm
from tools.simulators.crm.faults import FAULTS
from tools.simulators.http.admin import KINDS, AdminApi, JsonObject, fault_order
from tools.simulators.http.messages import BadRequest

_PAGE = Path(__file__).parent / "page"
_FILES = {f"/{path.name}": path for path in _PAGE.iterdir() if path.suffix in KINDS} | {"/": _PAGE / "page.html"}


class Admin:
    """What the window can ask and order. `service_url` is where the CRM listens."""

    def __init__(self, crm: Crm, *, host: str, service_url: Callable[[], str]) -> None:
        self._crm = crm
        self._service_url = service_url
        routes: dict[tuple[str, str], Callable[[JsonObject], object]] = {
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
        self.answer = AdminApi(host, routes, _FILES).answer

    def _health(self, _: JsonObject) -> JsonObject:
        crm = self._crm
        return {
            "status": "ok",
            "profile": crm.configuration["profile"],
            "service_url": self._service_url(),
            "leads": crm.lead_count,
            "requests": crm.request_count,
            "pending_tasks": crm.pending_tasks,
        }

    def _requests(self, query: JsonObject) -> list[JsonObject]:
        """All requests on record, or the `last` so many."""
        last = query.get("last", "")
        if last and not str(last).isdecimal():
            raise BadRequest("last must be a whole number")
        return self._crm.requests()[-int(last or 0) :]

    def _configure(self, changes: JsonObject) -> JsonObject:
        self._crm.configure(**changes)
        return self._crm.configuration

    def _faults(self) -> JsonObject:
        known = [
            {"name": f.name, "stage": f.stage, "saved": f.saved, "statement": f.statement} for f in FAULTS.values()
        ]
        return {"waiting": self._crm.waiting_faults(), "known": known}

    def _fail(self, order: JsonObject) -> JsonObject:
        """`{"fault": name, "count": 1, "number": seconds or Retry-After}`."""
        self._crm.fail_next(*fault_order(order))
        return self._faults()

    def _clear_faults(self, _: JsonObject) -> JsonObject:
        self._crm.clear_faults()
        return self._faults()

    def _reset(self, _: JsonObject) -> JsonObject:
        self._crm.reset()
        return self._health({})

    def _behaviours(self) -> JsonObject:
        rows = [
            {"id": b.id, "statement": b.statement, "mark": b.mark, "section": b.section} for b in BEHAVIOURS.values()
        ]
        return {"marks": MARKS, "behaviours": rows}
