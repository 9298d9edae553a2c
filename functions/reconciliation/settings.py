"""reconciliation's settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from postcall.settings import absolute_url, http_url, setting, whole


def _names(text: str) -> tuple[str, ...]:
    """Names with commas between them."""
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def moment(text: str) -> datetime:
    """A moment such as 2026-01-31T00:00:00Z; without a zone it is UTC. Raises `ValueError`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text[:40]}' is not a moment such as 2026-01-31T00:00:00Z.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Settings:
    """Upper-cased, these are the function's environment variables."""

    events_table: str = setting()
    ledgers_table: str = setting()
    analysis_queue_url: str = setting()
    dispatch_queue_url: str = setting()
    intake_function: str = setting()
    elevenlabs_api_secret_id: str = setting()
    event_ttl_days: int = setting(whole(1, 3650))
    stuck_after_seconds: int = setting(whole(10, 86_400), default=900)
    # An event that waits for the CRM stands still on purpose, for up to the retries' cap and the CRM's own Retry-After.
    retrying_after_seconds: int = setting(whole(10, 172_800), default=9_000)
    max_sweeps: int = setting(whole(1, 100), default=5)
    elevenlabs_api_url: str = setting(http_url, default="https://api.elevenlabs.io")
    # Empty means all agents of the key's workspace: right only where no other system of ours shares the workspace.
    elevenlabs_agent_ids: tuple[str, ...] = setting(_names, default=())
    # Calls that began before this moment are none of ours: somebody else took care of them.
    elevenlabs_calls_since: datetime | None = setting(moment, default=None)
    # The webhook's address at ElevenLabs; empty means every webhook that ends in our path.
    elevenlabs_webhook_url: str | None = setting(absolute_url, default=None)
    webhook_patience_seconds: int = setting(whole(0, 86_400), default=600)
    reconcile_lookback_hours: int = setting(whole(1, 720), default=48)
