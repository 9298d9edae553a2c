"""operations' settings."""

from __future__ import annotations

from dataclasses import dataclass

from postcall import shared_settings
from postcall.domain.deduplication import Deduplication
from postcall.settings import setting


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
    crm_service_url: str = shared_settings.crm_service_url()
    crm_landing_id: str = shared_settings.crm_landing_id()
    event_ttl_days: int = shared_settings.event_ttl_days()
    event_day_partitions: int = shared_settings.event_day_partitions()
    quarantine_ttl_days: int = shared_settings.quarantine_ttl_days()
    crm_deduplication: Deduplication = shared_settings.crm_deduplication()
