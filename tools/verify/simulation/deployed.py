"""The settings under which leads are sent, which somebody may change between two attempts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from functions.dispatch.settings import WireFormat
from postcall.domain.deduplication import Deduplication
from postcall.domain.event import CallEvent
from postcall.domain.terms import SendingTerms
from tools.verify.simulation.fault_injector import FaultInjector
from tools.verify.simulation.faults import Fault


@dataclass(frozen=True)
class Deployed:
    """One deployment's settings; a worker keeps to those with which it began."""

    wire_format: WireFormat
    deduplication: Deduplication
    landing: str = "landing"
    address: str = "https://crm.example/save"
    column: str = "UsrEventId"

    def terms(self, event: CallEvent) -> SendingTerms:
        """The port of dispatch."""
        return SendingTerms(
            deduplication=self.deduplication,
            wire_format=self.wire_format,
            landing_id=self.landing,
            address=self.address,
            field_map=f"map@{self.column}",
            key=self._key(event.event_id),
        )

    def known_by(self, event_id: str) -> str | None:
        """By what the CRM of this deployment knows a repeat of the event's lead; None where it knows none."""
        key = self._key(event_id)
        return None if key is None else f"{self.deduplication} {self.landing} {self.address} {key}"

    def _key(self, event_id: str) -> str | None:
        names = {Deduplication.LEAD_ID: "Id", Deduplication.EVENT_ID: self.column}
        name = names.get(self.deduplication)
        return None if name is None else f"{name}={event_id}"


class Settings:
    """The settings in force. The first deployment lasts but for the spells in which somebody tries another."""

    def __init__(self, first: Deployed, injector: FaultInjector, *, seed: str) -> None:
        dice = Random(f"{seed}/settings")  # noqa: S311 — reproducible on purpose
        others = [each for each in Deduplication if each is not first.deduplication]
        self._first, self._injector = first, injector
        self._other = dice.choice(others)

    def now(self) -> Deployed:
        """What a worker that begins now is told."""
        found = self._first
        changes: Sequence[tuple[Fault, dict[str, object]]] = (
            (Fault.DEDUPLICATION_CHANGED, {"deduplication": self._other}),
            (Fault.LANDING_CHANGED, {"landing": "another landing"}),
            (Fault.ADDRESS_CHANGED, {"address": "https://another.example/save"}),
            (Fault.FIELD_MAP_CHANGED, {"column": "UsrCallId"}),
        )
        for fault, members in changes:
            if self._injector.lasts(fault):
                found = replace(found, **members)  # type: ignore[arg-type]  # its own members
        return found
