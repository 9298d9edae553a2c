"""The CRM of the simulation: it saves leads or does not, and answers truly, wrongly, late or never."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from random import Random
from typing import Protocol

from functions.dispatch import classify as judging
from functions.dispatch.classify import Exchange, Terms
from functions.dispatch.settings import WireFormat
from postcall.domain.deduplication import Deduplication
from postcall.domain.outcome import Verdict
from tools.verify.simulation.deployed import Deployed
from tools.verify.simulation.event_log import EventLog
from tools.verify.simulation.fault_injector import FaultInjector
from tools.verify.simulation.faults import Fault
from tools.verify.simulation.kernel import MINUTE, SECOND, Kernel
from tools.verify.simulation.network import Network
from tools.verify.simulation.replies import CONFLICT, CREATED, KEY_TAKEN, REPLIES, SAVED, TOO_SLOW, Reply

SPELLS = (
    Fault.CRM_UNREACHABLE,
    Fault.CRM_CERTIFICATE,
    Fault.CRM_DOWN,
    Fault.CRM_LANDING_OFF,
    Fault.CRM_NOT_UNDERSTOOD,
    Fault.CRM_FLAPPING,
)
BLOWS = tuple(fault for fault in REPLIES if fault not in SPELLS)


class Watcher(Protocol):
    """Who is told of every request and every lead."""

    def asked(self, event_id: str, attempt: int, payload: str) -> None:
        """A request is about to leave."""

    def saved(self, event_id: str, attempt: int) -> None:
        """The CRM has saved a new lead."""


@dataclass
class Request:
    """One request that left, and whether it made, or still makes, a lead."""

    event_id: str
    attempt: int
    deployed: Deployed
    saves: bool = False

    @property
    def key(self) -> str | None:
        """By what the CRM knows a repeat of it."""
        return self.deployed.known_by(self.event_id)


def body(event_id: str, attempt: int, deployed: Deployed) -> str:
    """What stands for a lead's payload: enough to tell every request from every other, and how it was sent."""
    return json.dumps({"UsrEventId": event_id, "attempt": attempt, "sent": asdict(deployed)})


def read_body(payload: str) -> Request:
    """The request that a payload makes."""
    members = json.loads(payload)
    sent = members["sent"]
    sent |= {"wire_format": WireFormat(sent["wire_format"]), "deduplication": Deduplication(sent["deduplication"])}
    return Request(members["UsrEventId"], members["attempt"], Deployed(**sent))


class SimulatedCrm:
    """The port of dispatch. `leads` counts the leads of each event."""

    def __init__(
        self,
        kernel: Kernel,
        network: Network,
        injector: FaultInjector,
        event_log: EventLog,
        watcher: Watcher,
        *,
        seed: str,
        timeout_seconds: float,
    ) -> None:
        self.leads: dict[str, int] = {}
        self._keys: dict[str, set[str]] = {}  # by which the leads that are there are known
        self.requests: list[Request] = []
        self.script: list[Fault] = []
        self._kernel, self._network, self._injector, self._event_log, self._watcher = (
            kernel,
            network,
            injector,
            event_log,
            watcher,
        )
        self._timeout = int(timeout_seconds * SECOND)
        self._random = Random(f"{seed}/crm")  # noqa: S311 — reproducible on purpose

    def send(self, payload: str) -> Verdict:
        """One request, once."""
        request = read_body(payload)
        terms = Terms(request.deployed.wire_format, request.deployed.deduplication)

        def exchange() -> Verdict:
            self._watcher.asked(request.event_id, request.attempt, payload)
            self.requests.append(request)
            return judging.classify(self._exchange(request), terms)

        verdict = self._network.call("crm.send", exchange, about=request.event_id)
        self._event_log.tell(request.event_id, f"attempt {request.attempt}: the CRM said {verdict.outcome}")
        return verdict

    def has(self, event_id: str) -> bool:
        """What a person sees who looks into the CRM now."""
        return self.leads.get(event_id, 0) > 0

    def _exchange(self, request: Request) -> Exchange:
        if self._injector.lasts(Fault.CRM_SLOW):
            return self._slowly(request, self._injector.between(Fault.CRM_SLOW, 1, 60) * SECOND)
        self._kernel.pause(self._random.randint(100, 1_500))
        reply = self._reply(request.deployed)
        request.saves = reply.saves
        if reply.minutes_late:
            self._kernel.later(reply.minutes_late * MINUTE, lambda: self._save(request))
            return reply.exchange
        taken = self._save(request) if reply.saves else False
        self._kernel.pause(self._timeout if reply.exchange.error == "ReadTimeout" else self._random.randint(5, 500))
        return self._taken() if taken and reply in {SAVED, CREATED} else reply.exchange

    def _slowly(self, request: Request, needed: int) -> Exchange:
        """The CRM saves in its own time, whether our client still waits or not."""
        request.saves = True
        self._kernel.later(needed, lambda: self._save(request))
        self._kernel.pause(min(needed + 1, self._timeout))
        return SAVED.exchange if needed < self._timeout else TOO_SLOW

    def _reply(self, deployed: Deployed) -> Reply:
        if self.script:
            return REPLIES[self.script.pop(0)][0]
        for fault in SPELLS:
            if self._injector.lasts(fault):
                return self._injector.one_of(fault, REPLIES[fault])
        for fault in BLOWS:
            if self._injector.strikes(fault):
                return self._injector.one_of(fault, REPLIES[fault])
        created = deployed.wire_format is WireFormat.LETTER and self._random.random() < 0.2
        return CREATED if created else SAVED

    def _save(self, request: Request) -> bool:
        """Save a lead, as the CRM's own uniqueness allows; True when there is one already."""
        known = self._keys.setdefault(request.event_id, set())
        if request.key is not None and request.key in known:
            return request.deployed.deduplication is Deduplication.EVENT_ID
        if request.key is not None:
            known.add(request.key)
        self.leads[request.event_id] = self.leads.get(request.event_id, 0) + 1
        self._event_log.tell(
            request.event_id, f"the CRM saves lead {self.leads[request.event_id]} (attempt {request.attempt})"
        )
        self._watcher.saved(request.event_id, request.attempt)
        return False

    def _taken(self) -> Exchange:
        return self._random.choice((CONFLICT, KEY_TAKEN, SAVED.exchange))
