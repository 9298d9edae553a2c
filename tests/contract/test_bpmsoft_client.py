"""What the client to the CRM makes of answers that no CRM should give, and never sends itself."""

from __future__ import annotations

import gzip
import ssl
from pathlib import Path

import pytest

from functions.dispatch.bpmsoft import BpmsoftCrm, Endpoint
from functions.dispatch.classify import Terms
from postcall.domain.outcome import Outcome, Verdict
from tests.support.fakes.raw_server import Play, RawServer, answer, resets, sends
from tools.simulators.crm.certificates import prepare

SAVED = '{"SaveWebFormObjectDataResult":"{resultMessage:\\"Данные успешно сохранены\\",resultCode:0}"}'
LANDING_OFF = '{"SaveWebFormObjectDataResult":"{resultMessage:\\"Лендинг отключен в данный момент\\",resultCode:-1}"}'
JSON = "Content-Type: application/json"


def crm_at(url: str, ca_bundle: Path | None = None) -> BpmsoftCrm:
    return BpmsoftCrm(Endpoint(url, "https://a.example", "https://a.example/", 5, ca_bundle), Terms())


def verdict_on(play: Play) -> Verdict:
    with RawServer(play) as server:
        return crm_at(server.url).send("{}")


def test_a_cookie_is_never_sent_back() -> None:
    with RawServer(sends(answer(SAVED.encode(), JSON, "Set-Cookie: session=1; Path=/"))) as server:
        crm = crm_at(server.url)
        assert [crm.send("{}").outcome for _ in range(2)] == [Outcome.DELIVERED] * 2
    assert all(b"cookie" not in request.lower() for request in server.requests)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_wrong_address(status: int) -> None:
    sent = answer(b"", "Location: https://elsewhere.example/", status=f"{status} Elsewhere")
    assert verdict_on(sends(sent)).outcome is Outcome.REJECTED_CONFIGURATION


@pytest.mark.parametrize("report", [SAVED, LANDING_OFF])
@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8", "utf-16"),
        ("utf-16", "utf-16-le"),
        ("utf-16", "utf-16"),
        ("utf-16be", "utf-16-be"),
        ("windows-1251", "cp1251"),
        ('"Windows-1251"', "cp1251"),
        ("koi8-r", "koi8-r"),
        ("windows-1251", "utf-8"),
        ("base64", "utf-8"),
        ("idna", "utf-8"),
        ("undefined", "utf-8"),
        ("nonsense", "utf-8"),
        ("utf-16", "utf-8"),
    ],
)
def test_an_answer_is_read_in_whatever_it_was_written(report: str, charset: str, codec: str) -> None:
    sent = answer(report.encode(codec), f"Content-Type: application/json; charset={charset}")
    expected = Outcome.DELIVERED if report is SAVED else Outcome.REJECTED_CONFIGURATION
    assert verdict_on(sends(sent)).outcome is expected


def test_a_packed_answer_is_read_and_a_bomb_is_not_unpacked() -> None:
    packed = answer(gzip.compress(SAVED.encode()), "Content-Encoding: gzip")
    assert verdict_on(sends(packed)).outcome is Outcome.DELIVERED
    bomb = verdict_on(sends(answer(gzip.compress(b"0" * 50_000_000), "Content-Encoding: gzip")))
    assert bomb.outcome is Outcome.UNKNOWN
    assert len(bomb.answer or "") <= 65_536


def test_what_lies_behind_an_answer_is_nobodys_answer() -> None:
    refused = answer(LANDING_OFF.encode(), JSON) + answer(SAVED.encode(), JSON)
    with RawServer(sends(refused)) as server:
        crm = crm_at(server.url)
        assert [crm.send("{}").outcome for _ in range(3)] == [Outcome.REJECTED_CONFIGURATION] * 3


@pytest.mark.parametrize(
    "header",
    [
        "9" * 400,
        "1" + "0" * 4_000,
        "-1",
        "1e400",
        "soon",
        "",
        "Wed, 21 Oct 99999 07:28:00 GMT",
        "Mon, 01 Jan 0001 00:00:00",
        "\xff",
    ],
)
def test_no_retry_after_can_hurt(header: str) -> None:
    verdict = verdict_on(sends(answer(b"", f"Retry-After: {header}", status="503 Busy")))
    assert verdict.outcome is Outcome.UNAVAILABLE
    assert verdict.retry_after is None or 0 <= verdict.retry_after <= 3_600


def test_a_status_that_says_enough_needs_no_whole_body() -> None:
    assert verdict_on(sends(answer(b"busy", status="503 Busy", length=9))).outcome is Outcome.UNAVAILABLE
    assert (
        verdict_on(sends(answer(b"<html>", status="404 Not Found", length=9))).outcome is Outcome.REJECTED_CONFIGURATION
    )


@pytest.mark.parametrize("length", [len(SAVED.encode()) + 1, 1_000])
def test_half_an_answer_is_no_success(length: int) -> None:
    assert verdict_on(sends(answer(SAVED.encode(), JSON, length=length))).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("play", [sends(), resets, sends(b"220 smtp.example ready\r\n"), sends(b"HTTP/1.1 20")])
def test_what_is_no_answer_is_unknown(play: Play) -> None:
    assert verdict_on(play).outcome is Outcome.UNKNOWN


def test_a_wanted_client_certificate_is_named_and_surely_created_nothing(tmp_path: Path) -> None:
    context, ca_file = prepare("private-ca", tmp_path)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(ca_file)
    with RawServer(sends(answer(SAVED.encode(), JSON)), tls=context) as server:
        verdict = crm_at(server.url, ca_file).send("{}")
    assert verdict.outcome is Outcome.UNAVAILABLE
    assert "certificate required" in verdict.detail


def test_an_address_that_is_not_public_is_refused_before_anything_is_sent() -> None:
    verdict = crm_at("https://169.254.169.254/latest/meta-data").send("{}")
    assert verdict.outcome is Outcome.REJECTED_CONFIGURATION
    assert "CRM_SERVICE_URL" in verdict.detail
