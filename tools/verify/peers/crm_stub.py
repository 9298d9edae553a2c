"""The CRM that every system delivers to: it makes a lead of each body it reads, whoever waits for the answer.

`python -m tools.verify.peers.crm_stub --port N --control-port M`. On `--port` any POST is a lead, as in the letter.
On the control port: `POST /behaviour` (see `Behaviour`), `GET /journal`. It is limited: so many leads at a time, each
taking so long. A process of its own, so that its work is not the sender's.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import re
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

from tools.simulators.crm.server import Listener

HOST = "127.0.0.1"
EVENT_ID = re.compile(rb"conv_[0-9a-z]{28}")
SAVED = {"SaveWebFormObjectDataResult": '{resultMessage:"Data successfully saved",resultCode:0}'}


@dataclasses.dataclass(frozen=True)
class Behaviour:
    """How it behaves from now on.

    A lead takes `lead_seconds`, at most `at_once` at a time. The first `late_times` requests for an event have their
    lead as usual and their answer `late_seconds` later. `down` refuses connections.
    """

    lead_seconds: float = 0.02
    at_once: int = 8
    late_times: int = 0
    late_seconds: float = 0.0
    down: bool = False


class Crm:
    """The stub's state; several threads use it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._lock = threading.Lock()
        self._listener: Listener | None = None
        self._leads: list[str] = []
        self._in_flight = 0
        self.behave(Behaviour())

    def behave(self, behaviour: Behaviour) -> None:
        """Behave otherwise from now on; open connections are cut when it goes down."""
        with self._lock:
            self._behaviour = behaviour
            self._slots = threading.Semaphore(behaviour.at_once)
        if behaviour.down and self._listener is not None:
            self._listener.stop()
            self._listener = None
        elif not behaviour.down and self._listener is None:
            self._listener = Listener(HOST, self._port, _handler(LeadHandler, self))
            self._listener.start()

    def take(self, body: bytes) -> None:
        """Make the lead of a body; returns when its answer is due."""
        found = EVENT_ID.search(body)
        event = found.group().decode() if found else "?"
        with self._lock:
            self._in_flight += 1
            behaviour, slots = self._behaviour, self._slots
        with slots:
            time.sleep(behaviour.lead_seconds)
            with self._lock:
                self._leads.append(event)
                late = self._leads.count(event) <= behaviour.late_times
        if late:
            time.sleep(behaviour.late_seconds)
        with self._lock:
            self._in_flight -= 1

    def journal(self) -> dict[str, Any]:
        """The event id of every lead, in order, and how many requests are being worked on."""
        with self._lock:
            return {"leads": list(self._leads), "in_flight": self._in_flight}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    crm: ClassVar[Crm]

    def read(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, value: object) -> None:
        body = json.dumps(value).encode()
        self.wfile.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s"
            % (len(body), body)
        )

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the base class's name
        """Nothing: the journal is the log."""


class LeadHandler(_Handler):
    """Where leads arrive."""

    def do_POST(self) -> None:
        """Make a lead; answer as the letter says."""
        self.crm.take(self.read())
        self.answer(SAVED)


class ControlHandler(_Handler):
    """Where the comparison asks and orders."""

    def do_GET(self) -> None:
        """The journal."""
        self.answer(self.crm.journal())

    def do_POST(self) -> None:
        """Another behaviour."""
        self.crm.behave(Behaviour(**json.loads(self.read())))
        self.answer({})


def _handler(kind: type[_Handler], crm: Crm) -> type[_Handler]:
    return type(kind.__name__, (kind,), {"crm": crm})


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m tools.verify.peers.crm_stub", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--control-port", type=int, required=True)
    arguments = parser.parse_args()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    Listener(HOST, arguments.control_port, _handler(ControlHandler, Crm(arguments.port))).start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
