"""What is measured of a system: the acknowledgement beside what follows it, and alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest

from tools.verify.peers import measure as measuring
from tools.verify.peers.calls import of_scenario
from tools.verify.peers.crm import CrmStub


@pytest.fixture
def receiver() -> Iterator[Any]:
    """A system without leads; of each call it keeps whether it came while all else rested."""
    came: dict[str, bool] = {}
    system = SimpleNamespace(makes_leads=False, secret="invented", is_resting=False, came=came)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            came[body["data"]["conversation_id"]] = system.is_resting
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    @contextmanager
    def resting() -> Iterator[None]:
        system.is_resting = True
        yield
        system.is_resting = False

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        system.url = f"http://127.0.0.1:{server.server_port}/"
        system.resting, system.megabytes = resting, dict
        yield system
        server.shutdown()


def test_the_acknowledgement_is_measured_beside_what_follows_and_alone(
    receiver: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "REST_SECONDS", 0)
    with CrmStub(tmp_path / "crm.log") as crm:
        speed = measuring.measure(receiver, crm, requests=5, seconds=0.1)
    came = {
        scenario: {rested for name, rested in receiver.came.items() if name.startswith(of_scenario(scenario))}
        for scenario in ("warm", "one", "alone", "many")
    }
    assert came == {"warm": {False}, "one": {False}, "alone": {True}, "many": {False}}
    assert speed.ack_p50_ms > 0
    assert speed.ack_alone_p50_ms > 0
