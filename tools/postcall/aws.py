"""An environment's AWS, with the operator's own credentials; locally the emulated one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from postcall.domain.said import said
from tools.local.endpoints import Endpoints
from tools.postcall.errors import CliError, NotAllowed, NotAvailable, NotFound
from tools.postcall.target import Target

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError, ClientError

    from tools.local.aws import EmulatedAws

T = TypeVar("T")
ANSWER_SECONDS = 70  # the dispatch function has 60, and a repeat by the client would be a second lead
_NOT_ALLOWED = ("AccessDenied", "AccessDeniedException", "ExpiredToken", "UnrecognizedClientException")
_NOT_THERE = ("ResourceNotFoundException", "ValidationError")


def client(service: str, target: Target) -> Any:  # noqa: ANN401 — any of boto3's clients
    """A client for a service of the environment's account."""
    return emulated(target.local).client(service) if target.local is not None else _on_aws(service, target)


def asked(ask: Callable[[], T], target: Target) -> T:
    """What AWS answers.

    Raises:
        CliError: With a sentence where it does not.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 — boto costs more than most commands do

    try:
        return ask()
    except ClientError as error:
        raise _refused(error) from error
    except BotoCoreError as error:
        raise _unreachable(error, target) from error


def emulated(local: Endpoints) -> EmulatedAws:
    """The local stack's AWS."""
    from tools.local.aws import EmulatedAws  # noqa: PLC0415 — boto3 costs more than most commands do

    certificate = Path(local.aws_ca_bundle) if local.aws_ca_bundle else None
    return EmulatedAws(local.aws_endpoint_url, local.region, certificate=certificate)


def _on_aws(service: str, target: Target) -> Any:  # noqa: ANN401 — any of boto3's clients
    import boto3  # noqa: PLC0415 — the same
    from botocore.config import Config  # noqa: PLC0415 — the same

    from infra.environments import load  # noqa: PLC0415 — the same

    session = boto3.session.Session(
        profile_name=target.aws_profile, region_name=target.aws_region or load(target.env).region
    )
    attempts = 1 if service == "lambda" else 5
    config = Config(read_timeout=ANSWER_SECONDS, connect_timeout=10, retries={"total_max_attempts": attempts})
    return session.client(service, config=config)  # type: ignore[call-overload]  # any of botocore's


def _refused(error: ClientError) -> CliError:
    details = error.response.get("Error", {})
    code, message = str(details.get("Code", "")), str(details.get("Message", error))
    if code in _NOT_ALLOWED:
        return NotAllowed(said("cli.aws_forbids", message=message))
    if code in _NOT_THERE:
        return NotFound(said("cli.aws", message=message))
    return NotAvailable(said("cli.aws", message=message))


def _unreachable(error: BotoCoreError, target: Target) -> CliError:
    name = type(error).__name__
    if name in {"NoCredentialsError", "ProfileNotFound", "NoRegionError", "TokenRetrievalError", "SSOTokenLoadError"}:
        variable = f"POSTCALL_{target.env.upper()}_AWS_PROFILE"
        return NotAllowed(said("cli.aws_credentials", env=target.env, name=name, variable=variable))
    return NotAvailable(said("cli.aws_silent", error=error))
