"""What the simulated workspace holds: conversations, the webhook, and what was asked of the API."""

from __future__ import annotations

import base64
import binascii
import threading
from dataclasses import dataclass, field
from typing import Any

from tools.simulators.elevenlabs.conversations import JsonObject, row

LARGEST_PAGE = 100
USUAL_PAGE = 30


class WrongQuestion(ValueError):
    """A parameter that the API does not take; one sentence."""


@dataclass
class Webhook:
    """The workspace's webhook. `secret` signs; the times are Unix seconds."""

    url: str = ""
    secret: str = ""
    webhook_id: str = "webhook_invented"
    name: str = "Postcall"
    is_disabled: bool = False
    is_auto_disabled: bool = False
    transcript_format: str = "json"  # or "opentelemetry": every transcript comes as spans
    transcript_content: bool = True  # False: spans without what was said
    retry_enabled: bool | None = False  # off by default; None leaves it out of the list, as older accounts do
    created_at_unix: int = 1_790_000_000
    most_recent_failure_error_code: int | None = None
    most_recent_failure_timestamp: int | None = None
    failures_running: int = 0
    last_success: float | None = None

    def shown(self, *, with_usage: bool) -> JsonObject:
        """As the API lists it."""
        members: JsonObject = {
            "name": self.name,
            "webhook_id": self.webhook_id,
            "webhook_url": self.url,
            "is_disabled": self.is_disabled,
            "is_auto_disabled": self.is_auto_disabled,
            "created_at_unix": self.created_at_unix,
            "auth_type": "hmac",
            "most_recent_failure_error_code": self.most_recent_failure_error_code,
            "most_recent_failure_timestamp": self.most_recent_failure_timestamp,
        }
        if self.retry_enabled is not None:
            members["retry_enabled"] = self.retry_enabled
        return members | ({"usage": [{"usage_type": "ConvAI Settings"}], "events": []} if with_usage else {})


@dataclass
class Workspace:
    """All of it; several threads ask."""

    webhook: Webhook = field(default_factory=Webhook)
    conversations: dict[str, JsonObject] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def page(self, query: dict[str, list[str]]) -> JsonObject:
        """A page of the list: filtered, by start, the newest first unless asked otherwise.

        Raises:
            WrongQuestion: A parameter that the API does not take; one sentence.
        """
        size = _number(query, "page_size", USUAL_PAGE)
        if not 1 <= size <= LARGEST_PAGE:
            raise WrongQuestion(f"page_size must be 1 to {LARGEST_PAGE}")
        rows = self._rows(query)
        after = _offset(query)
        if after is not None:
            ids = [each["conversation_id"] for each in rows]
            rows = rows[ids.index(after) + 1 :] if after in ids else []
        page = rows[:size]
        more = len(rows) > size
        cursor = base64.urlsafe_b64encode(page[-1]["conversation_id"].encode()).decode() if more else None
        return {"conversations": page, "next_cursor": cursor, "has_more": more}

    def _rows(self, query: dict[str, list[str]]) -> list[JsonObject]:
        after, before = _number(query, "call_start_after_unix", 0), _number(query, "call_start_before_unix", 2**62)
        agents, left_out = query.get("agent_id"), _listed(query, "exclude_statuses")
        with self.lock:
            rows = [row(whole) for whole in self.conversations.values()]
        rows = [
            each
            for each in rows
            if after <= each["start_time_unix_secs"] <= before
            and (agents is None or each["agent_id"] in agents)
            and each["status"] not in left_out
        ]
        newest_first = query.get("sort_direction", ["desc"])[-1] != "asc"
        return sorted(
            rows, key=lambda each: (each["start_time_unix_secs"], each["conversation_id"]), reverse=newest_first
        )


def _number(query: dict[str, list[str]], name: str, otherwise: int) -> int:
    if name not in query:
        return otherwise
    try:
        return int(query[name][-1])
    except ValueError:
        raise WrongQuestion(f"{name} must be a whole number") from None


def _listed(query: dict[str, list[str]], name: str) -> set[str]:
    return {text for value in query.get(name, []) for text in value.split(",")}


def _offset(query: dict[str, list[str]]) -> str | None:
    """The last conversation of the page before."""
    cursor: Any = query.get("cursor", [None])[-1]
    if not cursor:
        return None
    try:
        return base64.urlsafe_b64decode(cursor).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise WrongQuestion("cursor is none of this list") from None
