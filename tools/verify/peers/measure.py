"""Latency, throughput and memory of one system: webhooks of 60 KB, one after another, then from a few clients."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from tools.simulators.elevenlabs.delivery import Signed, signed
from tools.verify.peers.calls import envelope, event_id, of_scenario
from tools.verify.peers.count import ACKNOWLEDGED, percentile
from tools.verify.peers.crm import CrmStub
from tools.verify.peers.systems import System

WARM_UP: Final = 10
CLIENTS: Final = 4
SECONDS_TO_DRAIN: Final = 60.0
SAMPLE_SECONDS: Final = 0.5
REST_SECONDS: Final = 2.0


@dataclass(frozen=True)
class Speed:
    """Milliseconds, events a second, MB. `leads_per_second` counts until the last lead, or until a minute is over.

    The acknowledgement is measured twice: beside what follows the calls before, and while that rests where it can.
    """

    ack_p50_ms: float
    ack_p99_ms: float
    ack_alone_p50_ms: float
    acks_per_second: float
    leads_per_second: float
    undelivered_after_a_minute: int
    resident_mb_at_rest: dict[str, float]
    resident_mb_highest: dict[str, float]


def measure(system: System, crm: CrmStub, *, requests: int, seconds: float) -> Speed:
    """Measure a system that has just been started."""
    with closing(Client(system)) as client:
        for number in range(WARM_UP):
            client.post("warm", number)
        time.sleep(REST_SECONDS)
        at_rest = system.megabytes()
        took = [client.post("one", number) for number in range(requests)]
        _drained(crm, "one", requests if system.makes_leads else 0)
        with system.resting():
            took_alone = [client.post("alone", number) for number in range(requests)]
        _drained(crm, "alone", requests if system.makes_leads else 0)
    with _memory(system) as highest:
        begun = time.monotonic()
        acknowledged = _load(system, begun + seconds)
        loaded = time.monotonic() - begun
        leads, last = _drained(crm, "many", acknowledged if system.makes_leads else 0)
    return Speed(
        ack_p50_ms=percentile(took, 50),
        ack_p99_ms=percentile(took, 99),
        ack_alone_p50_ms=percentile(took_alone, 50),
        acks_per_second=acknowledged / loaded,
        leads_per_second=leads / (last - begun),
        undelivered_after_a_minute=acknowledged - leads if system.makes_leads else 0,
        resident_mb_at_rest=at_rest,
        resident_mb_highest=highest,
    )


class Client:
    """One connection, kept alive, that posts signed webhooks."""

    def __init__(self, system: System) -> None:
        parts = urlsplit(system.url)
        self._path, self._secret = parts.path, system.secret
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)

    def post(self, scenario: str, number: int) -> float:
        """Post one event; the milliseconds to its acknowledgement.

        Raises:
            RuntimeError: For another answer.
        """
        message: Signed = signed(envelope(event_id(scenario, number)), secret=self._secret, at=time.time())
        headers = {"Content-Type": "application/json", "ElevenLabs-Signature": message.header}
        begun = time.perf_counter()
        self._connection.request("POST", self._path, message.body, headers)
        answer = self._connection.getresponse()
        answer.read()
        took = time.perf_counter() - begun
        if answer.status != ACKNOWLEDGED:
            raise RuntimeError(f"A genuine webhook was answered with {answer.status} by {self._path}.")
        return took * 1000

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _load(system: System, until: float) -> int:
    """Several clients, each posting as soon as it was answered; how many events were acknowledged."""
    counts = [0] * CLIENTS

    def one(index: int) -> None:
        with closing(Client(system)) as client:
            while time.monotonic() < until:
                client.post("many", index * 1_000_000 + counts[index])
                counts[index] += 1

    clients = [threading.Thread(target=one, args=(index,)) for index in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return sum(counts)


def _drained(crm: CrmStub, scenario: str, expected: int) -> tuple[int, float]:
    """Wait until the CRM has a scenario's leads, or a minute is over: how many it has, and when the last one came."""
    deadline = time.monotonic() + SECONDS_TO_DRAIN
    made, last = 0, time.monotonic()
    while made < expected and time.monotonic() < deadline:
        time.sleep(0.1)
        now = sum(1 for lead in crm.leads() if lead.startswith(of_scenario(scenario)))
        if now > made:
            made, last = now, time.monotonic()
    return made, last


@contextmanager
def _memory(system: System) -> Iterator[dict[str, float]]:
    """Sample the memory until the block ends; the highest by part."""
    highest: dict[str, float] = {}
    over = threading.Event()
    sampling = threading.Thread(target=_sample, args=(system.megabytes, highest, over))
    sampling.start()
    try:
        yield highest
    finally:
        over.set()
        sampling.join()


def _sample(megabytes: Callable[[], dict[str, float]], highest: dict[str, float], over: threading.Event) -> None:
    while True:
        for part, now in megabytes().items():
            highest[part] = max(highest.get(part, 0.0), now)
        if over.wait(SAMPLE_SECONDS):
            return
