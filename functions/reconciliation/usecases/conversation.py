"""A conversation as ElevenLabs lists it, in our words, and the port through which they are listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

Envelope = dict[str, Any]


class Progress(StrEnum):
    """How far a conversation is at ElevenLabs."""

    UNDER_WAY = "under way"
    PROCESSING = "processing"  # the call is over, its analysis is not
    FINISHED = "finished"  # whether it went well or not: a call cut off by an error holds a lead as well


@dataclass(frozen=True)
class Conversation:
    """One row of the list."""

    conversation_id: str
    progress: Progress
    started_at: datetime
    ended_at: datetime
    agent_id: str | None = None

    def is_due(self, now: datetime, grace_period: timedelta) -> bool:
        """Whether its webhook should have come by now."""
        return self.progress is Progress.FINISHED and self.ended_at + grace_period <= now


class Conversations(Protocol):
    """What reconciliation asks of ElevenLabs. Raises `Unavailable`, or `Rejected` when it refuses our key."""

    def started_between(self, since: datetime, until: datetime) -> Iterator[list[Conversation]]:
        """All conversations that started at or after `since` and before `until`, page by page."""

    def envelope(self, conversation_id: str) -> Envelope | None:
        """The webhook as ElevenLabs would have delivered it, or None when the conversation is gone."""
