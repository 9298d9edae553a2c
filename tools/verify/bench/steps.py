"""One call taken through every step, each step's requests noted under its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from functions.intake.elevenlabs import Ignored, read_envelope
from postcall.aws import clients, secrets
from postcall.aws.event_table import EventTable
from postcall.aws.payloads import Payloads
from tests.support.in_memory_aws import BUCKET, EVENTS
from tools.verify.bench.bodies import webhook
from tools.verify.bench.counting import Requests
from tools.verify.bench.fill import SMALL
from tools.verify.bench.sandbox import Answer, BenchHarness

PENDING = 3  # events that stand still when the sweep looks
STANDING = timedelta(hours=1)
LONGER = 4_000  # bytes by which a revision is longer


@dataclass(frozen=True)
class Made:
    """What one step asked of AWS: operations with their counts, and the bytes of bodies each way."""

    operations: dict[str, int]
    sent_bytes: int
    received_bytes: int

    @property
    def count(self) -> int:
        return sum(self.operations.values())

    @property
    def text(self) -> str:
        return ", ".join(f"{name} {count}" for name, count in sorted(self.operations.items())) or "none"


class Steps:
    """`made` holds what the last call made, by step."""

    def __init__(self, sandbox: BenchHarness, requests: Requests) -> None:
        self.made: dict[str, Made] = {}
        self._sandbox = sandbox
        self._requests = requests

    def call(self, event_id: str, *, size: int) -> None:
        """A new call up to its lead, its repeats, its page in the console, and the sweep with and without work."""
        body, sandbox = webhook(event_id, size=size), self._sandbox
        with self._noted("intake_new"):
            _taken(sandbox.ingest(body), "received")
        with self._noted("analysis"):
            sandbox.analyse()
        with self._noted("dispatch"):
            sandbox.dispatch()
        with self._noted("intake_duplicate"):
            _taken(sandbox.ingest(body), "duplicate")
        with self._noted("intake_revision"):
            _taken(sandbox.ingest(webhook(event_id, size=size + LONGER)), "duplicate")
        with self._noted("detail"):
            sandbox.call_api(f"/api/events/{event_id}")
        with self._noted("list_of_a_day"):
            sandbox.call_api("/api/events", day=datetime.now(UTC).date().isoformat(), zone="UTC")
        self._repeat_of_a_waiting(f"{event_id}w", size)
        self._sweeps(event_id, size)

    def process_secrets(self, event_id: str) -> None:
        """Which secrets each function reads, once a process and every five minutes, for a small call."""
        body, sandbox = webhook(event_id, size=SMALL), self._sandbox
        functions: dict[str, Callable[[], Answer]] = {
            "intake": lambda: sandbox.ingest(body),
            "analysis": sandbox.analyse,
            "dispatch": sandbox.dispatch,
            "operations": lambda: sandbox.call_api("/api/events"),
        }
        for function, serve in functions.items():
            secrets.forget()
            with self._noted(f"{function}_with_its_secrets"):
                serve()

    def _repeat_of_a_waiting(self, event_id: str, size: int) -> None:
        """A repeat whose event is not analysed yet is handed on again."""
        body = webhook(event_id, size=size)
        _taken(self._sandbox.ingest(body), "received")
        with self._noted("intake_duplicate_waiting"):
            _taken(self._sandbox.ingest(body), "duplicate")
        self._sandbox.analyse()
        with self._noted("analysis_of_a_second_message"):
            self._sandbox.analyse()
        self._sandbox.dispatch()
        with self._noted("dispatch_of_a_second_message"):
            self._sandbox.dispatch()

    def _sweeps(self, event_id: str, size: int) -> None:
        with self._noted("sweep_nothing"):
            self._sandbox.sweep()
        table = EventTable(clients.dynamodb(), EVENTS, Payloads(clients.s3, BUCKET), ttl_days=90)
        for number in range(PENDING):
            call = read_envelope(webhook(f"{event_id}p{number}", size=size))
            if isinstance(call, Ignored):
                raise TypeError("The bench's own call is none of ours.")
            table.add(call, now=datetime.now(UTC) - STANDING)
        with self._noted(f"sweep_{PENDING}_pending"):
            self._sandbox.sweep()
        for _ in range(PENDING):
            self._sandbox.analyse()
            self._sandbox.dispatch()

    @contextmanager
    def _noted(self, step: str) -> Iterator[None]:
        requests = self._requests
        requests.begin()
        yield
        self.made[step] = Made(dict(requests.operations), requests.sent_bytes, requests.received_bytes)


def _taken(answer: Answer, status: str) -> None:
    if f'"status": "{status}"' not in answer["body"]:
        raise RuntimeError(f"The bench's call is not {status}: {answer['body']}")
