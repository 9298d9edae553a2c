"""The FastAPI + SQLite receiver of `receiver/`, in its two usual ways, each in the receiver's own environment."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing

from tools.verify.peers.install import INSTALLED, Say, install_receiver
from tools.verify.peers.systems import HOST, Peer

_VERSIONS = "import importlib.metadata as m; print(*(m.version(n) for n in ('fastapi', 'uvicorn', 'httpx')))"


class Receiver(Peer):
    """uvicorn with one worker process."""

    path = "/webhooks/elevenlabs"
    health = "/health"
    delivery: str

    def prepare(self, say: Say) -> None:
        """Make its virtual environment."""
        install_receiver(say)

    def furnish(self) -> None:
        """Nothing: it makes its table itself."""

    def command(self) -> Sequence[str]:
        """`uvicorn tools.verify.peers.receiver.app:app`."""
        uvicorn = ["-m", "uvicorn", "tools.verify.peers.receiver.app:app", "--host", HOST, "--port", str(self.port)]
        return [str(INSTALLED / "receiver" / "bin" / "python"), *uvicorn, "--no-access-log"]

    def environment(self) -> Mapping[str, str]:
        """Which way it delivers, and where its table is."""
        return {"DELIVERY": self.delivery, "DATABASE": str(self.home / "events.sqlite")}

    def listed(self) -> set[str]:
        """The events that it has marked failed."""
        return self._events("failed")

    def settled(self, events: Collection[str]) -> bool | None:
        """Whether its queue holds none of them."""
        return None if self.delivery == "background" else not set(events) & self._events("pending", "sending")

    def versions(self) -> dict[str, str]:
        """FastAPI's and its companions'."""
        python = INSTALLED / "receiver" / "bin" / "python"
        report = subprocess.run([python, "-c", _VERSIONS], capture_output=True, text=True, check=True).stdout.split()
        return dict(zip(("fastapi", "uvicorn", "httpx"), report, strict=True))

    def _events(self, *statuses: str) -> set[str]:
        question = f"SELECT event_id FROM events WHERE status IN ({', '.join('?' * len(statuses))})"  # noqa: S608 — marks only
        with closing(sqlite3.connect(self.home / "events.sqlite", timeout=30)) as database:
            return {event for (event,) in database.execute(question, statuses)}


class BackgroundReceiver(Receiver):
    """What most write: answer, then a background task."""

    name = "fastapi_background"
    delivery = "background"
    setting = "stores, answers, delivers in a background task: 3 tries, 1 s apart; drops a second event of the same id"


class QueueReceiver(Receiver):
    """The careful one: the table is a queue, and a restart takes up what was under way."""

    name = "fastapi_queue"
    delivery = "queue"
    setting = (
        "stores, answers, 4 workers deliver from SQLite: 10 tries, 1 to 30 s apart, what was under way again after a "
        "restart; drops a second event of the same id"
    )
