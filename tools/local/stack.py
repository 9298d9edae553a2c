"""Bring the local stack up and down: the order of things, and nothing else."""

from __future__ import annotations

import dataclasses
import fcntl
import shutil
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from postcall.settings import SettingError
from tools.local import processes, services
from tools.local.access import Access, forget_cached_secrets, kept_access, put_secrets
from tools.local.aws import ACCOUNT, EmulatedAws
from tools.local.deploy import DeploymentError, deploy, unheard
from tools.local.endpoints import CONSOLE_PATH, PREFIX, WEBHOOK_PATH, Endpoints, queue_urls, read_endpoints, table_names
from tools.local.paths import LocalDirectory
from tools.local.ports import HOST, Ports, choose_ports, running_ports
from tools.local.private_file import make_private
from tools.local.synth import synthesise
from tools.simulators.elevenlabs.simulator import API_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tools.local.processes import Running
    from tools.local.progress import Progress
    from tools.local.settings import LocalSettings

WAY_OF_A_CALL = tuple(f"{PREFIX}-{step}" for step in ("intake", "analysis", "dispatch", "operations"))
SECONDS_TO_ANSWER = 60.0
SECONDS_BETWEEN_TRIES = 0.25  # each failed one may be a cold start


def up(settings: LocalSettings, progress: Progress) -> Endpoints:
    """Start what does not run, deploy what changed, and return when the API answers.

    Raises:
        SettingError: A variable is wrong; the text names it.
        StartError: A process does not start, or ends.
        SynthesisError: The templates could not be made; the text is what the app said.
        DeploymentError: Each with a sentence for a person.
    """
    directory = LocalDirectory(settings.directory)
    with _alone(directory, progress):
        running = processes.recall(directory.processes)
        if "aws" in running:
            progress.say("The local stack is up already: looking for changes of code and settings.")
        ports = _running_ports(directory, settings) if "aws" in running else _fresh_start(directory, settings, running)
        starting = _start_services(directory, settings, ports, running)
        assembly = _synthesise(progress)  # while the services start
        _wait_for_services(starting, running, progress)
        return _deploy(directory, settings, ports, assembly, progress)


def down(directory: LocalDirectory, progress: Progress) -> None:
    """Stop every process of this stack; fine when there is none."""
    with _alone(directory, progress):
        running = processes.recall(directory.processes)
        for name, one in running.items():
            with progress.step(f"Stopping {name} (process {one.pid})"):
                processes.stop(one)
        directory.endpoints.unlink(missing_ok=True)
        directory.processes.unlink(missing_ok=True)
        if not running:
            progress.say("The local stack is not running.")


def state(directory: LocalDirectory) -> tuple[dict[str, Running], Endpoints | None]:
    """What runs, and where it answers."""
    running = processes.recall(directory.processes)
    return running, read_endpoints(directory.endpoints) if "aws" in running else None


def access_of(settings: LocalSettings) -> Access:
    """The stack's secrets, as these settings want them."""
    return kept_access(
        LocalDirectory(settings.directory).secrets,
        webhook_secret=settings.webhook_secret,
        openai_api_key=settings.openai_api_key,
        elevenlabs_api_key=settings.elevenlabs_api_key if settings.own_elevenlabs else API_KEY,
    )


def _fresh_start(directory: LocalDirectory, settings: LocalSettings, leftovers: dict[str, Running]) -> Ports:
    """Forget the last run, but for what is kept on purpose: ports, secrets, unpacked code and, if asked for, data."""
    for one in leftovers.values():
        processes.stop(one)
    leftovers.clear()
    directory.endpoints.unlink(missing_ok=True)
    shutil.rmtree(directory.logs, ignore_errors=True)
    if not settings.keep_state:
        shutil.rmtree(directory.emulator / "state", ignore_errors=True)
    return choose_ports(directory.ports, api=settings.port)


def _running_ports(directory: LocalDirectory, settings: LocalSettings) -> Ports:
    ports = running_ports(directory.ports)
    if settings.port not in {None, ports.api}:
        raise SettingError(f"POSTCALL_PORT: the stack is up on port {ports.api} already; `make down` stops it.")
    return ports


def _start_services(
    directory: LocalDirectory, settings: LocalSettings, ports: Ports, running: dict[str, Running]
) -> list[_Service]:
    """The emulated AWS, and the simulators unless there is a CRM or an ElevenLabs of one's own; into `running`.

    Answers those that were started now: all of them before any is waited for, each takes a second or more.
    """
    for name, is_own in (("crm", settings.own_crm), ("elevenlabs", settings.own_elevenlabs)):
        if is_own and name in running:
            processes.stop(running.pop(name))
    starting = [one for one in _services(directory, settings, ports) if one.name not in running]
    for one in starting:
        running[one.name] = one.start()
        processes.remember(directory.processes, running)
    processes.remember(directory.processes, running)
    return starting


def _wait_for_services(starting: list[_Service], running: dict[str, Running], progress: Progress) -> None:
    for one in starting:
        with progress.step(f"Starting {one.title}"):
            one.wait(running[one.name])


@dataclasses.dataclass(frozen=True)
class _Service:
    name: str
    title: str
    start: Callable[[], Running]
    wait: Callable[[Running], None]


def _services(directory: LocalDirectory, settings: LocalSettings, ports: Ports) -> list[_Service]:
    """Those that these settings want."""
    aws = _Service(
        "aws",
        f"the emulated AWS on {services.aws_url(ports)}",
        lambda: services.start_aws(directory, ports, keep_state=settings.keep_state),
        lambda running: services.wait_for_aws(running, directory, ports),
    )
    crm = _Service(
        "crm",
        f"the CRM simulator on {services.crm_admin_url(ports)}",
        lambda: services.start_crm(directory, ports),
        lambda running: services.wait_for_crm(running, directory, ports),
    )
    elevenlabs = _Service(
        "elevenlabs",
        f"the ElevenLabs simulator on {services.elevenlabs_admin_url(ports)}",
        lambda: services.start_elevenlabs(directory, ports),
        lambda running: services.wait_for_elevenlabs(running, directory, ports),
    )
    return [aws, *([] if settings.own_crm else [crm]), *([] if settings.own_elevenlabs else [elevenlabs])]


def _synthesise(progress: Progress) -> Path:
    what = "Synthesising the CloudFormation templates (only when code changed; a minute the first time)"
    return synthesise(lambda: progress.step(what))


def _deploy(
    directory: LocalDirectory,
    settings: LocalSettings,
    ports: Ports,
    assembly: Path,
    progress: Progress,
) -> Endpoints:
    aws = EmulatedAws(services.aws_url(ports), certificate=services.aws_certificate(directory))
    access = access_of(settings)
    simulated = {"CRM_SERVICE_URL": services.crm_url(ports), "ELEVENLABS_API_URL": services.elevenlabs_api_url(ports)}
    outside = simulated | settings.outside
    was_up = directory.endpoints.exists()
    with progress.step("Deploying the templates to the emulated AWS"):
        for name in unheard(assembly, settings.outside):
            progress.detail(f"{name}: the template takes no such setting; it has no effect.")
        deploy(assembly, aws, outside, progress.detail)
        if put_secrets(aws, access) and was_up:
            forget_cached_secrets(aws)
    endpoints = _endpoints(directory, settings, ports, access, outside)
    if not settings.own_elevenlabs:
        services.point_elevenlabs(ports, url=endpoints.webhook_url, secret=access.webhook_secret)
    with progress.step(f"Starting the functions behind {endpoints.api_url}"):
        services.start_environments(ports, WAY_OF_A_CALL, certificate=services.aws_certificate(directory))
        _wait_for_api(endpoints, processes.recall(directory.processes)["aws"])
    console_url = f"{endpoints.api_url}{CONSOLE_PATH}"
    if services.answers(console_url, kind="text/html"):
        endpoints = dataclasses.replace(endpoints, console_url=console_url)
    endpoints.write(directory.endpoints)
    return endpoints


def _wait_for_api(endpoints: Endpoints, emulator: Running) -> None:
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while not services.answers(f"{endpoints.api_url}/api/events", token=endpoints.operator_token):
        if time.monotonic() > deadline or not emulator.is_ours():
            log = Path(endpoints.logs) / f"{PREFIX}-operations.log"
            last = log.read_text(encoding="utf-8").splitlines()[-1:] if log.exists() else []
            raise DeploymentError(
                "\n".join([f"GET {endpoints.api_url}/api/events does not answer 200 ({log}):", *last])
            )
        time.sleep(SECONDS_BETWEEN_TRIES)


def _endpoints(
    directory: LocalDirectory, settings: LocalSettings, ports: Ports, access: Access, outside: dict[str, str]
) -> Endpoints:
    api_url, aws_url = f"http://{HOST}:{ports.api}", services.aws_url(ports)
    certificate = services.aws_certificate(directory)
    aws = EmulatedAws(aws_url, certificate=certificate)
    return Endpoints(
        api_url=api_url,
        webhook_url=f"{api_url}{WEBHOOK_PATH}",
        console_url=None,
        operator_token=access.operator_token,
        webhook_secret=access.webhook_secret,
        crm_url=outside["CRM_SERVICE_URL"],
        crm_admin_url=None if settings.own_crm else services.crm_admin_url(ports),
        aws_endpoint_url=aws_url,
        aws_ca_bundle=str(certificate) if certificate else None,
        region=aws.region,
        tables=table_names(),
        queues=queue_urls(aws_url, ACCOUNT),
        logs=str(directory.logs),
        elevenlabs_api_url=outside["ELEVENLABS_API_URL"],
        elevenlabs_admin_url=None if settings.own_elevenlabs else services.elevenlabs_admin_url(ports),
    )


@contextmanager
def _alone(directory: LocalDirectory, progress: Progress) -> Iterator[None]:
    """One command at a time: the second waits for the first."""
    make_private(directory.path)
    with directory.lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.say("Another command is starting or stopping this stack: waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
