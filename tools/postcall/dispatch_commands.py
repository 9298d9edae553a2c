"""Commands to the environment's dispatch function, so that what asks the CRM is the static IP that the CRM knows.

On AWS with the operator's own credentials (`aws_profile`, or the shell's), which need `lambda:InvokeFunction` on
`postcall-<env>-dispatch` and `cloudformation:DescribeStacks` on `postcall-<env>-address`; locally through the emulator.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.local.endpoints import Endpoints
from tools.postcall.errors import NotAllowed, NotAvailable, NotFound, Refused
from tools.postcall.target import Target

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError, ClientError

    from tools.local.aws import EmulatedAws

ANSWER_SECONDS = 70  # the function has 60, and a repeat by the client would be a second lead
_NOT_ALLOWED = ("AccessDenied", "AccessDeniedException", "ExpiredToken", "UnrecognizedClientException")
_NOT_THERE = ("ResourceNotFoundException", "ValidationError")


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
        """The addresses that the CRM sees; empty where there are none (locally)."""
        if self._target.local is not None:
            return []
        name = f"{self._target.prefix}-address"
        found = self._asked(lambda: self._client("cloudformation").describe_stacks(StackName=name))
        outputs = {each["OutputKey"]: each["OutputValue"] for each in found["Stacks"][0].get("Outputs", [])}
        return [address for address in outputs.get("StaticIps", "").split(",") if address]

    def _command(self, command: dict[str, Any]) -> dict[str, Any]:
        name = f"{self._target.prefix}-dispatch"
        answer = self._asked(
            lambda: self._client("lambda").invoke(FunctionName=name, Payload=json.dumps(command).encode())
        )
        told = json.loads(answer["Payload"].read() or b"null")
        if answer.get("FunctionError"):
            raise NotAvailable(f"{name} failed: {_error_of(told)}.")
        if not isinstance(told, dict) or not ({"settings", "probe", "refused"} & set(told)):
            raise NotFound(f"{name} knows no such command yet: deploy this version first.")
        if "refused" in told:
            raise Refused(str(told["refused"]))
        return told

    def _asked(self, ask: Any) -> Any:  # noqa: ANN401 — any of boto3's calls
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 — as below

        try:
            return ask()
        except ClientError as error:
            raise _refused(error) from error
        except BotoCoreError as error:
            raise _unreachable(error, self._target) from error

    def _client(self, service: str) -> Any:  # noqa: ANN401 — any of boto3's clients
        local = self._target.local
        if local is not None:
            return emulated(local).client(service)
        return _client_on_aws(service, self._target)


def emulated(local: Endpoints) -> EmulatedAws:
    """The local stack's AWS."""
    from tools.local.aws import EmulatedAws  # noqa: PLC0415 — boto3 costs more than most commands do

    certificate = Path(local.aws_ca_bundle) if local.aws_ca_bundle else None
    return EmulatedAws(local.aws_endpoint_url, local.region, certificate=certificate)


def _client_on_aws(service: str, target: Target) -> Any:  # noqa: ANN401 — any of boto3's clients
    import boto3  # noqa: PLC0415 — the same
    from botocore.config import Config  # noqa: PLC0415 — the same

    from infra.environments import load  # noqa: PLC0415 — the same

    session = boto3.session.Session(
        profile_name=target.aws_profile, region_name=target.aws_region or load(target.env).region
    )
    config = Config(read_timeout=ANSWER_SECONDS, connect_timeout=10, retries={"total_max_attempts": 1})
    return session.client(service, config=config)  # type: ignore[call-overload]  # any of botocore's


def _error_of(told: Any) -> str:  # noqa: ANN401 — whatever the runtime says
    return str(told.get("errorMessage") or told.get("errorType")) if isinstance(told, dict) else "without a word"


def _refused(error: ClientError) -> Exception:
    details = error.response.get("Error", {})
    code, message = str(details.get("Code", "")), str(details.get("Message", error))
    if code in _NOT_ALLOWED:
        return NotAllowed(f"AWS does not allow it: {message}")
    if code in _NOT_THERE:
        return NotFound(f"AWS: {message}")
    return NotAvailable(f"AWS: {message}")


def _unreachable(error: BotoCoreError, target: Target) -> Exception:
    name = type(error).__name__
    if name in {"NoCredentialsError", "ProfileNotFound", "NoRegionError", "TokenRetrievalError", "SSOTokenLoadError"}:
        variable = f"POSTCALL_{target.env.upper()}_AWS_PROFILE"
        return NotAllowed(f"There are no AWS credentials for {target.env} ({name}): set {variable} or aws_profile.")
    return NotAvailable(f"AWS does not answer: {error}")
