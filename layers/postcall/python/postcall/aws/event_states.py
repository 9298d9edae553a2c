"""Where many events stand, by their ids: a hundred a request, a few attributes each."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from postcall.aws.event_table import STALLED
from postcall.aws.items import from_item
from postcall.domain.errors import Unavailable
from postcall.domain.event import Source
from postcall.domain.said import read_said, said
from postcall.domain.status import Status

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

AT_ONCE = 100
TRIES = 8
_ATTRIBUTES = "event_id, #source, #status, status_reason, delivered_at, pending, event_timestamp"


@dataclass(frozen=True)
class EventState:
    """What a ledger needs to know of an event. `event_timestamp` is in Unix seconds, as the sender said."""

    event_id: str
    status: Status
    status_reason: str | None = None
    delivered: bool = False  # at some time, whatever happened since
    stuck: bool = False
    event_timestamp: int | None = None


class EventStates:
    """Reads `webhook_events` in batches, and not the newest write of a moment ago: intake's own write decides."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def states(self, event_ids: Collection[str]) -> dict[str, EventState]:
        """The signed and fetched events that there are, by id; others know no conversation. Raises `Unavailable`."""
        wanted = list(dict.fromkeys(event_ids))
        found: dict[str, EventState] = {}
        for start in range(0, len(wanted), AT_ONCE):
            for item in self._batch(wanted[start : start + AT_ONCE]):
                plain = from_item(item)
                if Source(plain["source"]).vouches_for_the_conversation:
                    state = _read(plain)
                    found[state.event_id] = state
        return found

    def _batch(self, event_ids: list[str]) -> Iterator[dict[str, Any]]:
        request: Any = {
            self._table: {
                "Keys": [{"event_id": {"S": event_id}} for event_id in event_ids],
                "ProjectionExpression": _ATTRIBUTES,
                "ExpressionAttributeNames": {"#status": "status", "#source": "source"},
            }
        }
        for _ in range(TRIES):
            try:
                answer = self._client.batch_get_item(RequestItems=request)
            except (ClientError, BotoCoreError) as error:
                raise Unavailable(said("store.events_unread")) from error
            yield from answer["Responses"].get(self._table, [])
            request = answer.get("UnprocessedKeys")
            if not request:
                return
        raise Unavailable(said("store.busy"))


def _read(item: dict[str, Any]) -> EventState:
    return EventState(
        event_id=item["event_id"],
        status=Status(item["status"]),
        status_reason=read_said(item.get("status_reason")),
        delivered="delivered_at" in item,
        stuck=item.get("pending") == STALLED,
        event_timestamp=item.get("event_timestamp"),
    )
