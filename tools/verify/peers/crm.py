"""The CRM's stub from outside: start it, tell it how to behave, read its journal."""

from __future__ import annotations

import dataclasses
import json
import sys
import urllib.error
import urllib.request
from os import environ
from pathlib import Path
from typing import Any, Self

from tools.local.ports import free_port
from tools.verify.peers import processes
from tools.verify.peers.crm_stub import HOST, Behaviour

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class CrmStub:
    """A stub in a process of its own; a context manager that stops it."""

    def __init__(self, log: Path) -> None:
        self._port, self._control = free_port(), free_port()
        command = [
            *(sys.executable, "-m", "tools.verify.peers.crm_stub"),
            *("--port", str(self._port), "--control-port", str(self._control)),
        ]
        self._started = processes.start(command, log=log, environment=environ)
        processes.wait_until_ready(self._answers, self._started, name="The CRM's stub")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._started.stop()

    @property
    def url(self) -> str:
        """Where leads are posted."""
        return f"http://{HOST}:{self._port}/lead"

    def behave(self, behaviour: Behaviour) -> None:
        """Behave otherwise from now on."""
        self._ask(json.dumps(dataclasses.asdict(behaviour)).encode())

    def leads(self) -> list[str]:
        """The event id of every lead made."""
        leads: list[str] = self._ask()["leads"]
        return leads

    def in_flight(self) -> int:
        """How many requests it is working on, those whose client has gone too."""
        number: int = self._ask()["in_flight"]
        return number

    def _ask(self, body: bytes | None = None) -> dict[str, Any]:
        with _OPENER.open(f"http://{HOST}:{self._control}/", body, timeout=30) as answer:
            value: dict[str, Any] = json.load(answer)
            return value

    def _answers(self) -> bool:
        try:
            self._ask()
        except urllib.error.URLError:
            return False
        return True
