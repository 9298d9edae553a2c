"""ElevenLabs as reconciliation sees it, in memory: a list in pages, the details, and times when it is away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from functions.reconciliation.usecases import Conversation, Progress
from postcall.domain.errors import Unavailable
from tests.support.fakes.clock import START


class MemoryConversations:
    """Holds conversations; those in `broken` cannot be fetched, those in `gone` are listed and nothing more."""

    def __init__(self, page: int = 2) -> None:
        self.all: list[Conversation] = []
        self.broken: set[str] = set()
        self.gone: set[str] = set()
        self.away_after_pages: int | None = None
        self.fetched: list[str] = []
        self._page = page

    def add(
        self,
        conversation_id: str,
        *,
        ended: timedelta = timedelta(hours=-1),
        progress: Progress = Progress.FINISHED,
        at: datetime = START,
    ) -> None:
        """A conversation of five minutes that ended so long before (or after) `at`."""
        end = at + ended
        self.all.append(Conversation(conversation_id, progress, end - timedelta(minutes=5), end, "agent_invented"))

    def finish(self, conversation_id: str) -> None:
        self.all = [
            replace(each, progress=Progress.FINISHED) if each.conversation_id == conversation_id else each
            for each in self.all
        ]

    def started_between(self, since: datetime, until: datetime) -> Iterator[list[Conversation]]:
        found = [each for each in self.all if since <= each.started_at < until]
        found.sort(key=lambda each: each.started_at, reverse=True)
        for number, start in enumerate(range(0, len(found), self._page)):
            if number == self.away_after_pages:
                raise Unavailable("ElevenLabs is away.")
            yield found[start : start + self._page]

    def envelope(self, conversation_id: str) -> dict[str, Any] | None:
        self.fetched.append(conversation_id)
        if conversation_id in self.broken:
            raise Unavailable("ElevenLabs is not available (HTTP 500).")
        if conversation_id in self.gone:
            return None
        return {"type": "post_call_transcription", "data": {"conversation_id": conversation_id}}
