"""A local stack for the run alone: started in a folder of its own, and stopped by its process ids whatever happens."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from tools.local import processes, services
from tools.local.aws import EmulatedAws
from tools.local.endpoints import Endpoints
from tools.local.paths import LocalDirectory
from tools.local.ports import running_ports
from tools.local.progress import Progress
from tools.local.settings import read_local_settings
from tools.local.stack import down, up

ENDINGS = (signal.SIGTERM, signal.SIGHUP)
PREFIX = "postcall-local"


class OwnStack:
    """The stack that is up: its addresses, its processes, and the few things a load run does to it."""

    def __init__(self, directory: LocalDirectory, endpoints: Endpoints) -> None:
        self._directory = directory
        self.endpoints = endpoints
        self._aws = EmulatedAws(endpoints.aws_endpoint_url, endpoints.region)

    @property
    def emulator(self) -> int:
        """The emulated AWS' process id."""
        return processes.recall(self._directory.processes)["aws"].pid

    @property
    def crm(self) -> int | None:
        """The CRM simulator's process id, while there is one."""
        running = processes.recall(self._directory.processes)
        return running["crm"].pid if "crm" in running else None

    def stop_crm(self) -> None:
        """Take the CRM away: connections to it are refused. What it held is gone."""
        running = processes.recall(self._directory.processes)
        processes.stop(running.pop("crm"))
        processes.remember(self._directory.processes, running)

    def start_crm(self) -> None:
        """Bring an empty CRM back at the same address."""
        running, ports = processes.recall(self._directory.processes), running_ports(self._directory.ports)
        running["crm"] = services.start_crm(self._directory, ports)
        processes.remember(self._directory.processes, running)
        services.wait_for_crm(running["crm"], self._directory, ports)

    def set_receives(self, receives: int) -> None:
        """How often the dispatch queue hands a message out before it becomes a dead letter."""
        sqs, url = self._aws.sqs(), self.endpoints.queues["dispatch"]
        dead = sqs.get_queue_attributes(
            QueueUrl=self.endpoints.queues["dispatch_dead_letters"], AttributeNames=["QueueArn"]
        )
        policy = f'{{"deadLetterTargetArn": "{dead["Attributes"]["QueueArn"]}", "maxReceiveCount": {receives}}}'
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedrivePolicy": policy})

    def change_variables(self, step: str, variables: Mapping[str, str]) -> None:
        """Change a function's variables, as a deployment with other settings would."""
        functions, name = self._aws.functions(), f"{PREFIX}-{step}"
        now = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": {**now, **variables}})


@contextmanager
def own_stack(path: Path, settings: Mapping[str, str], progress: Progress) -> Iterator[OwnStack]:
    """Bring a stack up, and down again at the end, on a failure, on Ctrl-C and on SIGTERM.

    `settings` are all there are: what lies in the shell does not count, so that a run can be repeated.
    """
    before = {number: signal.signal(number, _interrupt) for number in ENDINGS}
    directory = LocalDirectory(path)
    try:
        endpoints = up(read_local_settings({"POSTCALL_LOCAL_DIR": str(path), **settings}), progress)
        yield OwnStack(directory, endpoints)
    finally:
        ignored = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, *ENDINGS)}
        try:
            down(directory, progress)
        finally:
            for number, handler in (ignored | before).items():
                signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
