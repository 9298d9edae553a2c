"""The real HTTP client against the simulated CRM: what each thing the CRM or the network may do is taken for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from functions.dispatch.bpmsoft import BpmsoftCrm, Endpoint
from functions.dispatch.classify import Terms
from functions.dispatch.field_map import field_map
from functions.dispatch.settings import WireFormat
from functions.dispatch.wire import Wire, compose, lead_id
from postcall.domain.deduplication import Deduplication
from postcall.domain.outcome import Outcome, Verdict
from tests.support.builders import CONVERSATION, any_analysis, any_event
from tools.local.ports import free_port
from tools.simulators.crm.simulator import CrmSimulator

LANDING = "cd8c698b-4b42-4a47-aaf4-7a9e72a0344b"
ORIGIN = "https://mir.utlik.pro"
LETTER = Wire(LANDING, field_map("letter"))
STOCK = Wire(LANDING, field_map("stock"), WireFormat.WEB_FORM, Deduplication.LEAD_ID)


@contextmanager
def client(
    url: str, *, wire: Wire = LETTER, timeout: float = 5.0, ca: Path | None = None, referer: str = f"{ORIGIN}/"
) -> Iterator[BpmsoftCrm]:
    terms = Terms(wire.wire_format, wire.deduplication, sends_contact_fields=wire.sends_contact_fields)
    yield BpmsoftCrm(Endpoint(url, ORIGIN, referer, timeout, ca), terms)


def send(simulator: CrmSimulator, *, wire: Wire = LETTER, event_id: str = CONVERSATION, **options: Any) -> Verdict:
    with client(simulator.service_url, wire=wire, **options) as crm:
        return crm.send(compose(any_event(event_id), any_analysis(), wire=wire).payload)


def test_the_letters_body_makes_one_lead_with_every_value() -> None:
    with CrmSimulator() as simulator:
        verdict = send(simulator)
        (lead,) = simulator.leads()
        (request,) = simulator.requests()
    assert (verdict.outcome, verdict.http_status) == (Outcome.DELIVERED, 200)
    assert verdict.duration_ms is not None
    assert "resultCode:0" in (verdict.answer or "")
    headers = {name.lower(): value for name, value in dict(request["headers"]).items()}
    assert (headers["origin"], headers["referer"]) == (ORIGIN, f"{ORIGIN}/")
    assert headers["content-type"] == "application/json; charset=utf-8"
    assert "cookie" not in headers
    text = json.dumps(lead, ensure_ascii=False)
    for value in ("+375291234567", "user@example.com", "Иван Иванов", "Покупка квартиры", CONVERSATION):
        assert value in text


def test_a_stock_server_does_not_understand_the_letter_and_says_so_in_its_way() -> None:
    with CrmSimulator(profile="stock") as simulator:
        verdict = send(simulator)
        assert simulator.leads() == []
    assert verdict.outcome is Outcome.REJECTED_CONTRACT
    assert "CRM_WIRE_FORMAT=web_form" in verdict.detail


def test_a_stock_server_takes_the_web_form_and_a_repeat_updates_the_same_lead() -> None:
    with CrmSimulator(profile="after-columns-added") as simulator:
        assert send(simulator, wire=STOCK).outcome is Outcome.DELIVERED
        assert send(simulator, wire=STOCK).outcome is Outcome.DELIVERED
        (lead,) = simulator.leads()
    assert lead_id(CONVERSATION) in json.dumps(lead)


def test_only_the_origin_is_not_enough_for_a_stock_server() -> None:
    with CrmSimulator(profile="after-columns-added") as simulator:
        verdict = send(simulator, wire=STOCK, referer="https://somebody.else.example/")
        assert simulator.leads() == []
    assert verdict.outcome is Outcome.REJECTED_CONFIGURATION
    assert "CRM_REFERER" in verdict.detail


FAULTS = {
    "http_401": Outcome.REJECTED_CONFIGURATION,
    "http_403": Outcome.REJECTED_CONFIGURATION,
    "http_404": Outcome.REJECTED_CONFIGURATION,
    "http_408": Outcome.UNAVAILABLE,
    "http_413": Outcome.REJECTED_DATA,
    "http_429": Outcome.UNAVAILABLE,
    "http_500": Outcome.UNKNOWN,
    "http_502": Outcome.UNKNOWN,
    "http_503": Outcome.UNAVAILABLE,
    "redirect_to_login": Outcome.REJECTED_CONFIGURATION,
    "login_page": Outcome.UNKNOWN,
    "empty_result": Outcome.REJECTED_CONTRACT,
    "preprocess_error": Outcome.UNAVAILABLE,
    "landing_off": Outcome.REJECTED_CONFIGURATION,
    "close_before_commit": Outcome.UNKNOWN,
    "deadlock_before_commit": Outcome.UNKNOWN,
    "close_after_commit": Outcome.UNKNOWN,
    "http_500_after_commit": Outcome.UNKNOWN,
    "http_502_after_commit": Outcome.UNKNOWN,
    "http_504_after_commit": Outcome.UNKNOWN,
    "deadlock_after_commit": Outcome.UNKNOWN,
    "post_handler_error": Outcome.DELIVERED_WITH_WARNING,
    "not_json": Outcome.UNKNOWN,
    "missing_result": Outcome.UNKNOWN,
    "null_result": Outcome.UNKNOWN,
    "unreadable_result": Outcome.UNKNOWN,
    "unknown_code": Outcome.UNKNOWN,
}


@pytest.mark.parametrize(("fault", "outcome"), FAULTS.items())
@pytest.mark.parametrize(("profile", "wire"), [("as-in-the-letter", LETTER), ("after-columns-added", STOCK)])
def test_each_fault_is_taken_for_what_it_is(fault: str, outcome: Outcome, profile: str, wire: Wire) -> None:
    with CrmSimulator(profile=profile) as simulator:
        simulator.fail_next(fault)
        verdict = send(simulator, wire=wire)
        saved = len(simulator.leads())
    assert verdict.outcome is outcome
    if saved:  # a lead that is there is never taken for one that may safely be sent again
        assert outcome not in {Outcome.UNAVAILABLE, Outcome.REJECTED_CONFIGURATION, Outcome.REJECTED_CONTRACT}


@pytest.mark.parametrize("fault", ["delay_before_commit", "delay_after_commit", "slow_drip"])
def test_the_deadline_is_total_and_what_is_late_is_unknown(fault: str) -> None:
    with CrmSimulator() as simulator:
        simulator.fail_next(fault, number=0.4)
        verdict = send(simulator, timeout=0.3)
    assert verdict.outcome is Outcome.UNKNOWN
    assert verdict.duration_ms is not None
    assert 250 <= verdict.duration_ms < 2_000


def test_the_crms_retry_after_is_kept() -> None:
    with CrmSimulator() as simulator:
        simulator.fail_next("http_503", number=17)
        assert send(simulator).retry_after == 17


def test_nobody_listening_is_certainly_not_sent() -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    with client(url) as crm:
        verdict = crm.send("{}")
    assert (verdict.outcome, verdict.answer) == (Outcome.UNAVAILABLE, "ConnectionRefusedError")


def test_an_unknown_name_is_certainly_not_sent() -> None:
    with client("https://crm.invalid/") as crm:
        assert crm.send("{}").outcome is Outcome.UNAVAILABLE


@pytest.mark.parametrize("tls", ["self-signed", "expired", "wrong-host", "private-ca"])
def test_a_certificate_nobody_vouches_for_is_refused_before_anything_is_sent(tls: Any, tmp_path: Path) -> None:
    with CrmSimulator(tls=tls, tls_dir=tmp_path) as simulator:
        verdict = send(simulator)
        assert simulator.requests() == []
    assert verdict.outcome is Outcome.REJECTED_CONFIGURATION
    assert "CRM_CA_BUNDLE" in verdict.detail


def test_a_private_authority_is_trusted_once_it_is_named(tmp_path: Path) -> None:
    with CrmSimulator(tls="private-ca", tls_dir=tmp_path) as simulator:
        assert send(simulator, ca=simulator.ca_file).outcome is Outcome.DELIVERED
