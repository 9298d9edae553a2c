"""dispatch's settings: every question that the CRM's owner may still answer differently is one of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from functions.dispatch.field_map import field_map, field_map_name
from postcall.settings import (
    SettingError,
    absolute_url,
    decimal,
    existing_file,
    flag,
    http_url,
    one_of,
    origin,
    setting,
    uuid_text,
    whole,
)


class WireFormat(StrEnum):
    """The body the CRM understands."""

    LETTER = "letter"  # landingId, fields, contactFields: as agreed in the letter
    WEB_FORM = "web_form"  # formData: the stock server's SaveWebFormObjectData


class Deduplication(StrEnum):
    """What the CRM guarantees about a repeat."""

    NONE = "none"
    LEAD_ID = "lead_id"  # our Id is the lead's key: a repeat updates
    EVENT_ID = "event_id"  # UsrEventId is unique: a repeat is refused or a no-op

    @property
    def repeats_are_safe(self) -> bool:
        """Whether sending again can make no second lead."""
        return self is not Deduplication.NONE


class RequiredContact(StrEnum):
    """Without which contact a lead is not sent."""

    NONE = "none"
    ANY = "any"
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True)
class Settings:
    """Upper-cased, these are the function's environment variables."""

    events_table: str = setting()
    analyses_table: str = setting()
    dispatches_table: str = setting()
    circuits_table: str = setting()
    dispatch_queue_url: str = setting()
    dispatch_dead_letters_url: str = setting()
    event_ttl_days: int = setting(whole(1, 3650))
    external_crm_enabled: bool = setting(flag)
    external_crm_dry_run: bool = setting(flag)
    crm_service_url: str = setting(http_url)
    crm_landing_id: str = setting(uuid_text)
    crm_trusted_origin: str = setting(origin)
    crm_referer: str | None = setting(absolute_url, default=None)
    crm_wire_format: WireFormat = setting(one_of(WireFormat), default=WireFormat.LETTER)
    crm_deduplication: Deduplication = setting(one_of(Deduplication), default=Deduplication.NONE)
    crm_require_contact: RequiredContact = setting(one_of(RequiredContact), default=RequiredContact.NONE)
    crm_field_map: str = setting(field_map_name, default="local")
    crm_timeout_seconds: float = setting(decimal(0.1, 50), default=30.0)
    crm_max_body_bytes: int = setting(whole(2_000, 4_000_000), default=60_000)
    crm_ca_bundle: Path | None = setting(existing_file, default=None)
    # At least 0.5, so that a worker's pause stays far below its lease.
    crm_max_requests_per_second: float | None = setting(decimal(0.5, 1_000), default=None)
    dispatch_concurrency: int = setting(whole(1, 1_000), default=2)
    crm_breaker_failures: int = setting(whole(1, 1_000), default=5)
    crm_breaker_recovery_seconds: int = setting(whole(1, 3_600), default=60)
    dispatch_retry_base_seconds: float = setting(decimal(0.1, 3_600), default=30.0)
    dispatch_retry_cap_seconds: float = setting(decimal(1, 43_200), default=3_600.0)
    dispatch_lease_seconds: int = setting(whole(5, 3_600), default=120)

    def __post_init__(self) -> None:
        """What the settings owe each other. Raises `SettingError`."""
        if self.crm_deduplication is Deduplication.LEAD_ID and self.crm_wire_format is WireFormat.LETTER:
            raise SettingError("CRM_DEDUPLICATION: lead_id needs CRM_WIRE_FORMAT=web_form, the letter carries no Id.")
        if self.crm_deduplication is Deduplication.EVENT_ID and not self._sends_the_event_id():
            raise SettingError('CRM_DEDUPLICATION: event_id needs a row with source = "event_id" in CRM_FIELD_MAP.')
        rate = self.crm_max_requests_per_second
        pause = 0.0 if rate is None else self.dispatch_concurrency / rate
        if pause + self.crm_timeout_seconds >= self.dispatch_lease_seconds:
            raise SettingError(
                f"CRM_MAX_REQUESTS_PER_SECOND: a worker's pause of {pause:g} s and CRM_TIMEOUT_SECONDS must stay below "
                f"DISPATCH_LEASE_SECONDS ({self.dispatch_lease_seconds}).",
            )

    def _sends_the_event_id(self) -> bool:
        return any(row.source == "event_id" for row in field_map(self.crm_field_map))

    @property
    def referer(self) -> str:
        """What the CRM's trust check reads."""
        return self.crm_referer or f"{self.crm_trusted_origin}/"
