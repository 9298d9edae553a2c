"""A name is looked up beside the deadline; an address is one already."""

from __future__ import annotations

import socket
import threading

import pytest

from postcall.http.address import resolve

PORT = 443


def begun(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """The threads that begin from now on."""
    threads: list[threading.Thread] = []
    start = threading.Thread.start

    def started(thread: threading.Thread) -> None:
        threads.append(thread)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", started)
    return threads


@pytest.mark.parametrize(("address", "family"), [("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)])
def test_an_address_needs_no_look_up_and_no_thread(
    monkeypatch: pytest.MonkeyPatch, address: str, family: socket.AddressFamily
) -> None:
    threads = begun(monkeypatch)
    assert resolve(address, PORT, 1) == [(family, address, PORT)]
    assert threads == []


def test_a_name_is_looked_up_in_a_thread_since_the_resolver_knows_no_time_out(monkeypatch: pytest.MonkeyPatch) -> None:
    threads = begun(monkeypatch)
    assert {address for _, address, _ in resolve("localhost", PORT, 5)} <= {"127.0.0.1", "::1"}
    assert len(threads) == 1


@pytest.mark.parametrize("host", ["", "x" * 64, "no name.invalid"])
def test_what_leads_nowhere_is_told_as_such(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _nowhere)
    with pytest.raises(socket.gaierror):
        resolve(host, PORT, 5)


def _nowhere(host: str, *_: object, **_named: object) -> None:
    host.encode("idna")
    raise socket.gaierror(socket.EAI_NONAME, "")
