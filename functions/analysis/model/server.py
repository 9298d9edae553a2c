"""A model's server over HTTP: this API is one POST of JSON, sent by the one client of every outside system.

The vendor's package costs a start as much as all the rest of the step; it serves the tests, which hold what is sent and
what is read of a refusal to what the package sends and reads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from functions.analysis.model.failures import refused, unanswered
from functions.analysis.model.reply import LARGEST_REPLY
from postcall.http.client import HttpClient
from postcall.http.message import Failure, Request, Response

OPENAI_URL = "https://api.openai.com/v1"


@dataclass(frozen=True)
class ModelServer:
    """Serves whoever holds the key. `base_url` is OpenAI's own when there is none."""

    api_key: str
    base_url: str | None = None
    client: HttpClient = field(default_factory=lambda: HttpClient(LARGEST_REPLY))

    def complete(self, parameters: Mapping[str, Any], *, seconds: float, request_id: str) -> Response:
        """The answer to one request for a chat completion, within so many seconds.

        Raises:
            Exception: What `failures` makes of anything else.
        """
        return self._answered("POST", "/chat/completions", parameters, seconds, {"X-Client-Request-Id": request_id})

    def models(self, *, seconds: float) -> Response:
        """The list of its models. Raises as `complete` does."""
        return self._answered("GET", "/models", None, seconds, {})

    def _answered(
        self, method: str, path: str, members: Mapping[str, Any] | None, seconds: float, headers: dict[str, str]
    ) -> Response:
        headers |= {"Authorization": f"Bearer {self.api_key}", "Accept": "application/json", "User-Agent": "postcall"}
        body = b""
        if members is not None:
            headers["Content-Type"] = "application/json"
            text = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
            body = text.encode(
                "utf-8", "replace"
            )  # half a character, as a cut may leave it, is no reason to ask nothing
        url = (self.base_url or OPENAI_URL).rstrip("/") + path
        found = self.client.exchange(Request(method, url, headers, body), seconds=seconds)
        if isinstance(found, Failure):
            raise unanswered(found)
        if not HTTPStatus.OK <= found.status < HTTPStatus.MULTIPLE_CHOICES:
            raise refused(found)
        if not found.whole:
            raise unanswered()
        return found
