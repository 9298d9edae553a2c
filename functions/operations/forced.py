"""What a forced resend may spoil, by the terms under which each earlier attempt was sent and by today's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from postcall.domain.deduplication import Deduplication
from postcall.domain.outcome import Attempt, AttemptStatus, Outcome
from postcall.domain.said import said

OVERWRITES = said("resend.overwrites")
REFUSED_THERE = said("resend.refused_there")
DOUBLES = said("resend.doubles")
CHANGED = said("resend.changed")


@dataclass(frozen=True)
class Guarantee:
    """What the settings say today of a repeat, and where leads go."""

    deduplication: Deduplication
    landing_id: str
    address: str

    def covers(self, attempt: Attempt) -> bool:
        """Whether the CRM knows what this attempt made, or may have made, again."""
        terms = attempt.terms
        return terms is not None and terms.hold_at(
            deduplication=self.deduplication, landing_id=self.landing_id, address=self.address
        )


def warning_of(attempts: Sequence[Attempt], today: Guarantee) -> str:
    """The sentence for the person who forces a resend of what is, or may be, in the CRM."""
    if not today.deduplication.repeats_are_safe:
        return DOUBLES
    if not all(today.covers(attempt) for attempt in attempts if _may_be_there(attempt)):
        return CHANGED
    return OVERWRITES if today.deduplication is Deduplication.LEAD_ID else REFUSED_THERE


def _may_be_there(attempt: Attempt) -> bool:
    there = {AttemptStatus.SUCCESS, AttemptStatus.UNKNOWN, AttemptStatus.SENDING}
    return attempt.status in there or attempt.outcome is Outcome.PARTIAL
