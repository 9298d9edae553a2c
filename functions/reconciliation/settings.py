"""reconciliation's settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from postcall import shared_settings
from postcall.settings import absolute_url, http_url, parse_int, setting


def _names(text: str) -> tuple[str, ...]:
    """Names with commas between them."""
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def parse_datetime(text: str) -> datetime:
    """A moment such as 2026-01-31T00:00:00Z; without a zone it is UTC.

    Raises:
        ValueError: It is no ISO 8601 moment.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text[:40]}' is not a moment such as 2026-01-31T00:00:00Z.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Settings:
    """Upper-cased, these are the function's environment variables."""

    events_table: str = setting()
    analyses_table: str = setting()
    dispatches_table: str = setting()
    payload_bucket: str = setting()
    ledgers_table: str = setting()
    analysis_queue_url: str = setting()
    dispatch_queue_url: str = setting()
    intake_function: str = setting()
    elevenlabs_api_secret_id: str = setting()
    event_ttl_days: int = shared_settings.event_ttl_days()
    event_day_partitions: int = shared_settings.event_day_partitions()
    reconciliation_stalled_after_seconds: int = setting(
        parse_int(10, 86_400), default=900, about="seconds after which an event that stands still is sent again"
    )
    # An event that waits for the CRM stands still on purpose, for up to the retries' cap and the CRM's own Retry-After.
    reconciliation_retrying_after_seconds: int = setting(
        parse_int(10, 172_800), default=9_000, about="the same for an event that waits for the CRM"
    )
    reconciliation_max_sweeps: int = setting(
        parse_int(1, 100), default=5, about="how often an event is sent again before a person is told"
    )
    reconciliation_webhook_grace_seconds: int = setting(
        parse_int(0, 86_400), default=600, about="seconds that a call's webhook may take before the call is fetched"
    )
    reconciliation_lookback_hours: int = setting(
        parse_int(1, 720), default=48, about="hours for which ElevenLabs is asked for calls that never came"
    )
    elevenlabs_api_url: str = setting(
        http_url, default="https://api.elevenlabs.io", about="where ElevenLabs is asked for calls that never came"
    )
    elevenlabs_agent_ids: tuple[str, ...] = setting(
        _names,
        default=(),
        about="our agents, with commas; none means all of the key's workspace: right only where nobody shares it",
    )
    elevenlabs_calls_since: datetime | None = setting(
        parse_datetime, default=None, about="calls that began before this moment are somebody else's"
    )
    elevenlabs_webhook_url: str | None = setting(
        absolute_url, default=None, about="the webhook's address there; none means every webhook that ends in our path"
    )
