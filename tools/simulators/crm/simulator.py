"""The simulator as one object: both ports, the CRM behind them, and the questions a test asks of it."""

import ssl
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tools.simulators.crm.admin import Admin
from tools.simulators.crm.certificates import TlsMode, prepare
from tools.simulators.crm.crm import Crm
from tools.simulators.crm.profiles import DEFAULT_PROFILE, changed, configuration
from tools.simulators.crm.service import SERVICE
from tools.simulators.http.server import Listener


class CrmSimulator(Crm):
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
        super().__init__(changed(configuration(profile), settings))
        self.ca_file: Path | None = None
        context: ssl.SSLContext | None = None
        if tls is not None:
            if tls_dir is None:
                raise ValueError("tls_dir must name a directory when tls is set")
            context, self.ca_file = prepare(tls, tls_dir)
        self._listener = Listener(
            self._service.answer, host=host, port=port, name="Microsoft-IIS/10.0", context=context
        )
        try:
            admin = Admin(self, host=host, service_url=lambda: self.service_url)
            self._admin = Listener(admin.answer, host=host, port=admin_port, name="crm-simulator")
        except OSError:
            self._listener.server_close()
            raise

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(self) -> None:
        self._listener.start()
        self._admin.start()

    def close(self) -> None:
        self._background.close()
        self._listener.stop()
        self._admin.stop()

    @property
    def base_url(self) -> str:
        return self._listener.url

    @property
    def service_url(self) -> str:
        """The whole address of SaveWebFormObjectData, in the variant of the configured platform."""
        return f"{self.base_url}{self._service.config.base_path}{SERVICE}"

    @property
    def admin_url(self) -> str:
        return self._admin.url
