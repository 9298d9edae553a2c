"""Changing the local stack's settings for a while: new parameters through its CloudFormation, and the old ones back.

Whatever the stack was brought up with stays: the parameters in force are read first and only the named ones change.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from infra.names import camel_case
from postcall.domain.said import said
from postcall.settings import SettingError
from postcall.shared_settings import OUTSIDE_SYSTEMS
from tools.local.deploy import DeploymentError, deploy
from tools.local.endpoints import PREFIX, Endpoints
from tools.local.settings import read_local_settings
from tools.local.synth import ASSEMBLY
from tools.postcall.aws import emulated
from tools.postcall.errors import NotAvailable, WrongUsage

STACK = f"{PREFIX}-pipeline"


def read_settings(given: list[str]) -> dict[str, str]:
    """`NAME=VALUE` pairs, checked as the local stack checks its shell.

    Raises:
        WrongUsage: A pair is no NAME=VALUE, or the setting is unknown or wrong.
    """
    pairs = {}
    for pair in given:
        name, separator, value = pair.partition("=")
        if not separator or not name.startswith(OUTSIDE_SYSTEMS):
            raise WrongUsage(said("cli.set_form", pair=pair, prefixes=", ".join(OUTSIDE_SYSTEMS)))
        pairs[name] = value
    try:
        known = read_local_settings(pairs).outside
    except SettingError as error:
        raise WrongUsage(f"--set {error}") from error
    unknown = sorted(set(pairs) - set(known))
    if unknown:
        raise WrongUsage(said("cli.set_unknown", name=unknown[0]))
    return pairs


@contextmanager
def changed(local: Endpoints, settings: Mapping[str, str]) -> Iterator[None]:
    """The settings hold within the block."""
    if not settings:
        yield
        return
    before = _in_force(local)
    _put(local, before | {camel_case(name): value for name, value in settings.items()})
    try:
        yield
    finally:
        _put(local, before)


@contextmanager
def crm_profile(local: Endpoints, profile: str | None) -> Iterator[None]:
    """The simulated CRM has this profile within the block.

    Raises:
        WrongUsage: For a name that is none.
    """
    if profile is None:
        yield
        return
    if local.crm_admin_url is None:
        raise WrongUsage(said("cli.profile_own"))
    address = f"{local.crm_admin_url}/api/config"
    before = _simulator(address)
    _simulator(address, {"profile": profile})
    try:
        yield
    finally:
        _simulator(address, {"profile": before["profile"]})


def _in_force(local: Endpoints) -> dict[str, str]:
    stacks = emulated(local).cloudformation().describe_stacks(StackName=STACK)["Stacks"]
    given = {each["ParameterKey"]: each.get("ParameterValue", "") for each in stacks[0].get("Parameters", [])}
    return {name: value for name, value in given.items() if name != "BootstrapVersion"}


def _put(local: Endpoints, parameters: Mapping[str, str]) -> None:
    """`deploy` takes variables' names, whose parameters are spelled without underscores: either spelling fits."""
    try:
        deploy(ASSEMBLY, emulated(local), {_variable(name): value for name, value in parameters.items()})
    except DeploymentError as error:
        raise NotAvailable(said("cli.set_refused", error=error)) from error


def _variable(parameter: str) -> str:
    """CrmServiceUrl as CRM_SERVICE_URL."""
    return "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in parameter).lstrip("_")


def _simulator(address: str, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    data = None if changes is None else json.dumps(changes).encode()
    request = urllib.request.Request(address, data, method="GET" if data is None else "PUT")  # noqa: S310 — loopback
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as answer:
            return dict(json.loads(answer.read()))
    except urllib.error.HTTPError as error:
        with error:
            raise WrongUsage(f"--crm-profile: {json.loads(error.read()).get('error')}.") from error
    except OSError as error:
        raise NotAvailable(said("cli.simulator_silent", address=address, error=error)) from error
