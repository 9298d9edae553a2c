"""The simulator as one object: the API's port, the admin's port, and the questions a test asks of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tools.simulators.elevenlabs.admin import Admin
from tools.simulators.elevenlabs.api import Api
from tools.simulators.elevenlabs.delivery import Post, post
from tools.simulators.elevenlabs.elevenlabs import ElevenLabs
from tools.simulators.elevenlabs.workspace import Webhook
from tools.simulators.http.server import Listener

API_KEY = "sk_invented_elevenlabs_key"


class ElevenLabsSimulator(ElevenLabs):
    """ElevenLabs on loopback. `with ElevenLabsSimulator() as el: el.add(); el.deliver(…)`; the API is at `el.api_url`.

    `post` is how a webhook reaches us: over HTTP to the webhook's URL, or, in one process, straight to a handler.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        admin_port: int = 0,
        api_key: str = API_KEY,
        webhook_url: str = "",
        webhook_secret: str = "",
        post: Post = post,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.host = host
        self.api_key = api_key
        super().__init__(Webhook(url=webhook_url, secret=webhook_secret), post=post, now=now)
        api = Api(self.workspace, self.faults, api_key)
        self._api = Listener(api.answer, host=host, port=port, name="elevenlabs-simulator")
        try:
            admin = Admin(self, host=host, api_url=lambda: self.api_url)
            self._admin = Listener(admin.answer, host=host, port=admin_port, name="elevenlabs-simulator")
        except OSError:
            self._api.server_close()
            raise

    def __enter__(self) -> Self:
        self._api.start()
        self._admin.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._api.stop()
        self._admin.stop()

    @property
    def api_url(self) -> str:
        return self._api.url

    @property
    def admin_url(self) -> str:
        return self._admin.url
