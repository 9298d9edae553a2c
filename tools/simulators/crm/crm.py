"""The simulated CRM without its sockets: the service, and the questions that a test asks of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from tools.simulators.crm.background import Background
from tools.simulators.crm.faults import fault
from tools.simulators.crm.profiles import Configuration, changed, configuration
from tools.simulators.crm.service import Service


class Crm:
    """What it holds and how it behaves."""

    def __init__(self, start: Configuration) -> None:
        self._start = start
        self._background = Background(self._log)
        self._service = Service(start, self._background)

    def leads(self, event_id: str | None = None) -> list[dict[str, Any]]:
        """The leads in the order they were made, all or those of one event."""
        return self._service.records.leads(event_id)

    @property
    def lead_count(self) -> int:
        return self._service.records.lead_count

    @property
    def request_count(self) -> int:
        return len(self._service.records.requests)

    def requests(self) -> list[dict[str, Any]]:
        """Every request with its headers, its raw body and what was answered."""
        return [asdict(exchanged) for exchanged in list(self._service.records.requests)]

    def lookups(self) -> dict[str, list[dict[str, Any]]]:
        return self._service.records.books()

    def web_form_data(self) -> list[dict[str, Any]]:
        return [dict(row) for row in self._service.records.web_form_data]

    def contacts(self) -> list[dict[str, Any]]:
        return [dict(contact) for contact in self._service.records.contacts]

    def log(self) -> list[str]:
        """What the background tasks would have written to the CRM's log."""
        return list(self._service.records.log)

    @property
    def configuration(self) -> dict[str, Any]:
        return asdict(self._service.config)

    def configure(self, /, **settings: Any) -> None:  # noqa: ANN401 — as in the constructor
        """Change settings for the requests to come; a `profile` among them starts anew. Raises ConfigurationError."""
        start = configuration(settings.pop("profile")) if "profile" in settings else self._service.config
        self._service.config = changed(start, settings)
        self._service.records.seed(self._service.config)

    def fail_next(self, name: str, count: int = 1, number: float | None = None) -> None:
        """Let the next `count` calls meet the fault; `number`: its seconds or Retry-After. Raises UnknownFault."""
        self._service.faults.add(fault(name, number), count)

    def waiting_faults(self) -> list[dict[str, Any]]:
        return self._service.faults.waiting()

    def clear_faults(self) -> None:
        self._service.faults.clear()

    def reset(self) -> None:
        """Forget all records, faults and changes of the configuration."""
        self._service.reset(self._start)

    def wait_until_idle(self, seconds: float = 5.0) -> bool:
        """Wait for the background tasks; whether they have ended."""
        return self._background.wait_until_idle(seconds)

    @property
    def pending_tasks(self) -> int:
        return self._background.pending

    def _log(self, line: str) -> None:
        self._service.records.log.append(line)
