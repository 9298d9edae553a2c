"""intake's settings."""

from __future__ import annotations

from dataclasses import dataclass

from functions.intake.senders import Networks, parse_networks
from postcall import shared_settings
from postcall.settings import parse_int, setting


@dataclass(frozen=True)
class Settings:
    """Upper-cased, these are the function's environment variables."""

    events_table: str = setting()
    quarantine_table: str = setting()
    payload_bucket: str = setting()
    analysis_queue_url: str = setting()
    elevenlabs_webhook_secret_id: str = setting()
    operator_tokens_secret_id: str = setting()
    search_key_secret_id: str = setting()
    event_ttl_days: int = shared_settings.event_ttl_days()
    event_day_partitions: int = shared_settings.event_day_partitions()
    # ElevenLabs' last retry comes about 40 minutes after the first try, perhaps with the first try's timestamp.
    intake_signature_tolerance_seconds: int = setting(
        parse_int(60, 86_400), default=3600, about="the age that a webhook's signature may have"
    )
    intake_max_body_bytes: int = setting(
        parse_int(1_024, 6_291_456), default=6_291_456, about="the largest body that is taken"
    )
    intake_vendor_addresses: Networks = setting(
        parse_networks,
        default=(),
        about="the addresses that ElevenLabs sends from, with commas; none means all that it publishes. They open "
        "nothing: what is refused of them has a share of the quarantine and an alarm of its own",
    )
    quarantine_entries_per_minute: int = setting(
        parse_int(1, 10_000),
        default=60,
        about="refused webhooks of each kind kept in a minute; of what a stranger can forge a sixtieth in all",
    )
    quarantine_entries_per_day: int = setting(
        parse_int(1, 1_000_000),
        default=5_000,
        about="the same in a day; of what a stranger can forge a twentieth in all",
    )
    quarantine_bytes_per_day: int = setting(
        parse_int(65_536, 10**11),
        default=500_000_000,
        about="bytes of refused webhooks kept in a day; of what a stranger can forge a twentieth in all",
    )
    quarantine_ttl_days: int = shared_settings.quarantine_ttl_days()
