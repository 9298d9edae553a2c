"""Settings that more than one step reads: declared here once, so that no two steps can disagree about their bounds."""

from __future__ import annotations

from typing import Any, Final

from postcall.domain.deduplication import Deduplication
from postcall.settings import http_url, one_of, parse_int, setting, uuid_text

# How the settings begin that say how an outside system is spoken to: a deployment or a shell may bring them.
OUTSIDE_SYSTEMS: Final = ("EXTERNAL_CRM_", "CRM_", "OPENAI_", "ELEVENLABS_")


def event_ttl_days() -> Any:  # noqa: ANN401 — a dataclass field takes any type
    """EVENT_TTL_DAYS: days after which an event and all that belongs to it are deleted."""
    return setting(parse_int(1, 3650), about="days after which an event and what belongs to it are deleted")


def event_day_partitions() -> Any:  # noqa: ANN401 — a dataclass field takes any type
    """EVENT_DAY_PARTITIONS: over how many partitions of the index by day a day's events are spread."""
    about = "partitions of the index by day that a day's events are spread over: 300 calls a second each; only raise it"
    return setting(parse_int(1, 64), default=1, about=about)


def quarantine_ttl_days() -> Any:  # noqa: ANN401 — a dataclass field takes any type
    """QUARANTINE_TTL_DAYS: days for which a refused webhook is kept."""
    return setting(parse_int(1, 365), default=14, about="days for which a refused webhook is kept")


def crm_deduplication() -> Any:  # noqa: ANN401 — a dataclass field takes any type
    """CRM_DEDUPLICATION: what the CRM guarantees about a repeat."""
    return setting(
        one_of(Deduplication), default=Deduplication.NONE, about="what the CRM guarantees about a repeated lead"
    )


def crm_service_url() -> Any:  # noqa: ANN401 — a dataclass field takes any type
    """CRM_SERVICE_URL: where leads are sent."""
    return setting(http_url, about="the CRM's endpoint; https, or http on loopback")


def crm_landing_id() -> Any:  # noqa: ANN401 — a dataclass field takes any type
    """CRM_LANDING_ID: under which landing page."""
    return setting(uuid_text, about="the landing page's id in the CRM")
