"""intake's settings."""

from __future__ import annotations

from dataclasses import dataclass

from postcall.settings import setting, whole


@dataclass(frozen=True)
class Settings:
    """Upper-cased, these are the function's environment variables."""

    events_table: str = setting()
    quarantine_table: str = setting()
    payload_bucket: str = setting()
    analysis_queue_url: str = setting()
    elevenlabs_webhook_secret_id: str = setting()
    operator_tokens_secret_id: str = setting()
    event_ttl_days: int = setting(whole(1, 3650))
    # ElevenLabs' last retry comes about 40 minutes after the first try, perhaps with the first try's timestamp.
    signature_tolerance_seconds: int = setting(whole(60, 86_400), default=3600)
    max_body_bytes: int = setting(whole(1_024, 6_291_456), default=6_291_456)
    # Of what is refused and signed; a tenth of it for what has no signature at all.
    quarantine_entries_per_minute: int = setting(whole(1, 10_000), default=60)
    quarantine_entries_per_day: int = setting(whole(1, 1_000_000), default=5_000)
    quarantine_bytes_per_day: int = setting(whole(65_536, 10**11), default=500_000_000)
    quarantine_ttl_days: int = setting(whole(1, 365), default=14)
