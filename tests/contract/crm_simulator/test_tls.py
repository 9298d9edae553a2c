"""TLS: a client that verifies gets through with the private CA's file, and past none of the bad certificates."""

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.contract.crm_simulator.calls import REFERER, web_form
from tools.simulators.crm.certificates import TlsMode
from tools.simulators.crm.simulator import CrmSimulator

Start = Callable[[TlsMode], CrmSimulator]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[CrmSimulator] = []

    def begin(mode: TlsMode) -> CrmSimulator:
        crm = CrmSimulator(profile="stock", tls=mode, tls_dir=tmp_path)
        started.append(crm)
        crm.start()
        return crm

    yield begin
    for crm in started:
        crm.close()


def post(crm: CrmSimulator, ca_file: Path | None) -> httpx.Response:
    context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    with httpx.Client(verify=context, trust_env=False, timeout=5) as client:
        return client.post(crm.service_url, json=web_form({"Contact": "Иван"}), headers={"Referer": REFERER})


def test_the_private_ca_is_trusted_by_its_file(start: Start) -> None:
    crm = start("private-ca")
    assert crm.service_url.startswith("https://127.0.0.1:")
    assert post(crm, crm.ca_file).status_code == 200
    assert len(crm.leads()) == 1


@pytest.mark.parametrize(
    ("mode", "with_file", "reason"),
    [
        ("private-ca", False, "unable to get local issuer certificate"),
        ("self-signed", False, "self-signed certificate"),
        ("expired", True, "certificate has expired"),
        ("wrong-host", True, "IP address mismatch"),
    ],
)
def test_a_bad_certificate_is_refused_for_its_one_fault(
    start: Start, mode: TlsMode, reason: str, *, with_file: bool
) -> None:
    crm = start(mode)
    with pytest.raises(httpx.ConnectError, match=reason):
        post(crm, crm.ca_file if with_file else None)
    assert crm.requests() == []


def test_the_private_key_is_for_its_owner_alone(start: Start, tmp_path: Path) -> None:
    start("private-ca")
    assert (tmp_path / "server.key").stat().st_mode & 0o077 == 0


def test_a_client_that_speaks_no_tls_does_not_hold_up_the_others(start: Start) -> None:
    crm = start("private-ca")
    with httpx.Client(trust_env=False) as client, pytest.raises(httpx.TransportError):
        client.get(crm.base_url.replace("https", "http"))
    assert post(crm, crm.ca_file).status_code == 200


def test_tls_needs_a_directory() -> None:
    with pytest.raises(ValueError, match="tls_dir"):
        CrmSimulator(tls="private-ca")
