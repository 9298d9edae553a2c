"""The fault proxy: `microburst` between the functions and the emulated AWS, told over its control interface."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tools.local import processes, services
from tools.local.ports import HOST, free_port
from tools.verify.chaos.rules import Rule

SECONDS_TO_START = 20.0
SERVICES = ("DYNAMODB", "SQS", "S3", "SECRETS_MANAGER", "LAMBDA")


@dataclass(frozen=True)
class Strike:
    """A rule that is in force, by the proxy's number for it."""

    proxy: FaultProxy
    number: int

    @property
    def count(self) -> int:
        """How often the proxy says that it struck."""
        rules: list[dict[str, Any]] = self.proxy.call_api("GET", "stats")["by_rule"]
        return next((int(rule["fired"]) for rule in rules if rule["id"] == self.number), 0)


class FaultProxy:
    """The proxy's process. A function whose variables are `variables` sends its AWS calls through it."""

    def __init__(self, upstream: str, log: Path) -> None:
        self.url = f"http://{HOST}:{free_port()}"
        self._upstream = upstream
        self._log = log
        self._control = httpx.Client(base_url=f"{self.url}/_microburst/", trust_env=False, timeout=30)

    @property
    def variables(self) -> dict[str, str]:
        """The SDK's own settings: an address for each service goes before the one for all of them."""
        return {f"AWS_ENDPOINT_URL_{service}": self.url for service in SERVICES}

    @contextmanager
    def running(self) -> Iterator[FaultProxy]:
        """For as long as the block lasts.

        Raises:
            processes.StartError: A process does not start, or ends.
        """
        port = self.url.rpartition(":")[2]
        command = [sys.executable, "-m", "microburst", "--upstream", self._upstream, "--host", HOST, "--port", port]
        process = processes.start(command, log=self._log, environment=os.environ)
        try:
            processes.wait_until_ready(
                lambda: services.answers(f"{self.url}/_microburst/health"),
                process,
                seconds=SECONDS_TO_START,
                name="The fault proxy",
                log=self._log,
            )
            yield self
        finally:
            processes.stop(process)
            self._control.close()

    @contextmanager
    def striking(self, rule: Rule) -> Iterator[Strike]:
        """Add a rule, and take it away again."""
        (added,) = self.call_api("PATCH", "rules", [rule])
        try:
            yield Strike(self, int(added["id"]))
        finally:
            names = ("service", "operation", "body", "probability")
            self.call_api("DELETE", "rules", [{name: rule[name] for name in names if name in rule}])

    def call_api(self, method: str, path: str, body: object = None) -> Any:
        """A request of the control interface; its answer."""
        answer = self._control.request(method, path, json=body)
        answer.raise_for_status()
        return answer.json()
