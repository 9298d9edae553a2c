"""The calls that we received from ElevenLabs, from the list by day: what the ledger holds against its list."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from postcall.aws.event_filters import Filters
from postcall.domain.event import CallEvent

if TYPE_CHECKING:
    from postcall.aws.event_lists import EventLists

PAGE = 500
TRANSCRIPTIONS = ("post_call_transcription", "post_call_transcription_otel")


class ReceivedCalls:
    """Only agents that are ours count, if any are named."""

    def __init__(self, lists: EventLists, *, agent_ids: Collection[str] = ()) -> None:
        self._lists = lists
        self._agent_ids = frozenset(agent_ids)

    def conversations_between(self, begin: datetime, end: datetime) -> Iterator[str]:
        """The conversations whose calls we received from `begin` until before `end`.

        Raises:
            Unavailable: DynamoDB does not answer now.
        """
        cursor: str | None = None
        while True:
            page = self._lists.by_day(now=end, limit=PAGE, cursor=cursor, filters=Filters(since=begin, until=end))
            for event in page.events:
                if event.conversation_id is not None and self._counts(event):
                    yield event.conversation_id
            cursor = page.cursor
            if cursor is None:
                return

    def _counts(self, event: CallEvent) -> bool:
        if not event.source.vouches_for_the_conversation or event.type not in TRANSCRIPTIONS:
            return False
        return not self._agent_ids or event.agent_id in self._agent_ids
