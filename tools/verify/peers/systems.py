"""What a compared system is to the comparison, and the part that all peers share: one process, killed and restarted."""

from __future__ import annotations

import os
import shutil
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from http import HTTPStatus
from pathlib import Path
from typing import Final, Protocol

from tools.local.ports import free_port
from tools.verify.peers import processes
from tools.verify.peers.calls import SECRET
from tools.verify.peers.install import DIRECTORY, Say
from tools.verify.peers.processes import Started

CRM_TIMEOUT_SECONDS: Final = 2  # every system's patience with the CRM; their defaults are in `patience`
HOST: Final = "127.0.0.1"
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class System(Protocol):
    """A receiver of webhooks that makes leads."""

    name: str
    """Its word on the command line and in the figures."""
    setting: str
    """A sentence: what it is set to where there is a choice."""
    makes_leads: bool
    """Whether leads follow; of one without only the acknowledgement is measured."""

    def prepare(self, say: Say) -> None:
        """Install what it needs.

        Raises:
            InstallError: A peer could not be installed; the text is for a person.
        """

    def start(self, crm_url: str) -> None:
        """Start it empty; returns when it takes webhooks.

        Raises:
            StartError: A process does not start, or ends.
        """

    @property
    def url(self) -> str:
        """Where webhooks are posted."""

    @property
    def secret(self) -> str:
        """What they are signed with."""

    def resting(self) -> AbstractContextManager[None]:
        """For as long as the block lasts, what follows an acknowledgement waits, where it can be told apart."""

    def kill(self) -> None:
        """Kill what it runs in, in the middle of whatever it does, and start that again."""

    def stop(self) -> None:
        """Stop it; fine when it does not run."""

    def listed(self) -> set[str]:
        """The events that its own record shows as failed or unknown, where it keeps one."""

    def settled(self, events: Collection[str]) -> bool | None:
        """Whether it has nothing more to do for these events; nothing when it cannot tell."""

    def megabytes(self) -> dict[str, float]:
        """The resident memory of its processes, by part, in MB."""

    def versions(self) -> dict[str, str]:
        """Of what it is made of."""


class Peer(ABC):
    """A peer in one process group. A subclass says what to install, what to run and what its record shows."""

    name: str
    setting: str
    path: str
    health: str = ""
    makes_leads = True

    def __init__(self) -> None:
        self.home: Path = DIRECTORY / "runs" / self.name
        self.port = 0
        self._crm_url = ""
        self._started: Started | None = None

    @abstractmethod
    def prepare(self, say: Say) -> None:
        """Install it."""

    @abstractmethod
    def furnish(self) -> None:
        """Put into the empty `home` what it finds there at its first start."""

    @abstractmethod
    def command(self) -> Sequence[str]:
        """What runs."""

    @abstractmethod
    def environment(self) -> Mapping[str, str]:
        """With which variables, besides the shell's and those of `_run`."""

    @abstractmethod
    def versions(self) -> dict[str, str]:
        """Of what it is made of."""

    @property
    def url(self) -> str:
        """Where webhooks are posted."""
        return f"http://{HOST}:{self.port}{self.path}"

    @property
    def secret(self) -> str:
        """What they are signed with."""
        return SECRET

    def resting(self) -> AbstractContextManager[None]:
        """Nothing of it can rest: what follows is the same process's."""
        return nullcontext()

    def start(self, crm_url: str) -> None:
        """Start it with an empty home."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        self.furnish()
        self.port, self._crm_url = free_port(), crm_url
        self._run()

    def kill(self) -> None:
        """SIGKILL to the whole group, and the same command again over the same home."""
        if self._started is not None:
            self._started.kill()
        self._run()

    def stop(self) -> None:
        """Stop it."""
        if self._started is not None:
            self._started.stop()
            self._started = None

    def listed(self) -> set[str]:
        """Nothing, unless the subclass knows of a record."""
        return set()

    def settled(self, events: Collection[str]) -> bool | None:  # noqa: ARG002 — others can tell
        """It cannot tell: the comparison waits for silence at the CRM."""
        return None

    def megabytes(self) -> dict[str, float]:
        """Its process group."""
        return {"": processes.tree_megabytes(self._started.pid)} if self._started else {}

    def _run(self) -> None:
        environment = {
            **os.environ,
            "CRM_URL": self._crm_url,
            "CRM_TIMEOUT_MS": str(CRM_TIMEOUT_SECONDS * 1000),
            "WEBHOOK_SECRET": SECRET,
            **self.environment(),
        }
        self._started = processes.start(self.command(), log=self.home / "log", environment=environment)
        processes.wait_until_ready(self.is_ready, self._started, name=self.name)

    def is_ready(self) -> bool:
        """Whether its health page answers 200."""
        return self.ask(self.health)[0] == HTTPStatus.OK

    def ask(self, path: str, body: bytes | None = None) -> tuple[int, str]:
        """GET a path of it, or POST a body: the status, 0 without an answer, and the text."""
        try:
            with _OPENER.open(f"http://{HOST}:{self.port}{path}", body, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""
