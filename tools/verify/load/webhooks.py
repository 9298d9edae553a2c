"""The webhooks' bytes: the sample call with an id of its own, signed at the moment it is sent."""

from __future__ import annotations

import time

from tools.local.sample_call import fresh_call
from tools.simulators.elevenlabs.signing import signature


class Webhooks:
    """The same call under any id; only the id differs, so every event costs the same."""

    def __init__(self, *, secret: str, now: int) -> None:
        self._secret = secret
        call = fresh_call(secret=secret, now=now)
        self._template, self._id = call.body, call.conversation_id.encode()

    @property
    def size(self) -> int:
        """Bytes of one body."""
        return len(self._template)

    def body(self, event_id: str) -> bytes:
        """The call under this id."""
        return self._template.replace(self._id, event_id.encode())

    def signed(self, event_id: str) -> tuple[bytes, str]:
        """The body, and the signature's header made at this moment."""
        body = self.body(event_id)
        return body, signature(body, secret=self._secret, at=int(time.time()))
