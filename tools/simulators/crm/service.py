"""The CRM's front door: which request reaches the service, what stands before it, and the record of each exchange."""

import json
import re
import time
from urllib.parse import unquote

from tools.simulators.crm import answers
from tools.simulators.crm.background import Background
from tools.simulators.crm.exchange import BadBody, Interrupted, NotDecoded, Unhandled
from tools.simulators.crm.faults import Fault, Injected, Ordered, fault
from tools.simulators.crm.form_data import decoded, form
from tools.simulators.crm.lead_import import Import
from tools.simulators.crm.letter import Letter, is_letter
from tools.simulators.crm.limit import RateLimit
from tools.simulators.crm.profiles import Configuration
from tools.simulators.crm.records import Exchanged, Lead, Records, now
from tools.simulators.crm.web_form import WebForm
from tools.simulators.http.messages import Request, Response

SERVICE = "/ServiceModel/GeneratedObjectWebFormService.svc/SaveWebFormObjectData"
_LEAD = re.compile(r"(/0)?/odata/Lead\(([0-9a-fA-F-]{36})\)")


class Service:
    """The CRM without its sockets: a request in, an answer out (None: the connection is closed without one)."""

    def __init__(self, config: Configuration, background: Background) -> None:
        self.config = config
        self.records = Records(config)
        self.faults = Ordered()
        self.background = background
        self._limit = RateLimit()

    def answer(self, request: Request) -> Response | None:
        config, records, started = self.config, self.records, time.perf_counter()
        is_call = request.method == "POST" and _is_service(request, config)
        body = request.body.decode("utf-8", "replace")
        injected = Injected(self._faults(body) if is_call else {}, self.background.pause, config.culture)
        exchanged = _exchanged(request, body, injected)
        records.write_down(exchanged)
        target = Import(config, records, injected, self.background.pause, exchanged.number)
        try:
            found: Response | None = injected.shaped(self._routed(request, target, is_call=is_call))
        except Interrupted as interruption:
            found = interruption.answer
        exchanged.milliseconds = round((time.perf_counter() - started) * 1000, 3)
        if found is not None:
            exchanged.answer_status, exchanged.answer_body = found.status, found.body.decode("utf-8", "replace")
        return found

    def _faults(self, body: str) -> dict[str, Fault]:
        """What was ordered for this request; and a 429 when it is one too many."""
        taken = self.faults.take(body)
        if not self._limit.admits(self.config.max_requests_per_second):
            taken["http_429"] = fault("http_429")
        return taken

    def reset(self, config: Configuration) -> None:
        """Forget records, faults and tasks."""
        self.background.drop()
        self.faults.clear()
        self.config, self.records = config, Records(config)

    def _routed(self, request: Request, target: Import, *, is_call: bool) -> Response:
        """Raises Interrupted."""
        config = target.config
        if config.ip_allowlist and request.client_ip not in config.ip_allowlist:
            return answers.page(403, "Forbidden", "Your address is not on the list.")
        target.injected.on_arrival()
        if is_call:
            return self._called(request, target)
        if config.odata and request.method == "GET" and (found := _LEAD.fullmatch(_path(request))):
            return _odata(target.records.lead(found[2].lower()))
        if not _is_service(request, config):
            is_other_platform = config.platform == "net8" and _path(request).startswith("/0/")
            return (
                answers.redirect_to_login()
                if is_other_platform
                else answers.page(404, "Not Found", "Resource not found.")
            )
        if request.method == "OPTIONS":
            return Response(200, headers=answers.CORS)
        return answers.page(405, "Method Not Allowed", "Method not allowed.", ("Allow", "POST"))

    def _called(self, request: Request, target: Import) -> Response:
        config = target.config
        if len(request.body) > config.max_message_bytes:
            return Response(413)
        try:
            body = decoded(request.headers.get("content-type", ""), request.body)
            if config.accepts_letter and is_letter(body):
                return Letter(request, target).answer(body)
            return WebForm(request, target, self.background, lambda: self.config).answer(form(body))
        except NotDecoded:
            return Response(400)
        except BadBody:
            return answers.request_error()
        except Unhandled:
            return answers.request_error(400 if config.platform == "netframework" else 500)


def _odata(lead: Lead | None) -> Response:
    """The least of a read: one lead by its key, so that a check "is it there?" can be developed."""
    headers = (("Content-Type", "application/json; odata.metadata=minimal"),)
    if lead is None:
        return Response(404, b'{"error":{"code":"","message":"Not found"}}', headers)
    return Response(200, json.dumps(lead.fields, ensure_ascii=False).encode(), headers)


def _exchanged(request: Request, body: str, injected: Injected) -> Exchanged:
    return Exchanged(
        received_at=now(),
        method=request.method,
        path=request.path,
        headers=dict(request.headers),
        body=body,
        client_ip=request.client_ip,
        faults=injected.names,
    )


def _is_service(request: Request, config: Configuration) -> bool:
    """The service's path may be percent-escaped, and its operation be written in any case."""
    asked, own = unquote(_path(request)).rpartition("/"), (config.base_path + SERVICE).rpartition("/")
    return asked[0] == own[0] and asked[2].lower() == own[2].lower()


def _path(request: Request) -> str:
    return request.path.split("?", 1)[0]
