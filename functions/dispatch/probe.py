"""Commands to dispatch outside its queue: tell the settings in force, and ask the CRM one question from our static IP.

An operator's tool invokes the function with `{"command": "settings"}` or with `{"command": "probe", "probe": NAME,
"run": RUN}`; only who holds `lambda:InvokeFunction` may. A dry run stays one: then, and while sending is switched off,
only `reach` is served, which carries no lead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from functions.dispatch.bpmsoft import Endpoint, exchange
from functions.dispatch.classify import Exchange, Terms, classify
from functions.dispatch.field_map import field_map
from functions.dispatch.probe_requests import Probe, ProbeRequest, probe_event_id, probe_request
from functions.dispatch.settings import Settings
from functions.dispatch.telemetry import report_probed
from postcall.domain.clock import write_time
from postcall.domain.said import said
from postcall.http.trust import read_bundle

RUN = re.compile(r"[a-z0-9](?:[a-z0-9-]{2,22})[a-z0-9]")  # with the probe's name it fits a column of 50 characters
BODY_SHOWN = 2_000  # characters of what was sent and of what came back
TOLD = ("external_crm_", "crm_", "dispatch_concurrency")  # how the names of these settings begin
Send = Callable[[ProbeRequest, Endpoint], Exchange]
Answer = dict[str, Any]


def serve_command(command: Mapping[str, Any], settings: Settings, *, send: Send | None = None) -> Answer:
    """Serve one command; what cannot be served is answered as `{"refused": sentence}`."""
    match command.get("command"):
        case "settings":
            return told_settings(settings)
        case "probe":
            return _probe(command, settings, send or _send)
    return {"refused": said("dispatch.no_probe_command")}


def told_settings(settings: Settings) -> Answer:
    """The settings in force towards the CRM, under their variables' names, and the field map. None is a secret."""
    names = [field.name for field in fields(settings) if field.name.startswith(TOLD)]
    values = {name.upper(): _plain(getattr(settings, name)) for name in names}
    return {
        "settings": values | {"CRM_REFERER": settings.referer},
        "ca_bundle_expires_at": _expiry(settings.crm_ca_bundle),
        "field_map": [asdict(row) for row in field_map(settings.crm_field_map)],
    }


def _expiry(bundle: Path | None) -> str | None:
    """When the first of the CRM's own authorities ends; None without a file of them."""
    ends = read_bundle(bundle).expires_at if bundle else None
    return write_time(ends) if ends else None


def _probe(command: Mapping[str, Any], settings: Settings, send: Send) -> Answer:
    name, run = command.get("probe"), command.get("run")
    if not isinstance(name, str) or name not in set(Probe):
        return {"refused": said("dispatch.no_probe", known=", ".join(Probe))}
    if not isinstance(run, str) or not RUN.fullmatch(run):
        return {"refused": said("dispatch.probe_run")}
    probe = Probe(name)
    held = _held(settings)
    if held is not None and probe is not Probe.REACH:
        return {"refused": said("dispatch.probe_held", held=held)}
    endpoint = _endpoint(settings)
    request = probe_request(probe, run, endpoint=endpoint, landing_id=settings.crm_landing_id)
    found = send(request, endpoint)
    report_probed(probe, run, http_status=found.status, transport=found.transport)
    return {"probe": probe, "run": run, "event_id": probe_event_id(probe, run)} | _report(
        request, found, endpoint, settings
    )


def _held(settings: Settings) -> str | None:
    if not settings.external_crm_enabled:
        return "EXTERNAL_CRM_ENABLED=false"
    return "EXTERNAL_CRM_DRY_RUN=true" if settings.external_crm_dry_run else None


def _endpoint(settings: Settings) -> Endpoint:
    return Endpoint(
        url=settings.crm_service_url,
        origin=settings.crm_trusted_origin,
        referer=settings.referer,
        timeout=settings.crm_timeout_seconds,
        ca_bundle=settings.crm_ca_bundle,
    )


def _report(request: ProbeRequest, found: Exchange, endpoint: Endpoint, settings: Settings) -> Answer:
    report: Answer = {
        "lead_id": request.lead_id,
        "request": {
            "method": request.method,
            "url": endpoint.url,
            "headers": dict(request.headers),
            "body": request.body[:BODY_SHOWN],
            "body_bytes": len(request.body.encode()),
        },
        "transport": found.transport,
        "http_status": found.status,
        "answer": found.text[:BODY_SHOWN],
        "error": found.error,
        "duration_ms": found.duration_ms,
    }
    if request.method != "POST":
        return report | {"outcome": None, "detail": None}
    terms = Terms(request.wire_format, settings.crm_deduplication, sends_contact_fields=request.contact_section)
    verdict = classify(found, terms)
    return report | {"outcome": verdict.outcome, "detail": verdict.detail}


def _send(request: ProbeRequest, endpoint: Endpoint) -> Exchange:
    return exchange(endpoint, request.method, request.headers, request.body.encode())


def _plain(value: Any) -> Any:  # noqa: ANN401 — a setting's own type
    return str(value) if isinstance(value, str | Path) else value
