"""The circuit to the CRM as all workers see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Circuit:
    """`failures` in a row, since when it is open (Unix seconds), and whether somebody is asked to try the CRM."""

    failures: int = 0
    opened_at: float | None = None
    probed: bool = False

    @property
    def state(self) -> str:
        """`closed` (leads flow), `open`, `half_open` (the CRM is being tried)."""
        if self.opened_at is None:
            return "closed"
        return "half_open" if self.probed else "open"
