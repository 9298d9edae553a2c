"""A look at the whole once in a while, from a thread of its own: the series for the plots, and the progress shown."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from tools.verify.load.crm import CrmWindow
from tools.verify.load.sending import Sent
from tools.verify.load.store import Store

SECONDS_BETWEEN_LOOKS = 1.0
MOST_POINTS = 200


@dataclasses.dataclass(frozen=True)
class Look:
    """What was seen at a moment. `waiting`: messages on their way; `delivered`: leads at the CRM."""

    seconds: float
    acknowledged: int
    delivered: int
    waiting: int
    dead_letters: int


class Watcher:
    """Looks until it is left. A CRM that does not answer has the leads it had (none, while it was never up)."""

    def __init__(self, store: Store, crm: CrmWindow, sent: Sent, tell: Callable[[Look], None]) -> None:
        self._store, self._crm, self._sent, self._tell = store, crm, sent, tell
        self._began = time.monotonic()
        self._ended = threading.Event()
        self._looked = threading.Condition()
        self._thread = threading.Thread(target=self._watch, name="watch", daemon=True)
        self.looks: list[Look] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def seconds(self) -> float:
        """Since the watch began."""
        return time.monotonic() - self._began

    def next(self, seconds: float) -> Look | None:
        """The next look, or None when none comes within so many seconds."""
        with self._looked:
            before = len(self.looks)
            self._looked.wait_for(lambda: len(self.looks) > before, seconds)
            return self.looks[-1] if len(self.looks) > before else None

    def _watch(self) -> None:
        while not self._ended.wait(SECONDS_BETWEEN_LOOKS):
            try:
                look = self._look()
            except (httpx.HTTPError, BotoCoreError, ClientError):  # too busy to answer: look again
                continue
            with self._looked:
                self.looks.append(look)
                self._looked.notify_all()
            self._tell(look)

    def _look(self) -> Look:
        depths = self._store.depths()
        try:
            delivered = self._crm.count()
        except httpx.TransportError:
            delivered = self.looks[-1].delivered if self.looks else 0
        return Look(round(self.seconds(), 1), len(self._sent.acknowledged), delivered, depths.moving, depths.all_dead)


def thinned(looks: list[Look], most: int = MOST_POINTS) -> list[Look]:
    """At most so many looks, evenly chosen, the first and the last among them."""
    if len(looks) <= most:
        return looks
    return [looks[round(number * (len(looks) - 1) / (most - 1))] for number in range(most)]
