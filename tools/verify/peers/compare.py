"""The run: install all systems; then measure each, and let misfortunes befall it, alone on the machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from tools.verify.peers import processes
from tools.verify.peers.crm import CrmStub
from tools.verify.peers.failure_scenarios import Faults, failure_scenarios
from tools.verify.peers.functions import Floor, PlainFunction
from tools.verify.peers.install import DIRECTORY, Say
from tools.verify.peers.measure import Speed, measure
from tools.verify.peers.n8n import N8nAtOnce, N8nLastNode
from tools.verify.peers.node_red import NodeRedAtOnce, NodeRedLastNode
from tools.verify.peers.postcall import Postcall
from tools.verify.peers.receivers import BackgroundReceiver, QueueReceiver
from tools.verify.peers.systems import System

SYSTEMS: Final[dict[str, Callable[[], System]]] = {
    "floor": Floor,
    "postcall": Postcall,
    "lambda_plain": PlainFunction,
    "n8n_at_once": N8nAtOnce,
    "n8n_last_node": N8nLastNode,
    "node_red_at_once": NodeRedAtOnce,
    "node_red_last_node": NodeRedLastNode,
    "fastapi_background": BackgroundReceiver,
    "fastapi_queue": QueueReceiver,
}


@dataclass(frozen=True)
class Sizes:
    """How much is sent: events of the killed stream, requests one after another, seconds of several clients."""

    events: int
    requests: int
    seconds: float


@dataclass(frozen=True)
class Found:
    """What the run found about one system; no misfortunes of one that makes no leads."""

    setting: str
    versions: dict[str, str]
    speed: Speed
    faults: Faults | None


def compare(systems: Sequence[System], sizes: Sizes, say: Callable[[str, str], None]) -> dict[str, Found]:
    """Compare them; by name. `say` takes the system's name and a line. Each is stopped when it is done.

    Raises:
        InstallError: A peer could not be installed; the text is for a person.
        StartError: A process does not start, or ends.
        RuntimeError: A system does not answer as it should.
    """
    for system in systems:
        system.prepare(_of(system, say))
    speeds = {system.name: _speed(system, sizes, _of(system, say)) for system in systems}
    faults = {system.name: _faults(system, sizes, _of(system, say)) for system in systems}
    return {
        system.name: Found(system.setting, system.versions(), speeds[system.name], faults[system.name])
        for system in systems
    }


def _speed(system: System, sizes: Sizes, say: Say) -> Speed:
    with _running(system, say) as crm:
        say("measuring …")
        speed = measure(system, crm, requests=sizes.requests, seconds=sizes.seconds)
    times = f"{speed.ack_p50_ms:.1f} ms, {speed.ack_alone_p50_ms:.1f} alone"
    say(f"acknowledges in {times}, {speed.acks_per_second:.0f} a second")
    return speed


def _faults(system: System, sizes: Sizes, say: Say) -> Faults | None:
    if not system.makes_leads:
        return None
    with _running(system, say) as crm:
        faults = failure_scenarios(system, crm, events=sizes.events, say=say)
    say("done")
    return faults


def abandon(systems: Sequence[System]) -> None:
    """Stop every process of a run that failed or was interrupted."""
    for system in systems:
        system.stop()
    processes.stop_everything()


@contextmanager
def _running(system: System, say: Say) -> Iterator[CrmStub]:
    """The system with a CRM of its own, until the block ends."""
    with CrmStub(DIRECTORY / "runs" / f"{system.name}-crm.log") as crm:
        try:
            say("starting …")
            system.start(crm.url)
            yield crm
        finally:
            system.stop()


def _of(system: System, say: Callable[[str, str], None]) -> Say:
    return lambda line: say(system.name, line)
