"""Settings that more than one step reads: declared here once, so that no two steps can disagree about their bounds."""

from __future__ import annotations

from typing import Any

from postcall.domain.deduplication import Deduplication
from postcall.settings import one_of, setting, whole


def event_ttl_days() -> Any:  # noqa: ANN401 — a dataclass field takes any type
    """EVENT_TTL_DAYS: days after which an event and all that belongs to it are deleted."""
    return setting(whole(1, 3650), about="days after which an event and what belongs to it are deleted")


def quarantine_ttl_days() -> Any:  # noqa: ANN401 — a dataclass field takes any type
    """QUARANTINE_TTL_DAYS: days for which a refused webhook is kept."""
    return setting(whole(1, 365), default=14, about="days for which a refused webhook is kept")


def crm_deduplication() -> Any:  # noqa: ANN401 — a dataclass field takes any type
    """CRM_DEDUPLICATION: what the CRM guarantees about a repeat."""
    return setting(
        one_of(Deduplication), default=Deduplication.NONE, about="what the CRM guarantees about a repeated lead"
    )
