"""The stack's background services: the emulated AWS, the CRM simulator and the ElevenLabs simulator."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import urllib.request
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from tools.local import processes
from tools.local.aws import ACCOUNT, REGION
from tools.local.loopback import opener
from tools.local.paths import EMULATOR_PYTHON
from tools.local.ports import HOST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tools.local.paths import LocalDirectory
    from tools.local.ports import Ports
    from tools.local.processes import Running

SECONDS_TO_START = 30.0
# From the shell to the emulator: how to find things, and ministack's own switches. Nobody's AWS credentials.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "AUTH", "USE_SSL", "MINISTACK_SSL_CERT", "MINISTACK_SSL_KEY")
SAVE_WEB_FORM = "/0/ServiceModel/GeneratedObjectWebFormService.svc/SaveWebFormObjectData"


def uses_tls() -> bool:
    """Whether the emulated AWS is asked for TLS, which its IAM enforcement (AUTH=true) goes with."""
    return os.environ.get("USE_SSL", "").lower() in {"1", "true", "yes"}


def aws_url(ports: Ports) -> str:
    """Where the emulated AWS answers."""
    return f"{'https' if uses_tls() else 'http'}://{HOST}:{ports.aws}"


def aws_certificate(directory: LocalDirectory) -> Path | None:
    """The certificate to trust under TLS: the emulator makes it when it starts."""
    return directory.emulator / "tmp" / "ministack-tls" / "server.crt" if uses_tls() else None


def start_aws(directory: LocalDirectory, ports: Ports, *, keep_state: bool) -> Running:
    """Start the emulated AWS; see `wait_for_aws`.

    Raises:
        StartError: A process does not start, or ends.
    """
    if not EMULATOR_PYTHON.exists():
        raise processes.StartError(f"There is no {EMULATOR_PYTHON}: `make setup` installs the emulator.")
    command = emulator_command(directory.emulator, aws=ports.aws, api=ports.api)
    command += ["--keep-state"] if keep_state else []
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return processes.start(command, log=_log(directory, "emulator"), environment=environment)


def emulator_command(directory: Path, *, aws: int, api: int) -> list[str]:
    """What starts an emulated AWS that keeps its things in `directory` and listens on two ports."""
    return [
        *(str(EMULATOR_PYTHON), "-m", "tools.local.emulator"),
        *("--port", str(aws), "--api-port", str(api)),
        *("--directory", str(directory)),
        *("--region", REGION, "--account", ACCOUNT),
        *("--schemas", str(_resource_schemas())),
    ]


def _resource_schemas() -> Path:
    """AWS's schemas of the resource types: cfn-lint, of our own environment, brings them; the emulator reads them."""
    package = importlib.util.find_spec("cfnlint")
    if package is None or package.origin is None:
        raise processes.StartError("There is no cfn-lint: `make setup` installs it.")
    return Path(package.origin).parent / "data" / "schemas"


def wait_for_aws(running: Running, directory: LocalDirectory, ports: Ports) -> None:
    """Wait until the emulated AWS is healthy.

    Raises:
        StartError: A process does not start, or ends.
    """
    url, certificate = f"{aws_url(ports)}/_ministack/health", aws_certificate(directory)
    processes.wait_until_ready(
        lambda: answers(url, certificate=certificate),
        running,
        seconds=SECONDS_TO_START,
        name="The emulated AWS",
        log=_log(directory, "emulator"),
    )


def start_crm(directory: LocalDirectory, ports: Ports) -> Running:
    """Start the CRM simulator; see `wait_for_crm`."""
    command = [
        *(sys.executable, "-m", "tools.simulators.crm"),
        *("--host", HOST, "--port", str(ports.crm), "--admin-port", str(ports.crm_admin)),
        *("--profile", "as-in-the-letter"),
    ]
    return processes.start(command, log=_log(directory, "crm-simulator"), environment=os.environ)


def wait_for_crm(running: Running, directory: LocalDirectory, ports: Ports) -> None:
    """Wait until the simulator is healthy.

    Raises:
        StartError: A process does not start, or ends.
    """
    processes.wait_until_ready(
        lambda: answers(f"{crm_admin_url(ports)}/healthz"),
        running,
        seconds=SECONDS_TO_START,
        name="The CRM simulator",
        log=_log(directory, "crm-simulator"),
    )


def start_environments(ports: Ports, functions: Iterable[str], *, certificate: Path | None) -> None:
    """Have one execution environment of each function started, side by side, and wait for them; best effort."""
    asked = urlencode([("function", name) for name in functions])
    request = urllib.request.Request(f"{aws_url(ports)}/_postcall/environments?{asked}", method="POST")  # noqa: S310
    with suppress(OSError), opener(certificate).open(request, timeout=SECONDS_TO_START):
        pass


def crm_url(ports: Ports) -> str:
    """Where the simulated CRM takes leads."""
    return f"http://{HOST}:{ports.crm}{SAVE_WEB_FORM}"


def crm_admin_url(ports: Ports) -> str:
    """Where one looks into the simulated CRM."""
    return f"http://{HOST}:{ports.crm_admin}"


def start_elevenlabs(directory: LocalDirectory, ports: Ports) -> Running:
    """Start the ElevenLabs simulator; see `wait_for_elevenlabs`."""
    command = [
        *(sys.executable, "-m", "tools.simulators.elevenlabs"),
        *("--host", HOST, "--port", str(ports.elevenlabs), "--admin-port", str(ports.elevenlabs_admin)),
    ]
    environment = {name: text for name, text in os.environ.items() if not name.startswith("ELEVENLABS_")}
    return processes.start(command, log=_log(directory, "elevenlabs-simulator"), environment=environment)


def wait_for_elevenlabs(running: Running, directory: LocalDirectory, ports: Ports) -> None:
    """Wait until the simulator is healthy.

    Raises:
        StartError: A process does not start, or ends.
    """
    processes.wait_until_ready(
        lambda: answers(f"{elevenlabs_admin_url(ports)}/healthz"),
        running,
        seconds=SECONDS_TO_START,
        name="The ElevenLabs simulator",
        log=_log(directory, "elevenlabs-simulator"),
    )


def elevenlabs_api_url(ports: Ports) -> str:
    """Where the simulated ElevenLabs lists conversations."""
    return f"http://{HOST}:{ports.elevenlabs}"


def elevenlabs_admin_url(ports: Ports) -> str:
    """Where one makes calls take place in the simulated ElevenLabs."""
    return f"http://{HOST}:{ports.elevenlabs_admin}"


def point_elevenlabs(ports: Ports, *, url: str, secret: str) -> None:
    """Let the simulated ElevenLabs deliver its webhooks to this address, signed with this secret."""
    request = urllib.request.Request(  # noqa: S310 — our own simulator on loopback
        f"{elevenlabs_admin_url(ports)}/api/webhook",
        json.dumps({"url": url, "secret": secret, "retry_enabled": True}).encode(),
        {"Content-Type": "application/json"},
        method="PUT",
    )
    with opener().open(request, timeout=10):
        pass


def answers(
    url: str, *, token: str | None = None, certificate: Path | None = None, kind: str = "application/json"
) -> bool:
    """Whether the URL answers 200 with content of this kind."""
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})  # noqa: S310
    trusted = certificate if certificate and certificate.exists() else None
    try:
        with opener(trusted).open(request, timeout=30) as answer:
            return bool(answer.status == HTTPStatus.OK and answer.headers.get_content_type() == kind)
    except OSError:  # URLError and HTTPError are of this kind
        return False


def _log(directory: LocalDirectory, name: str) -> Path:
    return directory.logs / f"{name}.log"
