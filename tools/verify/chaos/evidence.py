"""What can be seen of an event from outside: by operators, in the CRM, among the dead letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tools.verify.chaos.crm import Request
from tools.verify.chaos.local import RealStack

NOT_FOUND = 404


@dataclass(frozen=True)
class Evidence:
    """One event. `record` is what `GET /api/events/{id}` answers, None for an event that nobody knows."""

    event_id: str
    acknowledged: bool
    record: dict[str, Any] | None
    leads: int
    requests: list[Request]
    dead_letters: list[str]

    @property
    def status(self) -> str | None:
        """Where it stands."""
        return None if self.record is None else str(self.record["event"]["status"])

    @property
    def attempts(self) -> list[dict[str, Any]]:
        """The rows of `crm_dispatches`."""
        return [] if self.record is None else list(self.record["dispatches"])


def gather(stack: RealStack, events: Iterable[str], acknowledged: set[str]) -> list[Evidence]:
    """All that is known of these events, now."""
    dead_letters, requests = stack.queues.dead_letters(), stack.crm.requests()
    return [
        Evidence(
            event_id,
            acknowledged=event_id in acknowledged,
            record=_record(stack, event_id),
            leads=len(stack.crm.leads(event_id)),
            requests=[request for request in requests if request.event_id == event_id],
            dead_letters=dead_letters.get(event_id, []),
        )
        for event_id in events
    ]


def _record(stack: RealStack, event_id: str) -> dict[str, Any] | None:
    answer = stack.call_api("GET", f"/api/events/{event_id}")
    if answer.status_code == NOT_FOUND:
        return None
    answer.raise_for_status()
    return dict(answer.json())
