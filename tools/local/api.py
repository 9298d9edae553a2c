"""Plain HTTP to the stack's public faces: the webhook, the operator API and the CRM simulator's window."""

from __future__ import annotations

import dataclasses
import json
import urllib.error
import urllib.parse
import urllib.request
from typing import TYPE_CHECKING, Any

from tools.local.loopback import opener

if TYPE_CHECKING:
    from tools.local.endpoints import Endpoints
    from tools.local.sample_call import SignedCall


@dataclasses.dataclass(frozen=True)
class Response:
    """Status and JSON body; a body that is no JSON is kept as text."""

    status: int
    body: Any


class Api:
    """What a person could do with curl."""

    def __init__(self, endpoints: Endpoints) -> None:
        self._endpoints = endpoints
        self._opener = opener()

    def post_call(self, call: SignedCall) -> Response:
        """Deliver a call as ElevenLabs does."""
        headers = {"Content-Type": "application/json", "ElevenLabs-Signature": call.signature}
        return self._send(urllib.request.Request(self._endpoints.webhook_url, call.body, headers, method="POST"))  # noqa: S310

    def event(self, event_id: str) -> Response:
        """Everything that is known about an event."""
        url = f"{self._endpoints.api_url}/api/events/{urllib.parse.quote(event_id, safe='')}"
        headers = {"Authorization": f"Bearer {self._endpoints.operator_token}"}
        return self._send(urllib.request.Request(url, headers=headers))  # noqa: S310

    def leads(self, event_id: str) -> list[dict[str, Any]]:
        """The leads that the simulated CRM made for an event."""
        query = urllib.parse.urlencode({"event_id": event_id})
        answer = self._send(urllib.request.Request(f"{self._endpoints.crm_admin_url}/api/leads?{query}"))  # noqa: S310
        return list(answer.body) if answer.status == 200 else []  # noqa: PLR2004 — OK

    def _send(self, request: urllib.request.Request) -> Response:
        try:
            with self._opener.open(request, timeout=30) as answer:
                return Response(answer.status, _content(answer.read()))
        except urllib.error.HTTPError as error:
            with error:
                return Response(error.code, _content(error.read()))


def _content(body: bytes) -> Any:  # noqa: ANN401 — any JSON
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
