"""What the CRM guarantees about a lead that is sent twice."""

from __future__ import annotations

from enum import StrEnum


class Deduplication(StrEnum):
    """The CRM owner's answer to the question of uniqueness."""

    NONE = "none"
    LEAD_ID = "lead_id"  # our Id is the lead's key: a repeat updates
    EVENT_ID = "event_id"  # UsrEventId is unique: a repeat is refused or a no-op

    @property
    def repeats_are_safe(self) -> bool:
        """Whether sending again can make no second lead."""
        return self is not Deduplication.NONE
