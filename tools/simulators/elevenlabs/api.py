"""ElevenLabs' own API: conversations in a list and one by one, and the workspace's webhooks."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qs, unquote, urlsplit

from tools.simulators.elevenlabs.faults import Faults
from tools.simulators.elevenlabs.workspace import Workspace, WrongQuestion
from tools.simulators.http.messages import Request, Response, json_response

CONVERSATIONS = "/v1/convai/conversations"
WEBHOOKS = "/v1/workspace/webhooks"


class Api:
    """The API without its sockets."""

    def __init__(self, workspace: Workspace, faults: Faults, api_key: str) -> None:
        self._workspace = workspace
        self._faults = faults
        self._api_key = api_key

    def answer(self, request: Request) -> Response | None:
        """The answer, or None when the connection is to be cut."""
        with self._workspace.lock:
            self._workspace.requests.append(f"{request.method} {request.path}")
        answer = self._served(request.method, request.path, request.headers, request.body)
        fault = self._faults.take()
        return answer if fault is None else fault.spoil(answer)

    def _served(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Response:
        if not hmac.compare_digest(headers.get("xi-api-key", "").encode(), self._api_key.encode()):
            return json_response(HTTPStatus.UNAUTHORIZED, {"detail": {"status": "invalid_api_key"}})
        parts = urlsplit(target)
        query = parse_qs(parts.query, keep_blank_values=True)
        if method == "GET" and parts.path == CONVERSATIONS:
            return self._list(query)
        if method == "GET" and parts.path.startswith(f"{CONVERSATIONS}/"):
            return self._show(unquote(parts.path.removeprefix(f"{CONVERSATIONS}/")))
        if method == "GET" and parts.path == WEBHOOKS:
            with_usage = query.get("include_usages", ["false"])[-1].lower() == "true"
            return json_response(HTTPStatus.OK, {"webhooks": [self._workspace.webhook.shown(with_usage=with_usage)]})
        if method == "PATCH" and parts.path == f"{WEBHOOKS}/{self._workspace.webhook.webhook_id}":
            return self._change(body)
        return json_response(HTTPStatus.NOT_FOUND, {"detail": {"status": "not_found"}})

    def _list(self, query: dict[str, list[str]]) -> Response:
        try:
            return json_response(HTTPStatus.OK, self._workspace.page(query))
        except WrongQuestion as error:
            return json_response(HTTPStatus.UNPROCESSABLE_ENTITY, {"detail": [{"msg": str(error)}]})

    def _show(self, conversation_id: str) -> Response:
        with self._workspace.lock:
            whole = self._workspace.conversations.get(conversation_id)
        if whole is None:
            return json_response(HTTPStatus.NOT_FOUND, {"detail": {"status": "conversation_not_found"}})
        return json_response(HTTPStatus.OK, whole)

    def _change(self, body: bytes) -> Response:
        """What an administrator may change; switching it on again starts the count of failures anew."""
        members = json.loads(body or b"{}")
        with self._workspace.lock:
            webhook = self._workspace.webhook
            for name in ("is_disabled", "name", "retry_enabled"):
                if name in members:
                    setattr(webhook, name, members[name])
            if members.get("is_disabled") is False:
                webhook.is_auto_disabled, webhook.failures_running = False, 0
        return json_response(HTTPStatus.OK, {"status": "ok"})
