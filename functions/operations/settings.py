"""operations' settings."""

from __future__ import annotations

from dataclasses import dataclass

from postcall.settings import setting, whole


@dataclass(frozen=True)
class Settings:
    """Upper-cased, these are the function's environment variables."""

    events_table: str = setting()
    analyses_table: str = setting()
    dispatches_table: str = setting()
    payload_bucket: str = setting()
    analysis_queue_url: str = setting()
    dispatch_queue_url: str = setting()
    operator_tokens_secret_id: str = setting()
    event_ttl_days: int = setting(whole(1, 3650))
    # What the CRM guarantees about a repeat (none, lead_id, event_id): a forced resend warns accordingly.
    crm_deduplication: str = setting(default="none")
