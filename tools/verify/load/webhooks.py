"""The webhooks' bytes: the sample call with an id of its own, signed at the moment it is sent."""

from __future__ import annotations

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

    def signed(self, event_id: str, *, at: int) -> tuple[bytes, str]:
        """The body, and the signature's header made at this moment (Unix seconds)."""
        body = self._template.replace(self._id, event_id.encode())
        return body, signature(body, secret=self._secret, at=at)
