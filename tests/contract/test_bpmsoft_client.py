"""What the HTTP client to the CRM never does, seen from the server's side of the connection."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from functions.dispatch.bpmsoft import BpmsoftCrm, Endpoint
from functions.dispatch.classify import Terms
from postcall.domain.outcome import Outcome

SAVED = b'{"SaveWebFormObjectDataResult":"{resultCode:0}"}'


class Server(ThreadingHTTPServer):
    """Answers every request the same way; keeps what it got and from how many connections."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status, self.headers, self.body = 200, {"Content-Type": "application/json"}, SAVED
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.connections: set[tuple[str, int]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append((self.command, dict(self.headers.items())))
        self.server.connections.add(self.client_address)
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    do_GET = do_POST  # noqa: N815 — the base class names it so

    def log_message(self, *_arguments: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def crm(server: Server) -> Iterator[BpmsoftCrm]:
    client = BpmsoftCrm(Endpoint(server.url, "https://a.example", "https://a.example/", 5), Terms())
    yield client
    client.close()


def test_a_burst_goes_over_one_connection(server: Server, crm: BpmsoftCrm) -> None:
    assert [crm.send("{}").outcome for _ in range(4)] == [Outcome.DELIVERED] * 4
    assert len(server.connections) == 1


def test_a_cookie_is_never_sent_back(server: Server, crm: BpmsoftCrm) -> None:
    server.headers["Set-Cookie"] = "session=1; Path=/"
    crm.send("{}")
    crm.send("{}")
    assert all("Cookie" not in headers for _, headers in server.requests)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(server: Server, crm: BpmsoftCrm, status: int) -> None:
    server.status, server.headers["Location"] = status, server.url + "elsewhere"
    assert crm.send("{}").outcome is Outcome.REJECTED_CONFIGURATION
    assert len(server.requests) == 1


def test_a_proxy_of_the_environment_is_not_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")
    client = BpmsoftCrm(Endpoint(server.url, "https://a.example", "https://a.example/", 5), Terms())
    assert client.send("{}").outcome is Outcome.DELIVERED
    client.close()


def test_a_packed_answer_is_not_unpacked(server: Server, crm: BpmsoftCrm) -> None:
    server.headers["Content-Encoding"], server.body = "gzip", gzip.compress(b"0" * 50_000_000)
    verdict = crm.send("{}")
    assert verdict.outcome is Outcome.UNKNOWN
    assert len(verdict.answer or "") <= 65_536
    assert server.requests[0][1]["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("charset", ["base64", "hex", "idna", "undefined", "nonsense", "utf-16"])
def test_a_strange_charset_is_an_answer_like_any_other(server: Server, crm: BpmsoftCrm, charset: str) -> None:
    server.headers["Content-Type"] = f"application/json; charset={charset}"
    assert crm.send("{}").outcome is Outcome.DELIVERED
