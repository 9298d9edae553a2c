"""The CRM simulator seen through its window: what it holds, how it is limited, and how it is taken away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from tools.verify.load.audit import Lead

FOREVER = 10**9
SECONDS = 60.0


@dataclass(frozen=True)
class CrmLimit:
    """The CRM takes so long for each request, and so many a second (0: as many as come)."""

    seconds_a_request: float
    requests_a_second: float

    @property
    def settings(self) -> dict[str, str]:
        """Dispatch keeps to it, as an operator would set it."""
        rate = self.requests_a_second
        return {"CRM_MAX_REQUESTS_PER_SECOND": f"{rate:g}"} if rate else {}


class CrmWindow:
    """The simulator's admin API. `url` is its address."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=SECONDS, trust_env=False)

    def close(self) -> None:
        """End the connection."""
        self._http.close()

    def count(self) -> int:
        """How many leads it holds."""
        return int(self._asked("GET", "/healthz")["leads"])

    def leads(self) -> list[Lead]:
        """All of them, in the order they were made."""
        return [_lead(members) for members in self._asked("GET", "/api/leads")]

    def reset(self) -> None:
        """Forget its leads, its limits and its faults."""
        self._asked("POST", "/api/reset", {})

    def limit(self, to: CrmLimit) -> None:
        """Let each request take its time, and answer 429 above the rate."""
        changes = {"save_seconds": to.seconds_a_request, "max_requests_per_second": to.requests_a_second}
        self._asked("PUT", "/api/config", changes)

    def fail(self, fault: str) -> None:
        """Answer every request with this fault, until `recover`."""
        self._asked("POST", "/api/faults", {"fault": fault, "count": FOREVER})

    def recover(self) -> None:
        """Answer as a healthy CRM does."""
        self._asked("DELETE", "/api/faults")

    def _asked(self, method: str, path: str, body: Any = None) -> Any:  # noqa: ANN401 — any JSON
        answer = self._http.request(method, path, json=body)
        answer.raise_for_status()
        return answer.json()


def _lead(members: dict[str, Any]) -> Lead:
    created = datetime.fromisoformat(members["created_on"]).timestamp()
    return Lead(members["id"], members["event_id"], created, members["updated"])
