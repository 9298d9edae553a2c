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
from typing import Any

from tools.simulators.http.messages import Request, Response, json_response
from tools.simulators.http.server import Listener

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
            self._listener = Listener(self.lead, host=HOST, port=self._port)
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

    def lead(self, request: Request) -> Response:
        """Where leads arrive: any body is one, answered as the letter says."""
        self.take(request.body)
        return json_response(200, SAVED)

    def control(self, request: Request) -> Response:
        """Where the comparison asks for the journal and orders another behaviour."""
        if request.method == "GET":
            return json_response(200, self.journal())
        self.behave(Behaviour(**json.loads(request.body)))
        return json_response(200, {})


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m tools.verify.peers.crm_stub", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--control-port", type=int, required=True)
    arguments = parser.parse_args()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    Listener(Crm(arguments.port).control, host=HOST, port=arguments.control_port).start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
