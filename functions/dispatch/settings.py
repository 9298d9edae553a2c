"""dispatch's settings: every question that the CRM's owner may still answer differently is one of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from functions.dispatch.field_map import field_map, field_map_name
from postcall import shared_settings
from postcall.domain.deduplication import Deduplication
from postcall.http.trust import ca_bundle
from postcall.settings import (
    SettingError,
    absolute_url,
    flag,
    one_of,
    parse_float,
    parse_int,
    parse_origin,
    setting,
)


class WireFormat(StrEnum):
    """The body the CRM understands."""

    LETTER = "letter"  # landingId, fields, contactFields: as agreed in the letter
    WEB_FORM = "web_form"  # formData: the stock server's SaveWebFormObjectData


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
    event_ttl_days: int = shared_settings.event_ttl_days()
    external_crm_enabled: bool = setting(flag, about="whether anything is sent to the CRM at all")
    external_crm_dry_run: bool = setting(flag, about="record what would be sent, send nothing")
    crm_service_url: str = shared_settings.crm_service_url()
    crm_landing_id: str = shared_settings.crm_landing_id()
    crm_trusted_origin: str = setting(parse_origin, about="the domain that the CRM trusts, as Origin")
    crm_referer: str | None = setting(absolute_url, default=None, about="the Referer; without it the origin and /")
    crm_wire_format: WireFormat = setting(
        one_of(WireFormat), default=WireFormat.LETTER, about="the body that the CRM understands"
    )
    crm_deduplication: Deduplication = shared_settings.crm_deduplication()
    crm_require_contact: RequiredContact = setting(
        one_of(RequiredContact), default=RequiredContact.NONE, about="without which contact a lead is not sent"
    )
    crm_field_map: str = setting(
        field_map_name, default="letter", about="which of our values go into which columns: a file of field_maps/"
    )
    crm_timeout_seconds: float = setting(parse_float(0.1, 50), default=30.0, about="seconds that one request may take")
    crm_max_body_bytes: int = setting(
        parse_int(2_000, 4_000_000), default=60_000, about="the largest body that the CRM takes"
    )
    crm_ca_bundle: Path | None = setting(
        ca_bundle, default=None, about="certificates to trust instead of the system's, as a PEM file"
    )
    # At least 0.5, so that a worker's pause stays far below its lease.
    crm_max_requests_per_second: float | None = setting(
        parse_float(0.5, 1_000),
        default=None,
        about="requests a second that the CRM allows; none means no limit of ours",
    )
    crm_breaker_failures: int = setting(
        parse_int(1, 1_000), default=5, about="failures in a row after which the CRM is left alone"
    )
    crm_breaker_recovery_seconds: int = setting(
        parse_int(1, 3_600), default=60, about="seconds for which it is left alone"
    )
    dispatch_concurrency: int = setting(parse_int(1, 1_000), default=2, about="requests to the CRM at the same time")
    dispatch_retry_base_seconds: float = setting(
        parse_float(0.1, 3_600),
        default=30.0,
        about="the longest wait before the second try; it doubles from try to try",
    )
    dispatch_retry_cap_seconds: float = setting(
        parse_float(1, 43_200), default=3_600.0, about="the longest wait between two tries"
    )
    dispatch_lease_seconds: int = setting(
        parse_int(5, 3_600), default=120, about="seconds after which a worker that has not answered counts as dead"
    )

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
