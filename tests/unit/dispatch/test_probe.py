"""The commands to dispatch: a closed list of marked requests, and a dry run that stays one."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from functions.dispatch.bpmsoft import Endpoint
from functions.dispatch.classify import Exchange, TransportResult
from functions.dispatch.probe import RUN, serve_command
from functions.dispatch.probe_requests import Probe, ProbeRequest, probe_event_id, probe_request
from functions.dispatch.settings import Settings
from functions.dispatch.wire import lead_id
from postcall.settings import read_settings
from tools.simulators.crm.simulator import CrmSimulator

LANDING = "cd8c698b-4b42-4a47-aaf4-7a9e72a0344b"
ENDPOINT = Endpoint("https://crm.example.com/save", "https://mir.utlik.pro", "https://mir.utlik.pro/", timeout=5)
ASKING = [probe for probe in Probe if probe is not Probe.REACH]


def settings(url: str = ENDPOINT.url, **variables: str) -> Settings:
    needed = [field.name.upper() for field in dataclasses.fields(Settings) if field.default is dataclasses.MISSING]
    given = {
        "EVENT_TTL_DAYS": "30",
        "EXTERNAL_CRM_ENABLED": "true",
        "EXTERNAL_CRM_DRY_RUN": "false",
        "CRM_SERVICE_URL": url,
        "CRM_LANDING_ID": LANDING,
        "CRM_TRUSTED_ORIGIN": "https://mir.utlik.pro",
        "CRM_TIMEOUT_SECONDS": "2",
    }
    return read_settings(Settings, dict.fromkeys(needed, "unused") | given | variables)


def never(_request: ProbeRequest, _endpoint: Endpoint) -> Exchange:
    raise AssertionError("nothing may be sent")


def ask(probe: str, *, send: Callable[[ProbeRequest, Endpoint], Exchange] = never, **variables: str) -> dict[str, Any]:
    order = {"command": "probe", "probe": probe, "run": "20261124-1200-ab"}
    return serve_command(order, settings(**variables), send=send)


def request(probe: Probe) -> ProbeRequest:
    return probe_request(probe, "20261124-1200-ab", endpoint=ENDPOINT, landing_id=LANDING)


@pytest.mark.parametrize("probe", ASKING)
def test_every_lead_is_marked_as_a_test_and_can_be_found(probe: Probe) -> None:
    body = request(probe).body
    event_id = probe_event_id(probe, "20261124-1200-ab")
    assert event_id.startswith("uat-")
    assert len(event_id) <= 50, "it fits a short column of the CRM"
    assert "UAT Postcall" in body
    assert f"event={event_id}," in body
    assert {"name": "UsrEventId", "value": event_id} in fields(body)


def fields(body: str) -> list[dict[str, str]]:
    document = json.loads(body)
    found: list[dict[str, str]] = document.get("fields") or document["formData"]["formFieldsData"]
    return found


def test_each_probe_asks_its_one_question() -> None:
    assert set(json.loads(request(Probe.LETTER_BODY).body)) == {"landingId", "fields", "contactFields"}
    assert "Referer" not in request(Probe.ORIGIN_ONLY).headers
    assert request(Probe.REFERER).headers["Referer"] == "https://mir.utlik.pro/"
    assert fields(request(Probe.SAME_ID).body)[0] == {
        "name": "Id",
        "value": lead_id(probe_event_id(Probe.SAME_ID, "20261124-1200-ab")),
    }
    assert {"name": "UsrQualityScore", "value": "четыре"} in fields(request(Probe.BAD_INTEGER).body)
    assert json.loads(request(Probe.CONTACT_FIELDS).body)["formData"]["contactFieldsData"]
    assert {pair["name"] for pair in fields(request(Probe.WITHOUT_CONTACT).body)} == {"Commentary", "UsrEventId"}
    assert 70_000 < len(request(Probe.LARGE_COMMENT).body.encode()) < 72_000
    assert request(Probe.NOT_JSON).headers["Content-Type"] == "text/plain"
    assert request(Probe.REACH).method == "OPTIONS"
    assert request(Probe.REACH).body == ""


@pytest.mark.parametrize("probe", ASKING)
@pytest.mark.parametrize("held", [{"EXTERNAL_CRM_DRY_RUN": "true"}, {"EXTERNAL_CRM_ENABLED": "false"}])
def test_what_sends_no_lead_sends_no_probe_either(probe: Probe, held: dict[str, str]) -> None:
    assert "nothing is sent" in ask(probe, send=never, **held)["refused"]


def test_in_a_dry_run_the_crm_may_still_be_reached_for() -> None:
    seen: list[ProbeRequest] = []

    def send(asked: ProbeRequest, _endpoint: Endpoint) -> Exchange:
        seen.append(asked)
        return Exchange(TransportResult.ANSWERED, status=200, duration_ms=3)

    found = ask("reach", send=send, EXTERNAL_CRM_DRY_RUN="true")
    assert found["http_status"] == 200
    assert [asked.body for asked in seen] == [""]


@pytest.mark.parametrize(
    "order",
    [
        {"command": "delete"},
        {"command": ["probe"]},
        {"command": "probe", "run": "abcd"},
        {"command": "probe", "probe": "anything", "run": "abcd"},
        {"command": "probe", "probe": "reach"},
        {"command": "probe", "probe": "reach", "run": "a"},
        {"command": "probe", "probe": "reach", "run": 'abcd"},{'},
        {"command": "probe", "probe": "reach", "run": "a" * 25},
    ],
)
def test_whatever_is_not_on_the_list_is_refused(order: dict[str, Any]) -> None:
    assert set(serve_command(order, settings(), send=never)) == {"refused"}


def test_the_longest_run_still_fits_the_crms_column() -> None:
    run = "a" * 24
    assert RUN.fullmatch(run)
    assert max(len(probe_event_id(probe, run)) for probe in Probe) <= 50


def test_the_settings_in_force_are_told_and_can_be_written_as_json() -> None:
    report = serve_command({"command": "settings"}, settings(CRM_WIRE_FORMAT="web_form", CRM_FIELD_MAP="stock"))
    assert json.loads(json.dumps(report))["settings"]["CRM_WIRE_FORMAT"] == "web_form"
    assert report["settings"]["CRM_REFERER"] == "https://mir.utlik.pro/"
    assert {row["name"] for row in report["field_map"]} >= {"Name", "MobilePhone", "UsrEventId"}
    assert {"EXTERNAL_CRM_DRY_RUN", "CRM_CA_BUNDLE", "DISPATCH_CONCURRENCY"} <= set(report["settings"])
    assert not [name for name in report["settings"] if "TABLE" in name or "QUEUE" in name]


STOCK_ANSWERS = {
    Probe.REACH: None,
    Probe.LETTER_BODY: "rejected_contract",
    Probe.ORIGIN_ONLY: "rejected_configuration",
    Probe.REFERER: "delivered",
    Probe.SAME_ID: "delivered",
    Probe.BAD_INTEGER: "partial",
    Probe.CONTACT_FIELDS: "accepted_unconfirmed",
    Probe.WITHOUT_CONTACT: "delivered",
    Probe.LARGE_COMMENT: "rejected_data",
    Probe.NOT_JSON: "rejected_contract",
}


def test_a_stock_server_answers_each_probe_as_the_contract_says() -> None:
    with CrmSimulator(profile="after-columns-added") as crm:
        found = {probe: serve_command(_order(probe), settings(crm.service_url)) for probe in Probe}
        retry = serve_command(_order(Probe.SAME_ID), settings(crm.service_url))
        crm.wait_until_idle()
        leads = {lead["event_id"]: lead for lead in crm.leads()}
    assert {probe: report["outcome"] for probe, report in found.items()} == STOCK_ANSWERS
    assert all(report["transport"] == "answered" for report in found.values())
    assert retry["outcome"] == "delivered"
    assert (leads[retry["event_id"]]["created"], leads[retry["event_id"]]["updated"]) == (1, 1)
    assert leads[retry["event_id"]]["id"] == retry["lead_id"]


def _order(probe: Probe) -> dict[str, Any]:
    return {"command": "probe", "probe": probe.value, "run": "20261124-1200-ab"}


def test_what_is_told_of_a_large_request_is_cut() -> None:
    with CrmSimulator() as crm:
        report = serve_command(_order(Probe.LARGE_COMMENT), settings(crm.service_url))
    assert report["request"]["body_bytes"] > 70_000
    assert len(report["request"]["body"]) == 2_000


def test_nobody_listening_sent_nothing() -> None:
    with CrmSimulator() as crm:
        url = crm.service_url
    report = serve_command(_order(Probe.REFERER), settings(url))
    assert (report["transport"], report["outcome"]) == ("not_sent", "unavailable")


def test_a_certificate_nobody_knows_sent_nothing(tmp_path: Path) -> None:
    with CrmSimulator(tls="self-signed", tls_dir=tmp_path) as crm:
        report = serve_command(_order(Probe.REFERER), settings(crm.service_url))
        assert crm.requests() == []
    assert report["transport"] == "certificate_refused"


def test_a_private_ca_is_trusted_when_it_is_named(tmp_path: Path) -> None:
    with CrmSimulator(tls="private-ca", tls_dir=tmp_path) as crm:
        report = serve_command(_order(Probe.REFERER), settings(crm.service_url, CRM_CA_BUNDLE=str(crm.ca_file)))
    assert report["outcome"] == "delivered"


def test_a_lost_answer_is_unknown() -> None:
    with CrmSimulator() as crm:
        crm.fail_next("close_after_commit")
        report = serve_command(_order(Probe.REFERER), settings(crm.service_url))
    assert (report["transport"], report["outcome"]) == ("maybe_sent", "unknown")


def test_a_slow_crm_is_not_waited_for_longer_than_the_setting() -> None:
    with CrmSimulator() as crm:
        crm.fail_next("delay_after_commit", number=5)
        report = serve_command(_order(Probe.REFERER), settings(crm.service_url, CRM_TIMEOUT_SECONDS="0.3"))
    assert report["transport"] == "maybe_sent"
    assert report["duration_ms"] < 2_000
