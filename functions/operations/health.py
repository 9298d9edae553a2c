"""What a person checks first: does the CRM take leads, does anything stand still, when was the last reconciliation."""

from __future__ import annotations

from typing import Any

from postcall.domain.circuit import Circuit

STALLED_SHOWN = 25


def breaker(circuit: Circuit) -> dict[str, Any]:
    """The circuit to the CRM: `closed` (leads flow), `open`, `half_open` (it is being tried)."""
    opened_at = None if circuit.opened_at is None else round(circuit.opened_at)
    return {"state": circuit.state, "failures": circuit.failures, "opened_at": opened_at}
