"""Which events a list is of, in DynamoDB's words and for an event that is read whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from postcall.aws.items import Item
from postcall.domain.event import CallEvent
from postcall.domain.said import code_of
from postcall.domain.zone import bounds

DELIVERED = "attribute_exists(delivered_at) AND attribute_not_exists(listed_as)"
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Filters:
    """Which events a list is of. `since` belongs to it, `until` does not. With any of the rest a page may be short."""

    agent_id: str | None = None
    topic: str | None = None
    quality: int | None = None  # at least
    cause: str | None = None  # the code of the status's reason
    since: datetime = FIRST
    until: datetime = LAST
    delivered: bool = False  # and at rest

    def expression(self) -> tuple[str, Item]:
        """The filter in DynamoDB's words, with its values."""
        parts = {
            "agent_id = :agent": (":agent", self.agent_id),
            "topic = :topic": (":topic", self.topic),
            "quality_score >= :quality": (":quality", self.quality),
            "status_reason.code = :cause": (":cause", self.cause),
        }
        asked = {text: pair for text, pair in parts.items() if pair[1] is not None}
        return " AND ".join([*asked, *([DELIVERED] if self.delivered else [])]), dict(asked.values())

    def hold_for(self, event: CallEvent) -> bool:
        """The same of an event that is read whole."""
        quality = event.quality_score or 0
        return (
            (self.agent_id is None or event.agent_id == self.agent_id)
            and (self.topic is None or event.topic == self.topic)
            and (self.quality is None or quality >= self.quality)
            and (self.cause is None or self.cause == code_of(event.status_reason))
            and self.since <= event.received_at < self.until
        )


def of_day(day: date, zone: tzinfo) -> Filters:
    """Everything of one day of a zone."""
    begin, end = bounds(day, zone)
    return Filters(since=begin, until=end)
