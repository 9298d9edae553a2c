"""The CRM as its owner sees it: leads, the journal of requests; and its faults, which a schedule may order."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True)
class Request:
    """A request in the CRM's journal."""

    event_id: str | None
    body: Any
    faults: tuple[str, ...]


class Crm:
    """The admin side of the CRM simulator."""

    def __init__(self, admin_url: str, service_url: str) -> None:
        self._http = httpx.Client(base_url=admin_url, trust_env=False, timeout=30)
        self._service_url = service_url

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def leads(self, event_id: str | None = None) -> list[dict[str, Any]]:
        """The leads, of one event or all."""
        return list(self._ask("GET", "/api/leads", params={"event_id": event_id} if event_id else {}))

    def requests(self) -> list[Request]:
        """Every request that reached it."""
        return [_request(entry) for entry in self._ask("GET", "/api/requests")]

    def repeats_conflict(self, *, conflict: bool) -> None:
        """Whether a repeated event id is refused (409), or makes a second lead."""
        self._ask("PUT", "/api/config", json={"letter_duplicates": "conflict" if conflict else "second_lead"})

    def fail(self, fault: str, *, count: int) -> None:
        """The next so many requests, whosever they are, meet a fault."""
        self._ask("POST", "/api/faults", json={"fault": fault, "count": count})

    def mend(self) -> None:
        """No ordered fault any more."""
        self._ask("DELETE", "/api/faults")

    def post(self, payload: object, *, origin: str) -> None:
        """A request past our system, as a second sender would make it."""
        headers = {"Origin": origin, "Referer": f"{origin}/"}
        httpx.post(self._service_url, json=payload, headers=headers, trust_env=False, timeout=30).raise_for_status()

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        answer = self._http.request(method, path, **options)
        answer.raise_for_status()
        return answer.json()


def marked(fault: str, *, seconds: float | None = None, once: bool = False) -> str:
    """A value for a call that orders a fault for its own requests, each time or only the first."""
    number = "" if seconds is None else f":{seconds:g}"
    return f"agent_invented [[fault{'-once' if once else ''}:{fault}{number}]]"


def _request(entry: dict[str, Any]) -> Request:
    try:
        body = json.loads(entry["body"])
        fields = {pair["name"]: pair["value"] for pair in body["fields"]}
    except (ValueError, KeyError, TypeError):
        body, fields = entry["body"], {}
    return Request(fields.get("UsrEventId"), body, tuple(entry["faults"]))
