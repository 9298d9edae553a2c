"""The window on the simulated ElevenLabs, on its own port: conversations are made, delivered and spoilt here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

from tools.simulators.elevenlabs.conversations import WrongConversation, row
from tools.simulators.elevenlabs.delivery import WAYS
from tools.simulators.elevenlabs.elevenlabs import ElevenLabs
from tools.simulators.elevenlabs.faults import KNOWN
from tools.simulators.http.admin import AdminApi, JsonObject, fault_order


class Admin:
    """What the window can ask and order. `api_url` is where the API listens."""

    def __init__(self, elevenlabs: ElevenLabs, *, host: str, api_url: Callable[[], str]) -> None:
        self._elevenlabs = elevenlabs
        self._api_url = api_url
        routes: dict[tuple[str, str], Callable[[JsonObject], object]] = {
            ("GET", "/healthz"): self._health,
            ("GET", "/api/conversations"): self._conversations,
            ("POST", "/api/conversations"): self._add,
            ("PATCH", "/api/conversations"): self._change,
            ("POST", "/api/deliver"): self._deliver,
            ("GET", "/api/deliveries"): lambda _: [asdict(each) for each in elevenlabs.deliveries],
            ("GET", "/api/requests"): lambda _: elevenlabs.requests(),
            ("PUT", "/api/webhook"): lambda members: elevenlabs.point_to(**members),
            ("GET", "/api/faults"): self._faults,
            ("POST", "/api/faults"): self._fail,
            ("POST", "/api/reset"): self._reset,
        }
        self.answer = AdminApi(host, routes).answer

    def _health(self, _: JsonObject) -> JsonObject:
        elevenlabs = self._elevenlabs
        return {
            "status": "ok",
            "api_url": self._api_url(),
            "webhook_url": elevenlabs.workspace.webhook.url,
            "conversations": len(elevenlabs.workspace.conversations),
        }

    def _conversations(self, _: JsonObject) -> list[JsonObject]:
        with self._elevenlabs.workspace.lock:
            return [row(whole) for whole in self._elevenlabs.workspace.conversations.values()]

    def _add(self, members: JsonObject) -> JsonObject:
        """`{"conversation_id"?, "ago"?, "seconds"?, "status"?, "agent_id"?, "deliver"?: how, …}`."""
        how = members.pop("deliver", None)
        conversation_id = self._elevenlabs.add(**members)
        done = self._deliver({"conversation_id": conversation_id, "how": how}) if how else {}
        return {"conversation_id": conversation_id, **done}

    def _change(self, members: JsonObject) -> JsonObject:
        conversation_id = str(members.pop("conversation_id", ""))
        self._elevenlabs.change(conversation_id, **members)
        return {"conversation_id": conversation_id}

    def _deliver(self, members: JsonObject) -> JsonObject:
        """`{"conversation_id", "how": normal | drop | duplicate | late | stale | forged}`."""
        how = members.get("how", "normal")
        if how not in WAYS:
            raise WrongConversation(f"how is none of {', '.join(WAYS)}")
        done = self._elevenlabs.deliver(str(members.get("conversation_id")), how)
        return {"deliveries": [asdict(each) for each in done]}

    def _faults(self, _: JsonObject) -> JsonObject:
        return {"waiting": self._elevenlabs.faults.names(), "known": KNOWN}

    def _fail(self, order: JsonObject) -> JsonObject:
        """`{"fault": name, "count": 1, "number": seconds}`."""
        self._elevenlabs.fail_next(*fault_order(order))
        return self._faults({})

    def _reset(self, _: JsonObject) -> JsonObject:
        self._elevenlabs.reset()
        return self._health({})
