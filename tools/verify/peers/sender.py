"""The sender: ElevenLabs' deliveries with its rules of retrying, its waits shortened.

What is retried and when: docs/contracts/elevenlabs.md, "Delivery". The waits of 30 seconds, 2, 8 and 30 minutes
become 0.5, 2, 8 and 30 seconds; the first can be left as it is, for systems that need seconds to start again. A
connection that is refused counts as an answer that never came.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as all_done
from typing import Final

from tools.simulators.elevenlabs.delivery import How, Signed, deliver, post
from tools.simulators.elevenlabs.workspace import Webhook
from tools.verify.peers.calls import SECRET, envelope

SHORTENED: Final = 60
FIRST_RETRY: Final = 2
WAITS: Final = {FIRST_RETRY: 30.0, 3: 120.0, 4: 480.0, 5: 1800.0}  # seconds before the attempt of that number


class Sender:
    """Delivers events to one address; keeps the book of every answer. 0 stands for none."""

    def __init__(self, url: str, secret: str = SECRET, *, first_wait_shortened: bool = True) -> None:
        self._waits = {attempt: wait / SHORTENED for attempt, wait in WAITS.items()}
        if not first_wait_shortened:
            self._waits[FIRST_RETRY] = WAITS[FIRST_RETRY]
        self._webhook = Webhook(url=url, secret=secret, retry_enabled=True, last_success=time.time())
        self._lock = threading.Lock()
        self.book: dict[str, list[int]] = {}

    def send(self, event: str, *, how: How = "normal") -> None:
        """Deliver one event with all its retries; returns when it was acknowledged or given up."""
        with self._lock:
            answers = self.book.setdefault(event, [])

        def noted(url: str, message: Signed) -> int:
            status = post(url, message)
            answers.append(status)
            return status

        deliver(
            envelope(event),
            how=how,
            webhook=self._webhook,
            now=time.time,
            send=noted,
            pause=lambda attempt: time.sleep(self._waits[attempt]),
        )

    def stream(self, events: list[str], *, per_second: float, how: How = "normal") -> Stream:
        """Deliver events at a pace, each on its own; see `Stream`."""
        return Stream(self, events, per_second=per_second, how=how)


class Stream:
    """A stream of events under way."""

    def __init__(self, sender: Sender, events: list[str], *, per_second: float, how: How) -> None:
        self._pool = ThreadPoolExecutor(max_workers=len(events), thread_name_prefix="sender")
        begun = time.monotonic()

        def one(number: int, event: str) -> None:
            time.sleep(max(0.0, begun + number / per_second - time.monotonic()))
            sender.send(event, how=how)

        self._done = [self._pool.submit(one, number, event) for number, event in enumerate(events)]

    def join(self) -> None:
        """Wait until the sender has an answer to every event or has given it up."""
        all_done(self._done)
        self._pool.shutdown()
        for future in self._done:
            future.result()
