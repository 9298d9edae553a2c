"""How things stand for a message of the dispatch queue, before anything is decided."""

from __future__ import annotations

from dataclasses import dataclass

from postcall.domain.analysis import RecordedAnalysis
from postcall.domain.circuit import Circuit
from postcall.domain.event import CallEvent


@dataclass(frozen=True)
class Standing:
    """The event as it stands, its newest analysis, and the circuit to the CRM: None where that cannot be read."""

    event: CallEvent | None
    analysis: RecordedAnalysis | None
    circuit: Circuit | None = None
