"""The window on the simulated ElevenLabs, on its own port: conversations are made, delivered and spoilt here."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tools.simulators.crm.exchange import Response
from tools.simulators.crm.server import Handler
from tools.simulators.elevenlabs.conversations import WrongConversation, row
from tools.simulators.elevenlabs.delivery import WAYS
from tools.simulators.elevenlabs.faults import KNOWN, UnknownFault

if TYPE_CHECKING:
    from tools.simulators.elevenlabs.simulator import ElevenLabsSimulator

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
Members = dict[str, Any]


class Admin:
    """The admin API without its sockets."""

    def __init__(self, elevenlabs: ElevenLabsSimulator) -> None:
        self._elevenlabs = elevenlabs
        self._routes: dict[tuple[str, str], Callable[[Members], Any]] = {
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

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Only pages of this very address may ask: a browser would let any page send a simple request to loopback."""
        host, origin = headers.get("Host", ""), headers.get("Origin")
        foreign = origin is not None and urlsplit(origin).netloc != host
        if foreign or (self._elevenlabs.host in _LOOPBACK and urlsplit(f"//{host}").hostname not in _LOOPBACK):
            return _json(403, {"error": "only pages of this address may ask"})
        route = self._routes.get((method, urlsplit(target).path))
        if route is None:
            return _json(404, {"error": f"there is no {method} {urlsplit(target).path}"})
        try:
            return _json(200, route(_object(body)))
        except (WrongConversation, UnknownFault, TypeError) as error:
            return _json(400, {"error": str(error)})

    def _health(self, _: Members) -> Members:
        elevenlabs = self._elevenlabs
        return {
            "status": "ok",
            "api_url": elevenlabs.api_url,
            "webhook_url": elevenlabs.workspace.webhook.url,
            "conversations": len(elevenlabs.workspace.conversations),
        }

    def _conversations(self, _: Members) -> list[Members]:
        with self._elevenlabs.workspace.lock:
            return [row(whole) for whole in self._elevenlabs.workspace.conversations.values()]

    def _add(self, members: Members) -> Members:
        """`{"conversation_id"?, "ago"?, "seconds"?, "status"?, "agent_id"?, "deliver"?: how, …}`."""
        how = members.pop("deliver", None)
        conversation_id = self._elevenlabs.add(**members)
        done = self._deliver({"conversation_id": conversation_id, "how": how}) if how else {}
        return {"conversation_id": conversation_id, **done}

    def _change(self, members: Members) -> Members:
        conversation_id = str(members.pop("conversation_id", ""))
        self._elevenlabs.change(conversation_id, **members)
        return {"conversation_id": conversation_id}

    def _deliver(self, members: Members) -> Members:
        """`{"conversation_id", "how": normal | drop | duplicate | late | stale | forged}`."""
        how = members.get("how", "normal")
        if how not in WAYS:
            raise WrongConversation(f"how is none of {', '.join(WAYS)}")
        done = self._elevenlabs.deliver(str(members.get("conversation_id")), how)
        return {"deliveries": [asdict(each) for each in done]}

    def _faults(self, _: Members) -> Members:
        return {"waiting": self._elevenlabs.faults.waiting(), "known": KNOWN}

    def _fail(self, order: Members) -> Members:
        """`{"fault": name, "count": 1, "number": seconds}`."""
        count, number = order.get("count", 1), order.get("number")
        if not isinstance(count, int) or count < 1 or not isinstance(number, int | float | None):
            raise WrongConversation("count must be a positive whole number, and number a number of seconds")
        self._elevenlabs.fail_next(str(order.get("fault")), count, number)
        return self._faults({})

    def _reset(self, _: Members) -> Members:
        self._elevenlabs.reset()
        return self._health({})


def _object(body: bytes) -> Members:
    """A JSON object, {} for an empty body. Raises `WrongConversation`."""
    try:
        found = json.loads(body or b"{}")
    except ValueError as error:
        raise WrongConversation(f"the body is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise WrongConversation("the body must be a JSON object")
    return found


def _json(status: int, value: object) -> Response:
    body = json.dumps(value, ensure_ascii=False, default=str).encode()
    return Response(status, body, (("Content-Type", "application/json; charset=utf-8"), ("Cache-Control", "no-store")))


def admin_handler(admin: Admin) -> type[Handler]:
    """The handler class of the admin's port."""

    class AdminHandler(Handler):
        server_version = "elevenlabs-simulator"

        def answered(self, method: str) -> Response:
            return admin.answer(method, self.path, dict(self.headers.items()), self.body())

    return AdminHandler
