"""Where many events stand, by their ids: a hundred a request, a few attributes each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from postcall.aws.batch_read import read_many
from postcall.aws.event_item import STALLED
from postcall.domain.event import Source
from postcall.domain.said import read_said
from postcall.domain.status import Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_ATTRIBUTES = "event_id, #source, #status, status_reason, delivered_at, pending, event_timestamp"


@dataclass(frozen=True)
class EventState:
    """What a ledger needs to know of an event. `event_timestamp` is in Unix seconds, as the sender said."""

    event_id: str
    status: Status
    status_reason: str | None = None
    delivered: bool = False  # at some time, whatever happened since
    stalled: bool = False
    event_timestamp: int | None = None


class EventStates:
    """Reads `webhook_events` in batches, and not the newest write of a moment ago: intake's own write decides."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def states(self, event_ids: Collection[str]) -> dict[str, EventState]:
        """The signed and fetched events that there are, by id; others know no conversation.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        wanted = list(dict.fromkeys(event_ids))
        found: dict[str, EventState] = {}
        for item in read_many(self._client, self._table, wanted, attributes=_ATTRIBUTES):
            if Source(item["source"]).vouches_for_the_conversation:
                state = _read(item)
                found[state.event_id] = state
        return found


def _read(item: dict[str, Any]) -> EventState:
    return EventState(
        event_id=item["event_id"],
        status=Status(item["status"]),
        status_reason=read_said(item.get("status_reason")),
        delivered="delivered_at" in item,
        stalled=item.get("pending") == STALLED,
        event_timestamp=item.get("event_timestamp"),
    )
