"""reconciliation's settings."""

from __future__ import annotations

from dataclasses import dataclass

from postcall.settings import setting, whole


@dataclass(frozen=True)
class Settings:
    """Upper-cased, these are the function's environment variables."""

    events_table: str = setting()
    payload_bucket: str = setting()
    analysis_queue_url: str = setting()
    dispatch_queue_url: str = setting()
    stuck_after_seconds: int = setting(whole(10, 86_400), default=900)
    # An event that waits for the CRM stands still on purpose, for up to the retries' cap and the CRM's own Retry-After.
    retrying_after_seconds: int = setting(whole(10, 172_800), default=9_000)
    max_sweeps: int = setting(whole(1, 100), default=5)
