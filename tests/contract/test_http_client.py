"""The one HTTP client against servers that do all that servers do: what came back, and how far an exchange came."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
import zlib
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postcall.http.client import INTERIM_LIMIT, HttpClient
from postcall.http.message import Failure, FailureReason, Request, Response
from tests.support.fakes.raw_server import Play, RawServer, answer, resets, sends
from tools.local.ports import free_port
from tools.simulators.crm.certificates import prepare

LIMIT = 10_000
OK = answer(b"fine")
BOMB = gzip.compress(b"0" * 50_000_000, compresslevel=1, mtime=0)


def exchange(url: str, *, seconds: float = 5.0, ca_bundle: Path | None = None, **members: object) -> Response | Failure:
    request = Request("POST", url, {"Content-Type": "text/plain"}, b"hello")
    return HttpClient(LIMIT, ca_bundle, **members).exchange(request, seconds=seconds)  # type: ignore[arg-type]


def met(play: Play, *, seconds: float = 5.0) -> Response | Failure:
    with RawServer(play) as server:
        return exchange(server.url, seconds=seconds)


def body(found: Response | Failure) -> bytes:
    assert isinstance(found, Response)
    assert found.whole
    return found.body


def failure(found: Response | Failure) -> tuple[FailureReason, bool]:
    assert isinstance(found, Failure)
    return found.reason, found.sent


def test_a_request_goes_out_as_it_is_with_nothing_added_that_remembers() -> None:
    with RawServer(sends(OK)) as server:
        assert body(exchange(server.url)) == b"fine"
        head, _, sent = server.requests[0].partition(b"\r\n\r\n")
    names = {line.split(b":")[0].lower() for line in head.split(b"\r\n")[1:]}
    assert head.startswith(b"POST /save HTTP/1.1\r\n")
    assert names == {b"host", b"accept-encoding", b"connection", b"content-length", b"content-type"}
    assert sent == b"hello"


def test_every_exchange_has_a_connection_of_its_own() -> None:
    stray = OK + answer(b"of nobody's request")
    with RawServer(sends(stray)) as server:
        assert [body(exchange(server.url)) for _ in range(3)] == [b"fine"] * 3
        assert server.connections == 3


def test_no_proxy_and_no_netrc_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password secret", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    with RawServer(sends(OK)) as server:
        assert body(exchange(server.url)) == b"fine"
        assert b"authorization" not in server.requests[0].lower()


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_a_redirect_is_an_answer_and_is_not_followed(status: str) -> None:
    with (
        RawServer(sends(OK)) as elsewhere,
        RawServer(sends(answer(b"", f"Location: {elsewhere.url}", status=status))) as here,
    ):
        found = exchange(here.url)
        assert elsewhere.requests == []
    assert isinstance(found, Response)
    assert found.status == int(status[:3])


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"fine", mtime=0)),
        ("x-gzip", gzip.compress(b"fine", mtime=0)),
        ("GZIP", gzip.compress(b"fine", mtime=0)),
        ("deflate", zlib.compress(b"fine")),
        ("deflate", zlib.compress(b"fine", wbits=-15)),
        ("gzip, gzip", gzip.compress(gzip.compress(b"fine", mtime=0), mtime=0)),
        ("identity", b"fine"),
        ("gzip", b"fine"),
    ],
)
def test_what_comes_packed_though_nobody_asked_is_unpacked(coding: str, packed: bytes) -> None:
    assert body(met(sends(answer(packed, f"Content-Encoding: {coding}")))) == b"fine"


@pytest.mark.parametrize(
    "sent",
    [
        answer(BOMB, "Content-Encoding: gzip"),
        answer(gzip.compress(BOMB, mtime=0), "Content-Encoding: gzip, gzip"),
        answer(b"0" * (LIMIT + 1)),
        answer(b"half", length=8),
        answer(gzip.compress(b"half of it", mtime=0)[:-9], "Content-Encoding: gzip"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nha",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nnonsense",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    ],
)
def test_what_is_too_long_or_broken_off_is_said_to_be_no_whole_answer(sent: bytes) -> None:
    found = met(sends(sent))
    assert isinstance(found, Response)
    assert not found.whole
    assert len(found.body) <= LIMIT


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n" + OK,
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * INTERIM_LIMIT + OK,
        b"HTTP/1.0 200 OK\r\n\r\nfine",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfine\r\n0\r\nX-Trailer: 1\r\n\r\n",
    ],
)
def test_an_unusual_answer_is_an_answer(sent: bytes) -> None:
    assert body(met(sends(sent))) == b"fine"


@pytest.mark.parametrize(
    "sent",
    [
        b"220 mail.example.com ESMTP\r\n",
        b"\x15\x03\x03\x00\x02\x02\x28",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000,
        b"HTTP/1.1 200 OK\r\n" + b"X: 1\r\n" * 50_000,
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nfine",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\n" * (INTERIM_LIMIT + 5),
    ],
)
def test_what_is_no_answer_leaves_open_what_the_server_did(sent: bytes) -> None:
    reason, was_sent = failure(met(sends(sent)))
    assert was_sent
    assert reason in {FailureReason.NOT_HTTP, FailureReason.BROKEN_OFF}


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda tail: b"HTTP/1.1 200 OK\r\n" + tail))
def test_nothing_that_a_server_sends_raises(sent: bytes) -> None:
    assert isinstance(met(sends(sent)), Response | Failure)


def test_a_connection_cut_after_the_request_leaves_open_what_the_server_did() -> None:
    assert failure(met(sends())) == (FailureReason.BROKEN_OFF, True)
    assert failure(met(resets)) == (FailureReason.BROKEN_OFF, True)


def test_an_answer_given_before_the_whole_request_was_read_is_read() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        request = Request("POST", f"http://127.0.0.1:{listening.getsockname()[1]}/", {}, b"x" * 20_000_000)

        def refuse() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1_000)
                connection.sendall(answer(b"", status="413 Too Large"))
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(1_000_000):
                    pass

        thread = Thread(target=refuse)
        thread.start()
        found = HttpClient(LIMIT).exchange(request, seconds=5)
        thread.join()
    assert isinstance(found, Response)
    assert found.status == 413


def test_nobody_listening_and_no_name_are_certainly_not_sent() -> None:
    url = f"http://127.0.0.1:{free_port()}/"
    assert failure(exchange(url)) == (FailureReason.UNREACHABLE, False)
    assert failure(exchange("https://crm.invalid/")) == (FailureReason.UNREACHABLE, False)
    assert failure(exchange(f"https://{'a' * 64}.example/")) == (FailureReason.UNREACHABLE, False)


def test_a_name_that_is_not_found_in_time_is_certainly_not_sent() -> None:
    def slow(_host: str, _port: int, _seconds: float) -> list[object]:
        raise TimeoutError

    assert failure(exchange("https://crm.example/", resolve=slow)) == (FailureReason.TIMED_OUT, False)


def test_a_request_that_http_cannot_carry_is_certainly_not_sent() -> None:
    request = Request("POST", "http://127.0.0.1:9/", {"X": "two\r\nlines"})
    assert failure(HttpClient(LIMIT).exchange(request, seconds=1)) == (FailureReason.UNWRITABLE, False)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104 — an address that is refused
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "2002:a00:1::1",
        "224.0.0.1",
    ],
)
def test_a_name_that_leads_into_a_private_network_is_not_followed_there(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = exchange("https://crm.example/", resolve=lambda *_: [(family, address, 443)])
    assert failure(found) == (FailureReason.ADDRESS_REFUSED, False)


def test_this_machine_may_be_asked_under_its_own_name_only() -> None:
    with RawServer(sends(OK)) as server:
        named = server.url.replace("127.0.0.1", "localhost")
        assert body(exchange(named)) == b"fine"
        where = [(socket.AF_INET, "93.184.215.14", 80)]
        assert failure(exchange(named, resolve=lambda *_: where)) == (FailureReason.ADDRESS_REFUSED, False)


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    return prepare("private-ca", tmp_path)


def test_a_server_that_wants_our_certificate_is_named_as_such(tls: tuple[ssl.SSLContext, Path]) -> None:
    context, ca_file = tls
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(ca_file)
    with RawServer(sends(OK), tls=context) as server:
        found = exchange(server.url, ca_bundle=ca_file)
    assert failure(found) == (FailureReason.HANDSHAKE_FAILED, False)
    assert isinstance(found, Failure)
    assert "certificate required" in found.detail


def test_a_server_that_speaks_no_tls_was_certainly_sent_nothing() -> None:
    with RawServer(sends(OK)) as plain:
        secured = plain.url.replace("http:", "https:")
        assert failure(exchange(secured, seconds=0.2)) == (FailureReason.TIMED_OUT, False)


def test_a_thousand_deadlines_swept_over_an_answers_arrival_leave_nothing_behind() -> None:
    def dawdle(connection: socket.socket) -> None:
        time.sleep(0.003)
        connection.sendall(OK[:20])
        time.sleep(0.002)
        connection.sendall(OK[20:])

    with RawServer(dawdle) as server:
        came = [exchange(server.url, seconds=0.0005 + 0.00001 * number) for number in range(1_000)]
        server.play = sends(OK)
        assert body(exchange(server.url)) == b"fine"
    assert {isinstance(each, Response) and each.whole for each in came} == {True, False}
    assert all(
        each.reason in {FailureReason.TIMED_OUT, FailureReason.BROKEN_OFF} for each in came if isinstance(each, Failure)
    )
