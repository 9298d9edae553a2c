"""The simulator as one object: both ports, the CRM behind them, and the questions a test asks of it."""

import ssl
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tools.simulators.crm.admin import admin_handler
from tools.simulators.crm.background import Background
from tools.simulators.crm.certificates import TlsMode, prepare
from tools.simulators.crm.faults import fault
from tools.simulators.crm.profiles import DEFAULT_PROFILE, changed, configuration
from tools.simulators.crm.server import Listener, crm_handler
from tools.simulators.crm.service import SERVICE, Service


class CrmSimulator:
    """A CRM on loopback. `with CrmSimulator(profile="stock") as crm: post(crm.service_url, …); crm.leads()`.

    Further settings are those of `profiles.Configuration`, as keyword arguments.
    """

    def __init__(
        self,
        *,
        profile: str = DEFAULT_PROFILE,
        host: str = "127.0.0.1",
        port: int = 0,
        admin_port: int = 0,
        tls: TlsMode | None = None,
        tls_dir: Path | None = None,
        **settings: Any,  # noqa: ANN401 — each setting has its own type; profiles.changed checks it
    ) -> None:
        self.host = host
        self._start = changed(configuration(profile), settings)
        self._background = Background(self._log)
        self._service = Service(self._start, self._background)
        self.ca_file: Path | None = None
        context: ssl.SSLContext | None = None
        if tls is not None:
            if tls_dir is None:
                raise ValueError("tls_dir must name a directory when tls is set")
            context, self.ca_file = prepare(tls, tls_dir)
        self.scheme = "https" if context else "http"
        self._crm = Listener(host, port, crm_handler(self._service, self.scheme), context)
        try:
            self._admin = Listener(host, admin_port, admin_handler(self))
        except OSError:
            self._crm.server_close()
            raise

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        self._crm.start()
        self._admin.start()

    def close(self) -> None:
        self._background.close()
        self._crm.stop()
        self._admin.stop()

    @property
    def base_url(self) -> str:
        return f"{self.scheme}://{self.host}:{self._crm.port}"

    @property
    def service_url(self) -> str:
        """The whole address of SaveWebFormObjectData, in the variant of the configured platform."""
        return f"{self.base_url}{self._service.config.base_path}{SERVICE}"

    @property
    def admin_url(self) -> str:
        return f"http://{self.host}:{self._admin.port}"

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
