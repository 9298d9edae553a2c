"""The terms under which an attempt was sent, and whether they still vouch for a repeat.

A guarantee of the CRM's holds for the attempt that was sent under it, on that landing, at that address, by that key of
the lead. What is set today says nothing about an attempt of yesterday.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from postcall.domain.deduplication import Deduplication


@dataclass(frozen=True)
class SendingTerms:
    """On the record with every attempt. `key` is what in the body the guarantee holds on to; None where there is none.

    `field_map` is the map's name with a hash of its rows.
    """

    deduplication: Deduplication
    wire_format: str
    landing_id: str
    address: str
    field_map: str
    key: str | None = None

    @property
    def guarantee_a_repeat(self) -> bool:
        """Whether sending the same once more makes no second lead."""
        return self.deduplication.repeats_are_safe and self.key is not None

    def vouch_for(self, today: SendingTerms) -> bool:
        """Whether a repeat under today's terms makes no second lead of what was sent under these."""
        return self.guarantee_a_repeat and self._place == today._place and self.key == today.key

    def hold_at(self, *, deduplication: Deduplication, landing_id: str, address: str) -> bool:
        """Whether their guarantee is the one that is in force now, as far as it does not depend on the lead."""
        now = (deduplication, landing_id, address)
        return self.guarantee_a_repeat and (self.deduplication, self.landing_id, self.address) == now

    @property
    def _place(self) -> tuple[str, ...]:
        return self.deduplication, self.wire_format, self.landing_id, self.address


class Sent(Protocol):
    """An attempt, as far as its repetition is concerned."""

    @property
    def terms(self) -> SendingTerms | None:
        """The terms under which it was sent; None on a record older than they."""


def repeats_are_safe(perhaps_saved: Sequence[Sent], today: SendingTerms) -> bool:
    """Whether today's terms make no second lead of any attempt that may have made one."""
    return all(attempt.terms is not None and attempt.terms.vouch_for(today) for attempt in perhaps_saved)
