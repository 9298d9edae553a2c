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
    circuits_table: str = setting()
    quarantine_table: str = setting()
    ledgers_table: str = setting()
    payload_bucket: str = setting()
    analysis_queue_url: str = setting()
    analysis_dead_letters_url: str = setting()
    dispatch_queue_url: str = setting()
    dispatch_dead_letters_url: str = setting()
    intake_function: str = setting()
    reconciliation_function: str = setting()
    operator_tokens_secret_id: str = setting()
    search_key_secret_id: str = setting()
    event_ttl_days: int = setting(whole(1, 3650))
    quarantine_ttl_days: int = setting(whole(1, 3650), default=30)
    # What the CRM guarantees about a repeat (none, lead_id, event_id): a forced resend warns accordingly.
    crm_deduplication: str = setting(default="none")
