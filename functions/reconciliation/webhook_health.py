"""What ElevenLabs tells of the webhooks that lead to us: switched on, retried, and when they failed last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from postcall.domain.clock import write_time
from postcall.domain.json_object import JsonObject

PATH = "/webhooks/elevenlabs"
RECENTLY = timedelta(hours=1)


@dataclass(frozen=True)
class WebhookHealth:
    """The health of all webhooks that lead to us. `missing` is when there is none: then no call will ever come."""

    webhooks: tuple[JsonObject, ...]
    missing: bool
    disabled: bool
    retries_off: bool  # False also when ElevenLabs does not tell
    failing: bool

    def report(self) -> JsonObject:
        """As JSON members, for the operator."""
        return {
            "missing": self.missing,
            "disabled": self.disabled,
            "retries_off": self.retries_off,
            "failing": self.failing,
            "webhooks": list(self.webhooks),
        }


def webhook_health(rows: list[JsonObject], *, url: str | None, now: datetime) -> WebhookHealth:
    """Read the workspace's list. `url` is our own address; without it every webhook with our path counts as ours."""
    ours = [row for row in rows if _is_ours(str(row.get("webhook_url")), url)]
    return WebhookHealth(
        webhooks=tuple(_shown(row) for row in ours),
        missing=not ours,
        disabled=any(row.get("is_disabled") is True or row.get("is_auto_disabled") is True for row in ours),
        retries_off=any(row.get("retry_enabled") is False for row in ours),
        failing=any(_failed_since(row, now - RECENTLY) for row in ours),
    )


def _is_ours(address: str, url: str | None) -> bool:
    if url is not None:
        return address.rstrip("/") == url.rstrip("/")
    try:
        return urlsplit(address).path.rstrip("/").endswith(PATH)
    except ValueError:
        return False


def _shown(row: JsonObject) -> JsonObject:
    failed_at = _time(row.get("most_recent_failure_timestamp"))
    return {
        "webhook_id": row.get("webhook_id"),
        "name": row.get("name"),
        "is_disabled": row.get("is_disabled"),
        "is_auto_disabled": row.get("is_auto_disabled"),
        "retry_enabled": row.get("retry_enabled"),
        "last_failure_code": row.get("most_recent_failure_error_code"),
        "last_failure_at": None if failed_at is None else write_time(failed_at),
    }


def _failed_since(row: JsonObject, moment: datetime) -> bool:
    failed_at = _time(row.get("most_recent_failure_timestamp"))
    return failed_at is not None and failed_at >= moment


def _time(value: Any) -> datetime | None:  # noqa: ANN401 — unchecked JSON
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < 10**10:
        return None
    return datetime.fromtimestamp(value, UTC)
