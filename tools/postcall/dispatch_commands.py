"""Commands to the environment's dispatch function, so that what asks the CRM is the static IP that the CRM knows.

On AWS with the operator's own credentials (`aws_profile`, or the shell's), which need `lambda:InvokeFunction` on
`postcall-<env>-dispatch` and `cloudformation:DescribeStacks` on `postcall-<env>-address`; locally through the emulator.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from infra.environments import load
from postcall.domain.said import said
from tools.postcall import aws
from tools.postcall.errors import NotAvailable, NotFound, Refused
from tools.postcall.target import Target

T = TypeVar("T")


class Dispatch:
    """The dispatch function as an operator may speak to it. Raises `CliError`."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def settings(self) -> dict[str, Any]:
        """`{"settings": {VARIABLE: value}, "field_map": [row]}`: what is in force, and nothing secret."""
        return self._command({"command": "settings"})

    def probe(self, probe: str, run: str) -> dict[str, Any]:
        """One question of the closed list (functions/dispatch/probe_requests.py). Raises when it is refused."""
        return self._command({"command": "probe", "probe": probe, "run": run})

    def static_ips(self) -> list[str]:
        """The addresses that the CRM sees; empty where there are none (locally), or a network's owner has them."""
        if self._target.local is not None:
            return []
        own = load(self._target.env).network
        if own.vpc_id is not None:
            return []
        if own.allocation_ids:
            asked = list(own.allocation_ids)
            there = self._asked(lambda: self._client("ec2").describe_addresses(AllocationIds=asked))
            return [str(each["PublicIp"]) for each in there["Addresses"]]
        name = f"{self._target.prefix}-address"
        found = self._asked(lambda: self._client("cloudformation").describe_stacks(StackName=name))
        outputs = {each["OutputKey"]: each["OutputValue"] for each in found["Stacks"][0].get("Outputs", [])}
        return [address for address in outputs.get("StaticIps", "").split(",") if address]

    def _command(self, command: dict[str, Any]) -> dict[str, Any]:
        name = f"{self._target.prefix}-dispatch"
        answer = self._asked(
            lambda: self._client("lambda").invoke(FunctionName=name, Payload=json.dumps(command).encode())
        )
        report = json.loads(answer["Payload"].read() or b"null")
        if answer.get("FunctionError"):
            raise NotAvailable(said("cli.dispatch_failed", name=name, error=_error_of(report)))
        if not isinstance(report, dict) or not ({"settings", "probe", "refused"} & set(report)):
            raise NotFound(said("cli.dispatch_old", name=name))
        if "refused" in report:
            raise Refused(str(report["refused"]))
        return report

    def _asked(self, ask: Callable[[], T]) -> T:
        return aws.asked(ask, self._target)

    def _client(self, service: str) -> Any:  # noqa: ANN401 — any of boto3's clients
        return aws.client(service, self._target)


def _error_of(report: Any) -> str:  # noqa: ANN401 — whatever the runtime says
    if not isinstance(report, dict):
        return said("cli.wordless")
    return str(report.get("errorMessage") or report.get("errorType"))
